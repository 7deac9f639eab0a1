import { hasEnded } from '#ir/state.js';
import type { Run } from './data.js';
import { Sentence } from './sentence.js';
import { wayOn } from './way-on.js';

interface Props {
  code: string;
  mend: string;
  run: Run;
  step: string | undefined;
}

/** What to do about it here, and what does the same on a command line. */
export function Way({ code, mend, run, step }: Props) {
  return <Sentence text={wayOn(code, mend, hasEnded(run.status), step)} run={run.runId} step={step} />;
}
