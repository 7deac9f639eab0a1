import type { Block, RunbookDocument, Section } from '../markdown/document.js';
import { namesDrill, triesRollback } from './headings.js';
import { phrase } from './phrase.js';
import { roleOf } from './roles.js';

/** "Fallback", "Rückfallebene" alone, or with a word for how: not "Fallback mode". */
const FALLBACK = phrase(
  /^\P{L}*(?:(?:(?:last )?known[- ]good )?fall[- ]?backs?|going back|notfallplan|rückkehr|zurück zum (?:alten|vorherigen) \p{L}+)(?:[- ](?:plan|procedure|steps?|strategy|szenario|scenario|verfahren|strategie|maßnahmen))?\P{L}*$/iu,
);
/** "Restore the previous version", "Den alten Stand wiederherstellen". */
const PREVIOUS = phrase(
  /^\P{L}*(?:restor(?:e|ing)|(?:go|going|switch|switching|return|returning) (?:back )?to) (?:the )?(?:previous|old|original|former|last) |(?:^|\s)(?:wiederherstell(?:en|ung)) de[rs] (?:vorherigen|alten|ursprünglichen|letzten) |^\P{L}*(?:den |die |das )?(?:vorherige|alte|ursprüngliche|letzte)[nrs]? \p{L}+ wiederherstellen\P{L}*$/iu,
);
/** What alone says only that something is brought back; with a number it is a step like the others. */
const RESTORING = phrase(
  /^[^\p{L}\p{N}]*(?:wiederherstell(?:en|ung)|rücksicherung|restauration|restauración|restauração|восстановление)\P{L}*$/iu,
);
const ABOUT_BACKUPS = phrase(
  /back[- ]?ups?|restor|recover|sicherung|wiederherstell|sauvegard|restaur|copias? de seguridad|cópias? de segurança|резервн|восстанов/iu,
);

/** Whether a heading says that what stands below it takes back what was done, in words that "rollback" is not one of. */
export function namesWayBack(heading: string): boolean {
  return FALLBACK.test(heading) || PREVIOUS.test(heading);
}

/**
 * Sections headed by a bare "Wiederherstellung": after something else than a backup was done, in a document that is not about
 * backups, and last of what is done, they bring back what was there before. Elsewhere, restoring is a task or a step.
 */
export function waysBack({ sections, blocks }: RunbookDocument, title: string): ReadonlySet<Section> {
  const bare = ABOUT_BACKUPS.test(title) ? [] : sections.filter(({ heading }) => RESTORING.test(heading));
  if (bare.length === 0) return new Set();
  const filled = new Set(blocks.flatMap(({ kind, section }) => (kind === 'code' ? [...upwards(section)] : [])));
  const does = (one: Section) =>
    filled.has(one) && !ABOUT_BACKUPS.test(one.heading) && !BESIDE.test(roleOf(one.heading));
  /** By what is around them: where the first and the last of those begin that do something. */
  const ends = new Map<Section | undefined, { readonly first: number; readonly last: number }>();
  for (const one of sections) {
    const { parent, lines } = one;
    if (does(one)) ends.set(parent, { first: ends.get(parent)?.first ?? lines.from, last: lines.from });
  }
  return new Set(
    bare.filter(({ parent, lines }) => {
      const beside = ends.get(parent);
      return beside !== undefined && beside.first < lines.from && beside.last <= lines.from;
    }),
  );
}

/** "Restore the dump", "Restoring from backup"; with a number it is a step. */
const RESTORES = phrase(
  /^\P{L}{0,3}(?:restor(?:e|ing|ation)|wiederherstell(?:en|ung)|rücksicherung|restaur(?:er|ation|ar|ación|ação)|ripristin(?:o|are)|восстанов\p{L}*|恢复|还原|復元|リストア|복원)/iu,
);
const BACKS_UP = phrase(
  /back(?:ing)?[- ]?(?:up|ups)\b|sicherung|sauvegard|copias? de seguridad|cópias? de segurança|резервн|备份|備份|バックアップ|백업/iu,
);
/** There, what was saved is brought somewhere. */
const MOVES = phrase(
  /restor|recover|mov(?:e|ing)\b|migrat|transfer|upgrad|cop(?:y|ies|ying)|clon|drill|test|wiederherst|umzug|übertrag|restaur|recuper|trasloc|migr|ripristin|восстанов|перенос|恢复|还原|迁移|移行|復元|リストア|복원/iu,
);

/** Sections that restore beside one that makes a backup: for the day on which something was lost. */
export function besideBackup({ sections }: RunbookDocument, title: string): ReadonlySet<Section> {
  if (MOVES.test(title)) return new Set();
  const restores = (one: Section) => RESTORES.test(one.heading) && !PREVIOUS.test(one.heading);
  const saving = sections.filter((one) => BACKS_UP.test(one.heading) && !restores(one));
  const parents = new Set(saving.map(({ parent }) => parent));
  return new Set(sections.filter((one) => restores(one) && !NUMBERED.test(one.heading) && parents.has(one.parent)));
}

const NUMBERED = /^\P{L}*\p{N}/u;

const AFTER = phrase(
  /^\P{L}*(?:(?:after|following|once|post)[\s-](?:(?:the|an?|you|we|it|is|has|have|been|successful|full|complete[d]?|everything|all)\s)*(?:roll(?:-?back|ing back|ed back)|revert(?:ed|ing)|back-?out)|nach (?:dem )?(?:roll-?back|zurückrollen)|après (?:le )?(?:rollback|retour (?:en )?arrière)|(?:después|tras|depois|após|dopo) (?:del? |d[ao] |la |el |o |a |il )*(?:rollback|revers[ió])|после отката)|^\P{L}*回滚(?:之|以)?后|^\P{L}*ロールバック(?:の)?(?:後|あと)/iu,
);

