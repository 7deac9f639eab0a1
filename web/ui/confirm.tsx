import type { ReactNode } from 'react';
import { FormDialog } from './form-dialog.js';

interface Props {
  /** `Remove the rule "team"?` */
  title: string;
  /** What will happen, and whether it can be taken back. */
  about: ReactNode;
  /** The word on the button: what is done. */
  word: string;
  /** Does it; what it throws is shown, and the dialog stays. */
  act: () => Promise<unknown>;
  onClose: () => void;
}

/** Says what will happen, and does it once somebody agrees. */
export function Confirm(props: Props) {
  return <FormDialog {...props} onDone={props.onClose} />;
}
