import type { ShellFacts } from '../shell/facts.js';
import { isReadOnly } from '../shell/judge/reading.js';
import { isCodeLine } from './rules-text.js';

const CONDITION =
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:\(?optional(?:ly)?\b|(?:only )?if\b|in case\b|(?:only )?when (?:you|needed|necessary)\b|unless\b|otherwise\b|falls\b|wenn\b|si\b|如果|もし)|^\s*#.*(?:\((?:optional|if\b[^)]*|(?:only )?when (?:needed|you)[^)]*)\)|\b(?:if|when|as|where) (?:needed|necessary|applicable|required|desired)\b|(?:いる|ない|た|の)場合|경우)|^\s*#+\s*(?:\d+[.)]\s*)?(?:(?:s[oó]lo si|nur wenn|nur falls|seulement si|solo se|somente se|apenas se|tylko (?:jeśli|gdy)|только если|jeśli|jeżeli|w razie|если|в случае|caso|en cas|en caso|em caso|nel caso|sofern|indien|eğer|opcional|optionnel|facultatif|opzionale|opcjonalnie|опционально)(?!\p{L})|可选|可選|任意|若|만약|필요시)|^\s*#.*(?:[(（](?:opcional|optionnel|facultatif|opzionale|opcjonalnie|опционально|si (?:besoin|nécessaire|es necesario)|se (?:necessário|necessario)|falls|bei bedarf|wenn|jeśli|w razie potrzeby|если|при необходимости|可选|可選|如需|如果|任意|必要に応じて|선택|필요시)|(?<!\p{L})(?:bei bedarf|si besoin|si es necesario|se necessário|se necessario|w razie potrzeby|при необходимости)(?!\p{L}))/iu;

/** Where the comment and the commands below it stand that are for some cases only. */
export interface ConditionalPart {
  /** The comment, without its hash and number. */
  readonly says: string;
  /** The first line that belongs to it, a comment, and the line after its last. From 0. */
  readonly from: number;
  readonly to: number;
}

/**
 * What comments say to be for some cases only. Commands that only look do no harm in other cases, and are no such part.
 *
 * @param first whether the comment on top of the script counts, too
 */
export function conditionalParts(script: string, { commands }: ShellFacts, first: boolean): ConditionalPart[] {
  if (!script.includes('#')) return [];
  const lines = script.split('\n');
  const starts = lineStarts(lines);
  const found: ConditionalPart[] = [];
  let begun = first;
  for (const [i, line] of lines.entries()) {
    if (begun && i >= (found.at(-1)?.to ?? 0) && CONDITION.test(line) && isAboveCode(lines, i)) {
      const to = partEnd(lines, i);
      const [start = 0, end = script.length] = [starts[i], starts[to]];
      const part = commands.filter((command) => command.start >= start && command.start < end);
      if (!part.every((command) => isReadOnly(command)))
        found.push({ says: line.trim().replace(/^#+\s*(?:\d+[.)]\s*)?/, ''), from: i, to });
    }
    begun ||= isCodeLine(line);
  }
  return found;
}

/** Where each line begins. */
export function lineStarts(lines: readonly string[]): number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}

/** Up to a blank line, or a comment, below its first command. */
function partEnd(lines: readonly string[], from: number): number {
  const begun = lines.findIndex((line, i) => i > from && isCodeLine(line));
  const end = lines.findIndex((line, i) => i > begun && !isCodeLine(line));
  return end < 0 ? lines.length : end;
}

/** A comment belongs to the command right below it, perhaps after further comments. */
function isAboveCode(lines: readonly string[], at: number): boolean {
  const next = lines.slice(at + 1).find((line) => !/^\s*#/.test(line)) ?? '';
  return next.trim() !== '';
}
