import { useState } from 'react';
import type { JsonObject } from '#ir/json.js';
import { useMe } from '../api/me.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { Refusal } from '../ui/refusal.js';
import { toast } from '../ui/toast.js';
import { visible } from '../ui/visible.js';
import { type Said, useSay } from './data.js';
import styles from './decide.module.css';
import type { Action, IntentDetail } from './model.js';
import { Until } from './until.js';
import { approveWord, glassWords, heldUpWords, may, mayBreakGlass, voidWords, whyNotYet } from './words.js';

interface Props {
  intent: IntentDetail;
  onDecide: () => void;
  /** What policy wants filled in, and what is missing there. */
  form?: JsonObject;
  missing?: string | undefined;
}

const DONE: Readonly<Record<Action, string>> = { approve: 'Approved.', reject: 'Rejected.', withdraw: 'Withdrawn.' };

/** Yes, no, or taken back, each with a reason that is kept. */
export function Decide({ intent, onDecide, form, missing }: Props) {
  const [reason, setReason] = useState('');
  const [asking, setAsking] = useState<'glass' | 'withdraw'>();
  const me = useMe().data;
  const say = useSay(intent.intentId);
  const held = heldUpWords(intent) === undefined ? undefined : 'The policies cannot be used.';
  const gone = voidWords(intent) === undefined ? held : 'It has become void.';
  const given = { reason: reason.trim(), missing: gone ?? missing, busy: say.isPending };
  const whyNot = (action: Action) => whyNotYet(intent, action, given);
  const send = (said: Omit<Said, 'reason'>) =>
    say.mutateAsync({ ...said, reason: given.reason }).then(({ runId, status, glassBrokenBy }) => {
      const done = said.breakGlass ? glassWords(glassBrokenBy) : DONE[said.action];
      toast(runId !== null && status === 'running' ? `${done} Its run begins.` : done);
      setReason('');
      onDecide();
    });
  const decide = (said: Omit<Said, 'reason'>) => void send(said).catch(() => undefined); // shown by the bar
  const role = me?.person?.role;
  const glass = mayBreakGlass(intent, { by: me?.by, role });
  const [approve, withdraw] = [may(intent, 'approve'), may(intent, 'withdraw')];
  return (
    <form className={styles['decide']} aria-label="Decide" onSubmit={(event) => event.preventDefault()}>
      {say.error && !asking && <Refusal error={say.error} />}
      <div className={styles['row']}>
        <input
          className={styles['reason']}
          aria-label="Reason"
          placeholder="Reason, kept in the proof (required)"
          maxLength={2000}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        {withdraw.allowed && !approve.allowed && (
          <Button why={whyNot('withdraw')} onClick={() => setAsking('withdraw')}>
            Withdraw
          </Button>
        )}
        <Button why={whyNot('reject')} onClick={() => decide({ action: 'reject' })}>
          Reject
        </Button>
        <Button look="go" why={whyNot('approve')} onClick={() => decide({ action: 'approve', ...(form && { form }) })}>
          {approveWord(intent, role)}
        </Button>
      </div>
      <p className={styles['say']}>
        {sentence(approveWord(intent, role), whyNot('approve'))}{' '}
        {intent.expiresAt !== null && (
          <>
            Expires in <Until at={intent.expiresAt} />.{' '}
          </>
        )}
        {me && `You decide as ${visible(me.person?.name ?? me.by)}${me.person ? `, ${me.person.role}` : ''}.`}
        {glass && (
          <Button
            look="bare"
            className={styles['glass'] ?? ''}
            why={given.reason === '' ? 'Give a reason first.' : undefined}
            onClick={() => setAsking('glass')}
          >
            Break the glass …
          </Button>
        )}
      </p>
      {asking === 'glass' && (
        <Confirm
          title="Break the glass?"
          about="Two different people who may approve override roles, numbers, windows and forms. Your word stands in the audit log as approval.break_glass, with your reason."
          word="Break the glass"
          act={() => send({ action: 'approve', breakGlass: true })}
          onClose={() => setAsking(undefined)}
        />
      )}
      {asking === 'withdraw' && (
        <Confirm
          title="Withdraw this intent?"
          about="It ends here, and nobody can approve it any more. Whoever wants it proposes it anew."
          word="Withdraw"
          act={() => send({ action: 'withdraw' })}
          onClose={() => setAsking(undefined)}
        />
      )}
    </form>
  );
}

/** Why not, where that is not for the reader to mend; what comes of a yes otherwise. */
function sentence(word: string, why: string | undefined): string {
  if (why !== undefined) return visible(why);
  return word === 'Approve' ? 'Others must agree, or a window must open, before it begins.' : 'It starts at once.';
}
