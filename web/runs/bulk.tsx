import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { useCommands } from '../ui/commands.js';
import { Dialog } from '../ui/dialog.js';
import { Field } from '../ui/field.js';
import { Refusal } from '../ui/refusal.js';
import { unturned } from '../ui/visible.js';
import styles from './bulk.module.css';
import type { BulkResult, RunRow } from './model.js';
import { type BulkChoice, bulkChoices } from './words.js';

interface BarProps {
  runs: readonly RunRow[];
  onClear: () => void;
  onAct: (choice: BulkChoice) => void;
}

/** For how many of the selected runs each action applies, and why not for the rest. */
export function BulkBar({ runs, onClear, onAct }: BarProps) {
  useCommands([{ id: 'runs.clear', text: 'Clear the selection', group: 'Runs', keys: 'Escape', run: onClear }]);
  const choices = bulkChoices(runs);
  const reasons = choices.flatMap(({ label, why }) => (why === undefined ? [] : [`${label}: ${why}`]));
  return (
    <section className={styles['bar']} aria-label="Selected runs">
      <b>{runs.length} selected</b>
      {choices.map((choice) => (
        <Button
          key={choice.action}
          aria-disabled={choice.applies === 0 || undefined}
          title={choice.why}
          onClick={() => choice.applies > 0 && onAct(choice)}
        >
          {choice.label} {choice.applies}
        </Button>
      ))}
      <p className={`${styles['why']} label`} title={reasons.join('. ')}>
        {reasons.join('. ')}
      </p>
      <Button look="bare" onClick={onClear}>
        Clear
      </Button>
    </section>
  );
}

interface DialogProps {
  choice: BulkChoice;
  runs: readonly RunRow[];
  onClose: () => void;
  onDone: () => void;
}

/** Lists what will happen to each run; asks why; then tells what became of each. */
export function BulkDialog({ choice: { action, label }, runs, onClose, onDone }: DialogProps) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const ids = runs.map(({ runId }) => runId);
  const preview = useQuery({
    queryKey: ['bulk', action, ids],
    queryFn: () => read(api.POST('/v1/runs/bulk/preview', { body: { action, runs: ids } })),
    staleTime: 0,
  });
  const apply = useMutation({
    mutationFn: () => read(api.POST('/v1/runs/bulk', { body: { action, runs: ids, reason } })),
    onSettled: () =>
      Promise.all(['runs', 'views', 'sessions'].map((one) => client.invalidateQueries({ queryKey: [one] }))),
  });
  const count = preview.data?.applies ?? 0;
  const runsText = `${count} ${count === 1 ? 'run' : 'runs'}`;
  if (apply.data) return <Outcome label={label} result={apply.data} onClose={onDone} />;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`${label} ${runsText}?`}
      about="What will happen to each of them. Each is noted in the audit log, with your reason."
      actions={
        <>
          <Button onClick={onClose}>Leave them as they are</Button>
          <Button look="go" onClick={() => apply.mutate()} why={whyNot(reason, count, apply.isPending)}>
            {label} {runsText}
          </Button>
        </>
      }
    >
      {(preview.error ?? apply.error) && <Refusal error={preview.error ?? apply.error} />}
      <Listed
        runs={(preview.data?.runs ?? []).map((run) => ({
          ...run,
          mark: run.applies ? 'will' : 'not',
          detail: run.what,
        }))}
      />
      <Field label="Reason" note="In the audit log for each run.">
        {(control) => (
          <input {...control} value={reason} maxLength={2000} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
    </Dialog>
  );
}

function whyNot(reason: string, count: number, pending: boolean): string | undefined {
  if (pending) return 'it is being done';
  if (count === 0) return 'it applies to none of them any more';
  return reason.trim() === '' ? 'it needs a reason' : undefined;
}

function Outcome({ label, result, onClose }: { label: string; result: BulkResult; onClose: () => void }) {
  const { done, notApplied, failed } = result;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={`${label}: ${done} done, ${notApplied} not applied, ${failed} failed`}
      about="What became of each of them."
      actions={
        <Button look="go" onClick={onClose}>
          Go on
        </Button>
      }
    >
      <Listed runs={result.runs.map((run) => ({ ...run, mark: run.outcome, detail: run.what }))} />
    </Dialog>
  );
}

interface ListedRun {
  readonly runId: string;
  readonly shortId: string;
  readonly title: string;
  readonly mark: string;
  readonly detail: ReactNode;
}

function Listed({ runs }: { runs: readonly ListedRun[] }) {
  return (
    <ul className={styles['list']}>
      {runs.map(({ runId, shortId, title, mark, detail }) => (
        <li key={runId} className={mark === 'not' || mark === 'not applied' ? 'dim' : undefined}>
          <span className="mono">{shortId}</span>
          <span className="cut" title={unturned(title)}>
            {unturned(title)}
          </span>
          <span>
            {mark !== 'will' && <b>{mark}: </b>}
            {detail}
          </span>
        </li>
      ))}
    </ul>
  );
}
