import type { JsonValue } from '#ir/json.js';
import type { Baseline, Verdict } from '#ir/verdict.js';

const MOST_LINES = 5;
const MOST_OF_LINE = 300;
/** Of a surrogate pair at the cut. */
const HALF = /[\uD800-\uDBFF]$/;

/**
 * The summary of a verdict as people read it: with what the program of a check printed last where it did not pass; with why nothing
 * is known of how it was before where that is so, since the word for it is that of a check that passed before as well.
 *
 * @param verdict its evidence is masked: a secret that was cut first would not be found
 */
export function told(
  { passed, proven, summary, evidence }: Pick<Verdict, 'passed' | 'proven' | 'summary' | 'evidence'>,
  before: Pick<Baseline, 'state' | 'summary'> | undefined,
): string {
  if (!passed) return [summary, ...lastPrinted(evidence)].join('\n');
  if (proven || before?.state === 'passed') return summary;
  const why = before === undefined ? 'nobody looked' : before.summary.replace(/\.$/, '');
  return `${summary} (how it was before the step is not known: ${why})`;
}

/** What it failed with, on one line. */
export function faultIn(summary: string): string {
  const [first = '', ...printed] = summary.split('\n');
  const last = printed.at(-1);
  return last === undefined ? first : `${first}: ${last}`;
}

function lastPrinted(evidence: JsonValue): string[] {
  if (typeof evidence !== 'object' || evidence === null || Array.isArray(evidence)) return [];
  const { stdout, stderr } = evidence;
  return [stdout, stderr]
    .flatMap((stream) => (typeof stream === 'string' ? stream.split('\n') : []))
    .filter((line) => line.trim() !== '')
    .slice(-MOST_LINES)
    .map((line) => (line.length > MOST_OF_LINE ? `${line.slice(0, MOST_OF_LINE).replace(HALF, '')}…` : line));
}
