import { entry } from '#kit/entry.js';
import type { Decision } from '../blocks/decision.js';
import { slug } from '../blocks/names.js';
import type { Section } from '../markdown/document.js';
import { phrase } from '../words/phrase.js';
import { type Group, groupOf } from './way-groups.js';

/**
 * Sections right beside each other of which one takes back the other, "Scaling up" and "Scaling down", with what else is done to the
 * same thing behind them ("Restart"): tasks for two days. Numbers tell an order.
 */
export function oppositeGroups(running: readonly Decision[]): Group[] {
  const children = new Map<Section, Map<Section, Decision[]>>();
  for (const decision of running) {
    for (let at: Section | undefined = decision.block.section; at?.parent !== undefined; at = at.parent) {
      const beside = entry(children, at.parent, () => new Map<Section, Decision[]>());
      entry(beside, at, () => []).push(decision);
    }
  }
  return [...children.values()].flatMap((beside) => groupsOf([...beside]));
}

type Task = readonly [Section, readonly Decision[]];

function groupsOf(tasks: readonly Task[]): Group[] {
  const groups: Group[] = [];
  for (let at = 0; at + 1 < tasks.length; at += 1) {
    const [one, other] = [tasks[at], tasks[at + 1]];
    if (one === undefined || other === undefined || !isBeside(one, other)) continue;
    const thing = NUMBERED.test(one[0].heading) ? undefined : thingOf(other[0].heading, one[0].heading);
    if (thing === undefined || isOneProcedure(one, other)) continue;
    let end = at + 2;
    while (end < tasks.length && isBeside(tasks[end - 1], tasks[end]) && isAbout(tasks[end], thing)) end += 1;
    const ways = tasks.slice(at, end).map(([{ heading }, members]) => ({ name: heading, members }));
    const names = [one, other].map(([{ heading }]) => slug(heading).replaceAll('-', '_'));
    groups.push(...groupOf(ways, names.join('_or_').slice(0, LONGEST_NAME)));
    at = end - 1;
  }
  return groups;
}

const LONGEST_NAME = 60;
const NUMBERED = phrase(/^\P{L}*\d|\b(?:step|phase|schritt|étape|paso|passo|krok|шаг)\b/iu);

/** More is done in the first, and the second takes back how that began: "Drain the node" with its upgrade, "Uncordon the node". */
function isOneProcedure([{ heading }, does]: Task, [, undoes]: Task): boolean {
  return does.length > undoes.length && !STAYS.test(normal(heading));
}

/** What nobody does for a while only. */
const STAYS =
  /^(?:scal|hochskal|skalier|grant|promot|join|fail|扩容)|^(?!.* (?:temp|tmp|test|scratch|debug))(?:add|creat|ajout|cré|añad|agreg|crea|adicion|cria|aggiung|добав|созда|dodaj|utwórz|添加|新增|创建|建立|追加|作成)|(?:hinzufügen|anlegen|erstellen)$/u;

/** Nothing stands between them. */
function isBeside(one: Task | undefined, other: Task | undefined): boolean {
  return one !== undefined && other !== undefined && other[0].lines.from === one[0].lines.to + 1;
}

function isAbout(task: Task | undefined, thing: string): boolean {
  const words = normal(task?.[0].heading ?? '').split(' ');
  return words.slice(1).join(' ') === thing;
}

/** Deeds that headings name, of which one takes back the other. What stops and starts again is one procedure: only this order counts. */
const PAIRS: readonly (readonly [RegExp, RegExp])[] = [
  [/^scal(?:e|ing)[ -](?:up|out)/, /^scal(?:e|ing)[ -](?:down|in)(?![a-z])/],
  [
    /^(?:(?:start|boot|launch)(?:ing)?|(?:turn|switch|power)(?:ing)? on)(?![a-z])/,
    /^(?:stop(?:p?ing)?|turn(?:ing)? off|switch(?:ing)? off|power(?:ing)? off|shut(?:ting)?[ -]?down)/,
  ],
  [/^enabl(?:e|ing)/, /^disabl(?:e|ing)/],
  [/^(?:paus|suspend|halt)(?:e|ing)?/, /^(?:resum|unpaus|continu)(?:e|ing)/],
  [/^(?:drain|cordon)(?:ing)?/, /^(?:uncordon|undrain)(?:ing)?/],
  [/^attach(?:ing)?/, /^detach(?:ing)?/],
  [/^mount(?:ing)?/, /^u(?:n)?mount(?:ing)?/],
  [/^grant(?:ing)?/, /^revok(?:e|ing)/],
  [/^promot(?:e|ing)/, /^demot(?:e|ing)/],
  [/^(?:add|creat)(?:e|ing)?(?![a-z])/, /^(?:remov|delet|drop)(?:e|p?ing)?(?![a-z])/],
  [/^open(?:ing)?(?![a-z])/, /^clos(?:e|ing)(?![a-z])/],
  [/^allow(?:ing)?(?![a-z])/, /^(?:deny|block)(?:ing)?(?![a-z])/],
  [/^join(?:ing)?/, /^leav(?:e|ing)/],
  [/^fail(?:ing)?[ -]?over/, /^fail(?:ing)?[ -]?back/],
  [/^(?:hochskalieren|skalieren nach oben)/, /^(?:herunterskalieren|runterskalieren|skalieren nach unten)/],
  [/ (?:hinzufügen|anlegen|erstellen)$/, / (?:entfernen|löschen)$/],
  [/ öffnen$/, / schließen$/],
  [
    /^(?:ajouter|créer|añadir|agregar|crear|adicionar|criar|aggiungere|creare|добавить|создать|dodaj|utwórz)(?!\p{L})/u,
    /^(?:supprimer|retirer|eliminar|quitar|borrar|remover|excluir|rimuovere|eliminare|удалить|usuń)(?!\p{L})/u,
  ],
  [/^(?:ouvrir|abrir|aprire|открыть|otwórz)(?!\p{L})/u, /^(?:fermer|cerrar|fechar|chiudere|закрыть|zamknij)(?!\p{L})/u],
  [/^(?:添加|新增|创建|建立|追加|作成)/u, /^(?:删除|移除|刪除|削除)/u],
  [/^starten/, /^(?:stoppen|anhalten)/],
  [
    /^(?:iniciar|arrancar|démarrer|avviare|запустить|запуск|uruchom\p{L}*)/u,
    /^(?:detener|parar|arrêter|fermare|arrestare|остановить|остановка|zatrzym\p{L}*)/u,
  ],
  [/^(?:扩容|启用|啟用|启动|啟動|有効化|起動|開始|暂停)/u, /^(?:缩容|禁用|停用|停止|無効化|恢复)/u],
];

