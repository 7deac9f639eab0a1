import { hasEnded } from '#ir/state.js';
import type { Run } from './data.js';
import { Sentence } from './sentence.js';
import { wayOn } from './way-on.js';

interface Props {
  code: string;
  mend: string;
  run: Run;
  step: string | undefined;
  /** Of a step that waits: it asks whether what it guards may be done; undefined while its plan is not read. */
  asks?: boolean | undefined;
}

/** What to do about it here, and what does the same on a command line. */
export function Way({ code, mend, run, step, asks }: Props) {
  return <Sentence text={wayOn(code, mend, { ended: hasEnded(run.status), asks })} run={run.runId} step={step} />;
}
