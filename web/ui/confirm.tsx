import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button.js';
import { Dialog } from './dialog.js';
import { Refusal } from './refusal.js';

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
export function Confirm({ title, about, word, act, onClose }: Props) {
  const doing = useMutation({ mutationFn: act, onSuccess: onClose });
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      about={about}
      actions={
        <>
          <Button onClick={onClose}>Leave it</Button>
          <Button look="go" why={doing.isPending ? 'it is being done' : undefined} onClick={() => doing.mutate()}>
            {word}
          </Button>
        </>
      }
    >
      {doing.error && <Refusal error={doing.error} />}
    </Dialog>
  );
}