/** A word that takes back what it is put before: `lock`, `unlock`; `activar`, `desactivar`. */
const TAKES_BACK = /^(?:un|de|dis|des|dés|dé|ent|s(?=bloc)|раз|od|dez)-?/u;

/** To what both headings do something, one of which takes back what the other names: "Lock a user", "Unlock a user"; undefined where they do not. */
export function thingOf(later: string, earlier: string): string | undefined {
  const [does, undoes] = [normal(earlier), normal(later)];
  if (does === '' || does === undoes) return undefined;
  if (does.endsWith(' on') && does.slice(0, -3) === undoes.slice(0, -4) && undoes.endsWith(' off'))
    return does.split(' ').slice(1, -1).join(' ');
  if (isWithPrefix(undoes, does)) return does.split(' ').slice(1).join(' ');
  const place = placeOfBoth(undoes, does);
  if (place !== undefined) return place;
  for (const [first, second] of PAIRS) {
    if (!first.test(does) || !second.test(undoes)) continue;
    const thing = does.replace(first, '');
    if (sameFrom(thing) === sameFrom(undoes.replace(second, ''))) return thing.trim();
  }
  return undefined;
}

/** What something is put into, and taken out of; what is turned on may be what others are taken out of. */
const PUTS_INTO =
  /^(?:(?:put|plac|tak|bring|mov|set|switch)(?:e|t?ing)? (?<what>.{0,60}?) ?in(?:to)?|(?:turn|switch)(?:ing)? on|enabl(?:e|ing)|enter(?:ing)?) (?<place>.+)$/;
const TAKES_OUT =
  /^(?:(?:tak|bring|mov|get|pull)(?:e|t?ing)? (?<what>.{0,60}?) ?out of|(?:turn|switch)(?:ing)? off|disabl(?:e|ing)|(?:leav|exit)(?:e|ing)?) (?<place>.+)$/;
/** Where something goes, and that it comes back from there: "Shift traffic to green", "Shift traffic back to blue". */
const GOES_TO =
  /^(?<what>(?:shift|switch|mov|rout|redirect|point|direct|send|fail)(?:e|ing)?(?:over)?(?: .{0,60}?)?) (?:over )?to .+$/;
const GOES_BACK = /^(?<what>.{1,80}) back(?: (?:over )?to .+)?$/;

/** What is brought somewhere by the one heading and back by the other, or where to. */
function placeOfBoth(undoes: string, does: string): string | undefined {
  const [into, out] = [PUTS_INTO.exec(does)?.groups, TAKES_OUT.exec(undoes)?.groups];
  if (into !== undefined && out !== undefined && into['place'] === out['place']) {
    const [one = '', other = ''] = [into['what'], out['what']];
    if (one === '' || other === '' || one === other) return out['place'];
  }
  const what = GOES_TO.exec(does)?.groups?.['what'];
  return what !== undefined && what === GOES_BACK.exec(undoes)?.groups?.['what']
    ? what.split(' ').slice(1).join(' ')
    : undefined;
}

/** What is added to something is removed from it. */
const sameFrom = (thing: string): string => thing.replace(' from ', ' to ');

/** In German the verb comes last: "Konto sperren", "Konto entsperren". */
function isWithPrefix(undoes: string, does: string): boolean {
  const [words, others] = [does.split(' '), undoes.split(' ')];
  if (words.length !== others.length) return false;
  const at = words.findIndex((word, i) => word !== others[i]);
  if (words.some((word, i) => i !== at && word !== others[i])) return false;
  const [word = '', other = ''] = [words[at], others[at]];
  return word.length >= 4 && other.length <= word.length + 4 && other.endsWith(word) && TAKES_BACK.test(other);
}

/** Without articles and what heads do not differ by. */
function normal(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/^(?:how to|to|so wird|cómo|como|comment)\s+/u, '')
    .replaceAll(/(?<=^|\s)(?:the|an?|your|our|der|die|das|den|la|el|le|les|los|las|il|o|os)\s/gu, '')
    .replaceAll(/[\p{P}\p{S}]+/gu, ' ')
    .trim()
    .replaceAll(/\s+/g, ' ');
}
