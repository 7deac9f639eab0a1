import type { StoredVerdict } from '#execute/records.js';
import type { JsonValue } from '#ir/json.js';
import type { Baseline } from '#ir/verdict.js';
import type { AttemptRow } from './store.js';
import type { StepView } from './view.js';

type AttemptView = StepView['attempts'][number];

/** What was read beside the attempts. */
export interface Beside {
  readonly evidence: ReadonlyMap<string, JsonValue>;
  /** Digests of artefacts that are there still. */
  readonly present: ReadonlySet<string>;
  /** Workers by the epoch in which they owned the run. */
  readonly workers: ReadonlyMap<number, string>;
}

/** The evidence that an attempt names. */
export function digestsIn({ baseline, verdicts }: Pick<AttemptRow, 'baseline' | 'verdicts'>): string[] {
  return [...(baseline ?? []).flatMap(({ evidence }) => evidence ?? []), ...(verdicts ?? []).map((v) => v.evidence)];
}

/** An attempt as doors show it, its verdicts joined with what was seen before. */
export function attemptShown(row: AttemptRow, beside: Beside): AttemptView {
  const { startedAt, endedAt, wakeAt, epoch, baseline, verdicts, artefacts, ...rest } = row;
  const looks = new Map((baseline ?? []).map((look) => [look.verifierId, look]));
  const worker = beside.workers.get(epoch);
  const judged = new Set((verdicts ?? []).map(({ verifierId }) => verifierId));
  return {
    ...rest,
    output: withoutResume(row),
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    wakeAt: wakeAt?.toISOString() ?? null,
    worker: worker === undefined ? null : { id: worker, epoch },
    verdicts: (verdicts ?? []).map((verdict) => verdictShown(verdict, looks.get(verdict.verifierId), beside)),
    baseline: (baseline ?? [])
      .filter(({ verifierId }) => !judged.has(verifierId))
      .map((look) => ({ id: look.verifierId, ...lookShown(look, beside) })),
    artefacts: (artefacts ?? []).map(({ name, sha256, size }) => ({
      name,
      sha256,
      size,
      present: beside.present.has(sha256),
    })),
  };
}

/** What a tool that has asked goes on from is its own affair. */
function withoutResume({ output, error }: Pick<AttemptRow, 'output' | 'error'>): JsonValue {
  if (error?.code !== 'INPUT_NEEDED' || typeof output !== 'object' || output === null || Array.isArray(output))
    return output;
  const { resume: _, ...rest } = output;
  return rest;
}

function verdictShown(
  verdict: StoredVerdict,
  before: Baseline | undefined,
  beside: Beside,
): AttemptView['verdicts'][number] {
  const { verifierId: id, kind, required, passed, proven, basis, word, summary, evidence } = verdict;
  return {
    id,
    kind,
    required,
    passed,
    proven,
    basis,
    word,
    before: before === undefined ? null : lookShown(before, beside),
    after: { summary, evidence: beside.evidence.get(evidence) ?? null, evidenceDigest: evidence },
  };
}

function lookShown({ state, summary, evidence }: Baseline, beside: Beside) {
  const body = evidence === undefined ? undefined : beside.evidence.get(evidence);
  return { state, summary, evidence: body ?? null, evidenceDigest: evidence ?? null };
}
