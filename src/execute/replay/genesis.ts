import { jsonDigest } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import { REUSE_RULE, reusableAtMost, reusableSteps } from '#ir/reusable-steps.js';
import { subject } from './comparison.js';
import { Differs } from './difference.js';
import type { Proof, RecordedRun } from './recorded.js';

/**
 * A run's first record must be of this plan, these inputs and this target, and a re-run must have taken over what the rules
 * let it.
 *
 * @throws Differs
 */
export function requireGenesis(recorded: RecordedRun): void {
  const [first] = recorded.chain;
  if (first?.body.type !== 'genesis')
    throw differs('no first record', 'a first record', 'The proof chain has no beginning.');
  const { body } = first;
  const { run, plan } = recorded;
  requireDigest('plan', body.planDigest, plan as unknown as JsonValue);
  requireDigest('inputs', body.inputsDigest, run.inputs);
  requireDigest('target', body.targetDigest, run.target);
  requireReused(body, new Date(run.created_at.getTime() + CLOCKS_APART_MS), recorded);
}

/** When an attempt of the parent ended is told by the clock of its worker, when the re-run began by the database's. */
const CLOCKS_APART_MS = 1000;

function requireDigest(what: string, recorded: string, value: JsonValue): void {
  const decided = jsonDigest(value);
  if (decided === recorded) return;
  throw differs(`${what} ${recorded}`, `${what} ${decided}`, `The ${what} of the run is not what it was begun with.`);
}

function requireReused({ parent: proof, planDigest }: Proof<'genesis'>, at: Date, recorded: RecordedRun): void {
  const { parent, plan, attempts } = recorded;
  if (!proof || !parent) return;
  const rows = parent.attempts
    .filter(({ startedAt }) => startedAt <= at)
    .map((row) => ({ ...row, status: row.endedAt && row.endedAt <= at ? row.status : 'running' }));
  const { from, again = [] } = parent.fork;
  const starts = [...(from === undefined ? [] : [from]), ...again];
  const decided = parent.planDigest === planDigest ? decidedBy(proof, plan, rows, starts) : new Set();
  const reused = new Set(attempts.filter(({ reusedFrom }) => reusedFrom !== null).map(({ step }) => step));
  const odd = plan.steps.find(({ id }) => reused.has(id) !== decided.has(id));
  if (!odd) return;
  const words = (isTaken: boolean) => (isTaken ? 'taken over from its parent' : 'to be run again');
  const why =
    'A re-run takes over what its parent has settled, but for the steps to start from, what comes after them, and the questions before what is done again.';
  throw new Differs({
    ...subject({ step: odd.id }),
    seq: null,
    recorded: words(reused.has(odd.id)),
    decided: words(decided.has(odd.id)),
    why,
  });
}

/**
 * What is to be taken over. Which of it another version left to be run again is its own rule's affair, and taken as its first record has
 * it: no rule let a re-run take over more than this.
 */
function decidedBy(
  { rule, reused }: NonNullable<Proof<'genesis'>['parent']>,
  ...[plan, rows, starts]: Parameters<typeof reusableSteps>
): ReadonlySet<string> {
  if (rule === REUSE_RULE) return new Set(reusableSteps(plan, rows, starts));
  const most = reusableAtMost(plan, rows, starts);
  return new Set(reused.map(({ step }) => step).filter((step) => most.has(step)));
}

const differs = (recorded: string, decided: string, why: string): Differs =>
  new Differs({ ...subject({}), seq: null, recorded, decided, why });
