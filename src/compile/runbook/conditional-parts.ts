import type { ShellFacts } from '../shell/facts.js';
import { isReadOnly } from '../shell/judge/reading.js';
import { isCodeLine } from './rules-text.js';

const CONDITION =
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:\(?optional(?:ly)?\b|(?:only )?if\b|in case\b|(?:only )?when (?:you|needed|necessary)\b|unless\b|otherwise\b|falls\b|wenn\b|si\b|如果|もし)|^\s*#.*(?:\((?:optional|if\b[^)]*|(?:only )?when (?:needed|you)[^)]*)\)|\b(?:if|when|as|where) (?:needed|necessary|applicable|required|desired)\b|(?:いる|ない|た|の)場合|경우)|^\s*#+\s*(?:\d+[.)]\s*)?(?:(?:s[oó]lo si|nur wenn|nur falls|seulement si|solo se|somente se|apenas se|tylko (?:jeśli|gdy)|только если|jeśli|jeżeli|w razie|если|в случае|caso|en cas|en caso|em caso|nel caso|sofern|indien|eğer|opcional|optionnel|facultatif|opzionale|opcjonalnie|опционально)(?!\p{L})|可选|可選|任意|若|만약|필요시)|^\s*#.*(?:[(（](?:opcional|optionnel|facultatif|opzionale|opcjonalnie|опционально|si (?:besoin|nécessaire|es necesario)|se (?:necessário|necessario)|falls|bei bedarf|wenn|jeśli|w razie potrzeby|если|при необходимости|可选|可選|如需|如果|任意|必要に応じて|선택|필요시)|(?<!\p{L})(?:bei bedarf|si besoin|si es necesario|se necessário|se necessario|w razie potrzeby|при необходимости)(?!\p{L}))/iu;

/**
 * The comment, not the first of a script, that says that the commands below it are for some cases only; undefined when none does,
 * or when these only look, which does no harm in other cases.
 */
export function conditionalPart(script: string, { commands }: ShellFacts): string | undefined {
  if (!script.includes('#')) return undefined;
  const lines = script.split('\n');
  let begun = false;
  let from = 0;
  for (const [i, line] of lines.entries()) {
    if (begun && CONDITION.test(line) && isAboveCode(lines, i)) {
      const to = from + partLength(lines.slice(i));
      const part = commands.filter(({ start }) => start >= from && start < to);
      if (!part.every((command) => isReadOnly(command))) return line.trim().replace(/^#+\s*/, '');
    }
    begun ||= isCodeLine(line);
    from += line.length + 1;
  }
  return undefined;
}

/** Up to a blank line, or a comment, below its first command. */
function partLength(lines: readonly string[]): number {
  const first = lines.findIndex(isCodeLine);
  const end = lines.findIndex((line, i) => i > first && !isCodeLine(line));
  return lines.slice(0, end < 0 ? lines.length : end).join('\n').length;
}

/** A comment belongs to the command right below it, perhaps after further comments. */
function isAboveCode(lines: readonly string[], at: number): boolean {
  const next = lines.slice(at + 1).find((line) => !/^\s*#/.test(line)) ?? '';
  return next.trim() !== '';
}
