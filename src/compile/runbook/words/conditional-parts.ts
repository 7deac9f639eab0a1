import type { Command, ShellFacts } from '../../shell/facts.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { lineFinder, type Paragraph } from './paragraphs.js';
import { phrase } from './phrase.js';
import { isCodeLine } from './text.js';

const CONDITION = phrase(
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:\(?optional(?:ly)?\b|(?:only )?if\b|in case\b|(?:only )?when (?:you|needed|necessary)\b|unless\b|otherwise\b|falls\b|wenn\b|si\b|如果|もし)|^\s*#.*(?:\((?:optional|if\b[^)]*|(?:only )?when (?:needed|you)[^)]*)\)|\b(?:if|when|as|where) (?:needed|necessary|applicable|required|desired)\b|(?:いる|ない|た|の)場合|경우)|^\s*#+\s*(?:\d+[.)]\s*)?(?:(?:s[oó]lo si|nur wenn|nur falls|seulement si|solo se|somente se|apenas se|tylko (?:jeśli|gdy)|только если|jeśli|jeżeli|w razie|если|в случае|caso|en cas|en caso|em caso|nel caso|sofern|indien|eğer|opcional|optionnel|facultatif|opzionale|opcjonalnie|опционально)(?!\p{L})|可选|可選|任意|若|만약|필요시)|^\s*#.*(?:[(（](?:opcional|optionnel|facultatif|opzionale|opcjonalnie|опционально|si (?:besoin|nécessaire|es necesario)|se (?:necessário|necessario)|falls|bei bedarf|wenn|jeśli|w razie potrzeby|если|при необходимости|可选|可選|如需|如果|任意|必要に応じて|선택|필요시)|(?<!\p{L})(?:bei bedarf|si besoin|si es necesario|se necessário|se necessario|w razie potrzeby|при необходимости)(?!\p{L}))/iu,
);

/** "# Start afresh if the data is corrupted": the case stands behind what is done in it. */
const CASE_BEHIND =
  /\s(?:only )?(?:if|unless) (?:the|it|its|this|that|these|those|there|any|all|an?|your?|one|no|not|still|using|something|nothing) /i;
/** "# Check if the port is open" asks; "# Create it if it does not exist" does no harm where it does. */
const NO_CASE =
  /\b(?:check|verify|see|test|determine|confirm|find out|know|tell|look|show|ask|print|decide|ensure|make sure|wonder)\w*\b[^#]*\b(?:if|unless)\b|\bif (?:it |they |this |that |the [\w-]+ )?(?:(?:does|do|is|are) not|(?:doesn|don|isn|aren)['’]t|not) (?:already |yet |been )*(?:exist|there|present|installed|available|created)|\bunless (?:it |they )?(?:already )?(?:exists?|is there)/i;

/** `# --- If using docker ---` */
const DECORATED = /^(\s*#+)[\s=*_~>|•.-]+/;

/** No comment that people read is longer; each word of one is compared with all that follows it. */
const MOST_LOOKED = 300;

/** Whether a comment says that what stands below it is for some cases only. */
export function tellsCase(comment: string): boolean {
  const begin = comment.slice(0, MOST_LOOKED).replace(DECORATED, '$1 ');
  if (CONDITION.test(begin)) return true;
  return CASE_BEHIND.test(begin) && !NO_CASE.test(begin);
}

/**
 * The comment, not the first of a script, that says that the commands below it are for some cases only; undefined when none does,
 * or when these only look, which does no harm in other cases.
 */
export function conditionalPart(script: string, { commands }: ShellFacts): string | undefined {
  if (!script.includes('#')) return undefined;
  const lines = script.split('\n');
  const acting = actingLines(lines, commands);
  const begun = lines.findIndex(isCodeLine);
  if (begun < 0) return undefined;
  // Of each line: the first below it that is no comment, and whether the commands from there on, up to a line without one, act.
  let below = '';
  let acts = false;
  let found: string | undefined;
  for (let at = lines.length - 1; at > begun; at -= 1) {
    const line = lines[at] ?? '';
    if (!/^\s*#/.test(line)) {
      below = line;
      acts = isCodeLine(line) && (acting.has(at) || (acts && isCodeLine(lines[at + 1] ?? '')));
    } else if (below.trim() === '' ? /[:：]\s*$/.test(line) && tellsCase(line) : acts && tellsCase(line))
      found = saidBy(line);
  }
  return found;
}

const BESIDE = /\s#+\s*(\S.*)$/;
/** What is there already is not made again. */
const HARMLESS =
  /^\(?(?:if|as|when|where) (?:needed|necessary|required|(?:it is )?not (?:already |yet )*(?:installed|there|present|done))/i;
const ONLY = /^(?:only\b|(?:[\w-]+ ){1,3}only\W*$)/i;

/** `./resync.sh   # only if replication is broken`: the case that is told beside one command of several, which does more than look. */
export function caseBeside(script: string, { commands }: ShellFacts): string | undefined {
  if (!/\s#/.test(script)) return undefined;
  const lines = script.split('\n');
  if (lines.filter(isCodeLine).length < 2) return undefined;
  const told = [...actingLines(lines, commands)].map((at) => commentBeside(lines[at] ?? ''));
  return told.find(
    (comment) => comment !== '' && !HARMLESS.test(comment) && (tellsCase(`# ${comment}`) || ONLY.test(comment)),
  );
}

/** A hash within quotes begins no comment. */
function commentBeside(line: string): string {
  const found = BESIDE.exec(line.slice(0, MOST_LOOKED));
  const before = line.slice(0, found?.index ?? 0);
  const quoted = ['"', "'"].some((quote) => before.split(quote).length % 2 === 0);
  return /^\s*#/.test(line) || quoted ? '' : (found?.[1] ?? '');
}

/** They change nothing but the shell, in which the rest is done. */
const MOVES = /^(?:cd|pushd|popd|source|\.)$/;

/** The lines on which a command begins that does more than look. */
export function actingLines(lines: readonly string[], commands: readonly Command[]): ReadonlySet<number> {
  const lineAt = lineFinder(lines);
  return new Set(
    commands.flatMap((command) => (isReadOnly(command) && !MOVES.test(command.program) ? [] : [lineAt(command.start)])),
  );
}

/** Whether a comment may say so, in whatever words: then nobody can tell what a case beside it covers. */
export function mayTellCase(comment: string): boolean {
  const begin = comment.slice(0, MOST_LOOKED);
  return tellsCase(comment) || (MAY.test(begin) && !NO_CASE.test(begin));
}

const MAY = phrase(
  /\b(?:if|when|whenever|only|unless|in (?:the )?(?:event|case))\b|(?<!\p{L})(?:wenn|falls|nur|si|seulement|solo|só|apenas|caso|если|только|jeśli|tylko)(?!\p{L})|如果|仅|只|もし|場合/iu,
);

/** What a paragraph is for: in some case only, where its comment says so. */
export function caseOf({ comment }: Paragraph): string | undefined {
  const says = comment.find(tellsCase);
  return says === undefined ? undefined : saidBy(says);
}

/** Without its hash and number. */
function saidBy(comment: string): string {
  return comment.trim().replace(/^#+\s*(?:\d+[.)]\s*)?/, '');
}
