import type { Address } from '../address.js';
import type { Run, RunStep, StepDetail } from '../data.js';

/** What each tab of the step inspector is given. */
export interface PaneProps {
  run: Run;
  step: RunStep;
  /** The id of the step that is asked about at the top of the page. */
  asking: string | undefined;
  detail: StepDetail;
  address: Address;
  onGo: (change: Partial<Address>) => void;
}
