import { readApprovals } from '#ir/approval.js';
import type { ChainRecord, ProofBody } from '#ir/proof.js';
import { shortRun } from '../ui/format.js';
import { runShown, type Shown, verdictShown } from '../ui/state.js';

/** A record in a line: what kind it is, whom it is about, and how it stands. */
export interface Line {
  readonly kind: string;
  readonly about: string;
  /** Absent where a record states no outcome. */
  readonly shown?: Shown;
  readonly note?: string;
}

const agreedBy = (approvals: Parameters<typeof readApprovals>[0]): string[] =>
  readApprovals(approvals).map(({ by }) => `agreed to by ${by}`);

/** What a record says, in the words of every other view. */
export function lineOf({ body }: ChainRecord): Line {
  switch (body.type) {
    case 'genesis':
      return {
        kind: 'start',
        about: [`asked by ${body.requestedBy}`, ...agreedBy(body.approvals)].join(', '),
        note: body.parent ? `goes on from run ${shortRun(body.parent.run)}` : 'plan, inputs and target, by digest',
      };
    case 'step':
      return { kind: 'step', about: attemptOf(body), shown: stepOutcome(body), ...noteOf(body) };
    case 'verdict':
      return {
        kind: 'verdict',
        about: `${body.verifier} of ${attemptOf(body)}`,
        shown: verdictShown(wordOf(body)),
        note: body.required ? body.kind : `${body.kind}, not required`,
      };
    case 'signal':
      return {
        kind: 'signal',
        about: body.step === undefined ? body.kind : `${body.kind} ${body.step}`,
        note: `by ${body.by}: ${body.reason}`,
      };
    case 'end':
      return { kind: 'end', about: 'the run', shown: runShown(body.status, body.word) };
  }
}

type Of<T extends ProofBody['type']> = Extract<ProofBody, { type: T }>;

/** `build`, `build[3]`, `build, attempt 2`. */
function attemptOf({ step, item, attempt }: { step: string; item: number; attempt: number }): string {
  return `${step}${item < 0 ? '' : `[${item}]`}${attempt > 1 ? `, attempt ${attempt}` : ''}`;
}

function stepOutcome({ outcome, word }: Of<'step'>): Shown {
  if (outcome === 'failed') return { look: 'failed', word: 'failed' };
  if (outcome === 'skipped') return { look: 'skipped', word: 'skipped' };
  return outcome === 'unknown' ? { look: 'unknown', word: 'unknown' } : verdictShown(word);
}

function noteOf({ error, person, isolation }: Of<'step'>): { note: string } {
  if (person) return { note: `by ${person.by}: ${person.reason}` };
  return { note: error ?? `isolation: ${isolation}` };
}

/** The word that a verdict's own fields give: a record has none of its own. */
function wordOf({ passed, proven }: Of<'verdict'>): string {
  if (!passed) return 'failed';
  return proven ? 'proven' : 'holds, not proven by this step';
}

/** Why a verdict is a proof, or is not, in a sentence. */
export function basisText({ passed, baseline, basis }: Of<'verdict'>): string {
  if (!passed) return 'It did not pass after the step.';
  if (basis === 'failed-before') return 'It failed before the step ran and passes after it.';
  if (basis === 'names-effect') return 'What it found names this run’s own effect.';
  return baseline.state === 'passed'
    ? 'It passed before the step ran as well, so it does not show what the step did.'
    : 'It passes now; how it stood before the step is not known.';
}
