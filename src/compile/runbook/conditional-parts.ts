import { isCodeLine } from './rules-text.js';

const CONDITION =
  /^\s*#+\s*(?:\d+[.)]\s*)?(?:\(?optional(?:ly)?\b|(?:only )?if\b|in case\b|(?:only )?when (?:you|needed|necessary)\b|unless\b|otherwise\b|falls\b|wenn\b|si\b|如果|もし)|^\s*#.*(?:\((?:optional|if\b[^)]*|(?:only )?when (?:needed|you)[^)]*)\)|\b(?:if|when|as|where) (?:needed|necessary|applicable|required|desired)\b|(?:いる|ない|た|の)場合)/i;

/** The comment, not the first of a script, that says that the commands below it are for some cases only; undefined when none does. */
export function conditionalPart(script: string): string | undefined {
  const lines = script.split('\n');
  let begun = false;
  for (const [i, line] of lines.entries()) {
    if (begun && CONDITION.test(line) && isAboveCode(lines, i)) return line.trim().replace(/^#+\s*/, '');
    begun ||= isCodeLine(line);
  }
  return undefined;
}

/** A comment belongs to the command right below it, perhaps after further comments. */
function isAboveCode(lines: readonly string[], at: number): boolean {
  const next = lines.slice(at + 1).find((line) => !/^\s*#/.test(line)) ?? '';
  return next.trim() !== '';
}
