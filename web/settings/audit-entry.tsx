import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { CopyButton } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { fullTime } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import type { Shown } from '../ui/state.js';
import { State } from '../ui/state-icon.js';
import { visible } from '../ui/visible.js';
import styles from './audit.module.css';
import { checkEntry, type EntryCheck } from './audit-check.js';
import { factsOf } from './audit-words.js';

/** One entry: who, from where, what and how it ended; and whether it stands in the signed tree, found out in this browser. */
export function AuditEntryDialog({ seq, onClose }: { seq: number; onClose: () => void }) {
  const shown = useQuery({
    queryKey: ['audit', 'entry', seq],
    queryFn: () => read(api.GET('/v1/audit/entries/{seq}', { params: { path: { seq } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const entry = shown.data?.entry;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Entry ${seq}`}
      about={entry ? visible(`${entry.kind}, ${entry.actor}`) : 'Looking it up …'}
      actions={<Button onClick={onClose}>Close</Button>}
    >
      {shown.error && <Refusal error={shown.error} />}
      {shown.data && entry && (
        <div className={styles['entry']}>
          <dl className={styles['facts']}>
            <Fact name="at">{fullTime(new Date(entry.at))}</Fact>
            <Fact name="checked here">
              <Checked shown={shown.data} />
            </Fact>
            {entry.source === 'external' && <Fact name="whose word">an outside agent’s, not the room’s</Fact>}
            {entry.outcome !== null && <Fact name="outcome">{visible(entry.outcome)}</Fact>}
            {factsOf(entry).map(([name, value]) => (
              <Fact key={name} name={name}>
                {value}
              </Fact>
            ))}
            <Fact name="leaf hash">
              {entry.leaf} <CopyButton text={entry.leaf} what="the hash" />
            </Fact>
          </dl>
          <pre className={styles['data']}>{visible(JSON.stringify(entry.data, undefined, 2))}</pre>
        </div>
      )}
    </Dialog>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const CHECKED: Readonly<Record<EntryCheck['state'], Shown>> = {
  'in the tree': { look: 'proven', word: 'in the signed tree' },
  'not in the tree': { look: 'failed', word: 'not in the signed tree' },
  'not signed': { look: 'failed', word: 'the tree is not signed with the room’s key' },
  cannot: { look: 'unknown', word: 'this browser knows no Ed25519: use opsroom audit verify' },
};

type ShownEntry = { readonly proof: Parameters<typeof checkEntry>[0]; readonly publicKey: string };

function Checked({ shown: { proof, publicKey } }: { shown: ShownEntry }) {
  const { data, isError } = useQuery({
    queryKey: ['audit', 'check', proof.index, proof.size],
    queryFn: () => checkEntry(proof, publicKey),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isError) return <State shown={{ look: 'failed', word: 'the proof cannot be read' }} />;
  return <State shown={data ? CHECKED[data.state] : { look: 'running', word: 'checking' }} />;
}
