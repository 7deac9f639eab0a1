import { clip } from './assemble-names.js';
import { caseAround } from './case-around.js';
import { conditionIn, conditionOfAll } from './conditions.js';
import type { CodeBlock } from './document.js';
import { namesWay } from './headings.js';
import { roleOf } from './roles.js';
import type { Subject } from './rule.js';
import { namesWayBack } from './ways-back.js';

/** Why something below "Rollback" is not for every time that things are taken back. */
export function caseOfRollback(subject: Subject): string | undefined {
  const { intro, script, standing } = subject;
  const heads = standing.below.findIndex(
    (heading) => /^(?:rollback|cleanup)$/.test(roleOf(heading)) || namesWayBack(heading),
  );
  const below = standing.below.slice(0, Math.max(heads, 0));
  const own = { ...subject, standing: { ...standing, below } };
  const says =
    conditionIn(intro, conditionOfAll(script), standing.place === 'rollback' ? (below[0] ?? '') : '') ??
    caseAround(own);
  const announces = says !== undefined && FAILS.test(says) && startsSection(subject.block, says);
  if (says !== undefined && !announces && !isAnyFailure(says, standing.headings))
    return `it is for some cases only ("${clip(says)}")`;
  const way = [intro.replace(FOR, ''), ...below].find(namesWay);
  return way === undefined ? undefined : `it takes back one of several ways ("${clip(way)}")`;
}

const FAILS =
  /\bfail|\bbroken?\b|\bwrong\b|scheiter|fehl(?:er|schl)|échou|échec|erreur|\bfall[aoei]|\bfalh|fallisc|fallit|\berr[oe]r|сбо[йяе]|ошибк|удал(?:о|а)сь|zawied|błęd|失败|故障|失敗|障害|실패/iu;

/** What "Rollback" begins with says when things are taken back at all. */
function startsSection({ section }: CodeBlock, says: string): boolean {
  return section.says.trim().startsWith(says.slice(0, 100));
}

const FOR = /^\W*(?:for|with|after|für|bei|nach|pour|avec|para|con|per|com|для|при)\s+/iu;

const ANY =
  /\b(?:it|this|that|anything|something|things|any (?:step|check)|(?:verification|validation|(?:the )?(?:deploy\w*|release|roll-?out|upgrade|update|change|procedure|new version|checks?|health checks?|smoke tests?|steps? above))) (?:\w+ ){0,2}(?:fail|go|went|gone|break|broke|does|do|did|is|are|has|cause)|\b(?:if|as|when|where) (?:needed|necessary|required|something)|\b(?:if|when) (?:it is |it['’]s |they are |still |already )*(?:running|present|there|mounted|enabled|installed|active)\b|\boptional(?:ly)?\W*$|\b(?:problems?|issues?|errors?)\b|\b(?:need|want|have|wish|decide|necessary) to (?:roll|revert|undo|restore|go back|return)|\b(?:undo|revert|rollback|rolling back|roll back|rolled back)\b|(?<!\p{L})(?:etwas|dabei|das deployment|das update|die prüfung|algo|quelque chose|qualcosa|что-то|coś)(?!\p{L})|(?<!\p{L})(?:bei bedarf|falls nötig|si (?:besoin|nécessaire|es necesario)|se necess[aá]rio|при необходимости|en cas (?:de problème|d['’](?:échec|erreur))|en caso de (?:fallo|error|problema)|em caso de (?:falha|erro|problema)|in caso di (?:errore|problema|fallimento)|im fehlerfall|при (?:сбое|ошибке))|如有需要|需要时|失败|出现问题|必要に応じて|失敗|問題|エラー/iu;

/** "If it fails", "If the migration has failed" in a document about one: that is why things are taken back at all. */
function isAnyFailure(says: string, headings: readonly string[]): boolean {
  if (ANY.test(says)) return true;
  const [, thing = ''] =
    /\bthe (?:\w+ )?(\w{5,}) (?:has |have |had )?(?:fail|break|broke|go(?:es)? wrong|went wrong)/i.exec(says) ?? [];
  return thing !== '' && headings.some((heading) => heading.toLowerCase().includes(thing.toLowerCase().slice(0, 6)));
}