/** "After the rollback", "Post-rollback tasks". */
export function namesAfterRollback(heading: string): boolean {
  return AFTER.test(heading);
}

/** What keeps something: "Take a snapshot", "Record the current version", "Backup". */
const KEEPS = String.raw`(?:tak(?:e|ing)(?! (?:down|back|out|over|off))|(?:mak|creat|sav|captur|stor)(?:e|ing)|(?:record|export|dump|keep|tagg?)(?:ing)?|note (?:down|the|which|current))\s|(?:a |the )?(?:snapshots?|back-?ups?|exports?|dumps?|safety copy)(?!\p{L})|sicherung|sauvegarde|copia de seguridad|cópia de segurança|备份|備份|快照|バックアップ|スナップショット|백업`;
const TAKING_BACK = String.raw`(?:roll-?backs?|retour (?:en )?arrière|reversión|reversão|回滚|回滾|ロールバック|롤백)`;
const FOR_IT = String.raw`[(（][^)）]*${TAKING_BACK}|(?:\bfor|\b(?:used|needed) by|für|pour|para|per)\s(?:\p{L}{1,8} ){0,2}${TAKING_BACK}`;
const KEPT = String.raw`\broll-?back (?:points?|snapshots?|images?|targets?|artefacts?|artifacts?|tags?|versions?|copy|copies|back-?ups?)`;
const PREPARES = String.raw`roll-?back (?:preparations?|prep|readiness)|prepar(?:e|ing|ations?) (?:for |of )?(?:the |a )?(?:possible )?roll-?back`;
const BRINGS = String.raw`restor|revert|\broll(?:ing)? back\b|re-?deploy|recover|wiederher|restaur|恢复|还原|復元`;
/** "Snapshot (rollback substrate)", "Tag the image for rollback", "Create a rollback point", "Rollback preparation". */
const READIES = phrase({
  source: String.raw`^(?!.*(?:${BRINGS}))\P{L}*(?:step \d+\P{L}*)?(?:(?:${KEEPS}).*(?:(?:${FOR_IT})(?: \p{L}+)?|${KEPT})\P{L}*$|(?:${PREPARES})\P{L}*$)`,
  flags: 'iu',
});
const TYPED_BACK = /\b(?:undo|revert|restore|roll-?back|reset)(?=\s)/i;

/**
 * Sections that make ready what a rollback would need: done before the change, and not in the place of taking it back. One that holds a
 * command of that name takes back.
 */
export function readiesRollback({ sections, blocks }: RunbookDocument): ReadonlySet<Section> {
  const found = new Set(sections.filter(({ heading }) => READIES.test(heading)));
  if (found.size === 0) return found;
  for (const block of blocks)
    if (block.kind === 'code' && TYPED_BACK.test(block.text))
      for (const one of upwards(block.section)) found.delete(one);
  return found;
}

const WRONG = phrase(
  /^\P{L}*(?:how not to|(?:do not|don['’]t|never|avoid)\s.*\b(?:like this|this way|in this way|like so)\P{L}*$|what not to do|so (?:bitte )?nicht|nicht so\s|was man nicht tun sollte|(?:à )?ne pas (?:faire|procéder)|qué no hacer|o que não fazer|cosa non fare)/iu,
);

/** "Do not roll back like this", "How not to roll back". */
export function namesWrongWay(heading: string): boolean {
  return WRONG.test(heading);
}

/** Sections in which a rollback is tried out, in a document that does something else. */
export function drillsOfRollback({ sections, blocks }: RunbookDocument, title: string): ReadonlySet<Section> {
  const drills = new Set(sections.filter(({ heading }) => triesRollback(heading) && isAboutRollback(heading)));
  if (drills.size === 0 || namesDrill(title) || triesRollback(title)) return new Set();
  const does = ({ kind, section }: Block) =>
    kind === 'code' && ![...upwards(section)].some((one) => drills.has(one) || BESIDE.test(roleOf(one.heading)));
  return blocks.some(does) ? drills : new Set();
}

const isAboutRollback = (heading: string): boolean => roleOf(heading) === 'rollback' || !namesDrill(heading);

/** "Query recent rollbacks": they are what is looked at. Not "Review and revert", "Find the release and roll back". */
const LOOKS_AT = phrase(
  /^\W*(?:[\d.]+\s+)?(?:query|analy[sz]e|view|list|review|inspect|identify|monitor|find|show|count|investigate|examine)\s+(?:(?!(?:and|or|then|to|before)\s)[\p{L}\d-]+\s+){0,3}(?:roll-?backs|reverts|roll-?back (?:events|reasons|causes|records|logs|metrics|history))\W*$/iu,
);

/**
 * Sections that look at what was taken back, some other time: their headings say so, and every block in them only looks. One that may
 * change something takes back, whatever its heading begins with, and the look above it belongs to that.
 */
export function looksAtRollbacks(
  { sections, blocks }: RunbookDocument,
  looking: ReadonlySet<Block>,
): ReadonlySet<Section> {
  const found = new Set(sections.filter(({ heading }) => LOOKS_AT.test(heading)));
  if (found.size === 0) return found;
  for (const block of blocks)
    if (!looking.has(block)) for (const section of upwards(block.section)) found.delete(section);
  return found;
}

const BESIDE = /^(?:prerequisite|verify|rollback|troubleshooting|reference|cleanup|uninstall)$/;

function* upwards(section: Section): Generator<Section> {
  for (let at: Section | undefined = section; at !== undefined; at = at.parent) yield at;
}
