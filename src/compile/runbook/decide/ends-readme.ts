import type { Decision } from '../blocks/decision.js';
import type { Section } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { lastSentence } from '../words/intro.js';
import { phrase } from '../words/phrase.js';

/** What a README, or a quick start, shows last, of what was set up: how to stop, empty or delete it. */

/** "Reset everything", "2. Stop it:"; where verbs stand last, what the line ends with. */
const ENDS = phrase(
  /^[^\p{L}]*(?:(?:then|finally|afterwards|optionally|(?:when|once|if) you(?:['’]re| are)? (?:done|finished)),? )*(?:(?:stop|stopping|reset|resetting|wipe|wiping|delete|deleting|remove|removing|destroy|erase|clean(?:ing)? up|start(?:ing)? over|shut(?:ting)? ?down|power off|uninstall)(?![\p{L}-])|(?:tear|shut|take|bring|turn) (?:\S+ ){0,3}(?:down|off)(?!\p{L})|restor(?:e|ing) (?!.*\b(?:packages?|dependenc|tools?|modules?|nuget|gems?)\b)|(?:updat|upgrad)(?:e|ing)(?: (?:it|to (?:the|a) (?:latest|new|newer|next) version))?\W*$)|^[^\p{L}]*(?:arrête[rz]?|arrêt|réinitialise[rz]?|supprime[rz]?|restaure[rz]?|éteindre|detener|parar|apagar|borrar|eliminar|restablecer|restaurar|desligar|remover|excluir|redefinir|fermare|ferma|arrestare|spegnere|eliminare|cancellare|ripristinare|azzerare|остановить|остановка|удалить|удаление|сбросить|сброс|восстановить|zatrzymaj|zatrzymanie|usuń|usuwanie|przywróć)(?!\p{L})|(?<!\p{L})(?:stoppen|anhalten|beenden|herunterfahren|zurücksetzen|löschen|entfernen|wiederherstellen)[^\p{L}]*$|^[^\p{L}]*(?:停止|关闭|關閉|重置|删除|刪除|清空|恢复|还原)|(?:停止|削除|リセット|復元|初期化)(?:する|します)?[^\p{L}]*$/iu,
);
/** Elsewhere, "Remove the old node" may be the last step. */
const MOST_WORDS = { readme: 4, runbook: 2 };

/** A document that has one shows a program, as a README does. */
export function isQuickStart(heading: string): boolean {
  return QUICK_START.test(heading);
}

const QUICK_START = phrase(
  /^\W*(?:gett?(?:ing)? started|quick ?-?start|schnellstart|erste schritte|démarrage rapide|inicio rápido|início rápido|avvio rapido|быстрый старт|szybki start|快速(?:开始|開始|入门)|クイックスタート)/iu,
);

/**
 * Behind what was set up, what is headed "Stop" or "Reset everything" is for another day; what only a sentence tells to stop or delete
 * is, too, where nothing else is done behind it in its section: "Stop the old one" between two steps is a step.
 */
export function withoutItsEnd(decisions: readonly Decision[], readme: boolean): readonly Decision[] {
  const first = decisions.find(isRunUnmarked);
  const begins = new Map<Section, Decision>();
  for (const one of decisions)
    if (isRunUnmarked(one) && !begins.has(one.block.section)) begins.set(one.block.section, one);
  const goesOn = new Set<Section>();
  const ended = new Set<Decision>();
  for (const one of decisions.toReversed().filter(isRunUnmarked)) {
    const { section } = one.block;
    const isLast =
      readme && !goesOn.has(section) && begins.get(section) !== one && ENDS.test(lastSentence(saidOf(one)));
    if ((one !== first && headsEnd(section, readme)) || isLast) ended.add(one);
    else goesOn.add(section);
  }
  return decisions.map((one) =>
    ended.has(one)
      ? {
          ...one,
          label: 'leave_out',
          rule: 'says-later',
          why: 'it ends or deletes what was set up: it is for another day',
        }
      : one,
  );
}

function headsEnd({ heading }: Section, readme: boolean): boolean {
  const most = readme ? MOST_WORDS.readme : MOST_WORDS.runbook;
  return !/\d/.test(heading) && heading.trim().split(/\s+/).length <= most && ENDS.test(heading);
}

function saidOf({ block }: Decision): string {
  if (block.kind === 'item') return said(block);
  return block.intro === '' ? said(block.item) : block.intro;
}

const isRunUnmarked = ({ label, rule, block }: Decision): boolean =>
  label === 'run' && block.kind === 'code' && !rule.startsWith('marked-');
