import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { Empty } from '../ui/empty.js';
import { useNow } from '../ui/now.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { type EditorSession, stateOf, whyNotOpen } from './editor-words.js';
import { NewEditorSession } from './new-editor-session.js';
import { Part } from './part.js';
import { Rows } from './rows.js';
import styles from './settings.module.css';

const end = ({ sessionId }: EditorSession) =>
  read(api.POST('/v1/ide-sessions/{ideSession}/end', { params: { path: { ideSession: sessionId } } }));

/** Approving from one's own editor: whether the organisation allows it, and one's own sessions. */
export function Editors({ me }: { me: Me }) {
  const [opening, setOpening] = useState(false);
  const [ending, setEnding] = useState<EditorSession>();
  const client = useQueryClient();
  const found = useQuery({ queryKey: ['ide-sessions'], queryFn: () => read(api.GET('/v1/ide-sessions')) });
  const fresh = () => client.invalidateQueries({ queryKey: ['ide-sessions'] });
  const { allowed = false, sessions } = found.data ?? {};
  return (
    <Part
      title="Editors"
      about="A session lets your editor show what waits and lets you say yes or no there, as yourself."
      action={
        <Button why={found.data ? whyNotOpen(me, allowed) : undefined} onClick={() => setOpening(true)}>
          New session
        </Button>
      }
    >
      {found.error && <Refusal error={found.error} />}
      {found.data && <Allowed allowed={allowed} me={me} onDone={fresh} />}
      {sessions?.length === 0 && (
        <Empty title="No sessions yet">
          Open one for the editor that you sit at; it works for some hours. No tool that a model can call approves
          anything, with it or without.
        </Empty>
      )}
      {sessions && sessions.length > 0 && <SessionTable sessions={sessions} onEnd={setEnding} />}
      {opening && <NewEditorSession onDone={fresh} onClose={() => setOpening(false)} />}
      {ending && (
        <Confirm
          title={`End the session "${ending.name}"?`}
          word="End it"
          about="Your editor shows and decides nothing any more, from its next question on."
          act={() => end(ending).then(fresh)}
          onClose={() => setEnding(undefined)}
        />
      )}
    </Part>
  );
}

function Allowed({ allowed, me, onDone }: { allowed: boolean; me: Me; onDone: () => Promise<unknown> }) {
  const change = useAct(() => read(api.POST('/v1/ide-sessions/allow', { body: { allowed: !allowed } })), {
    onSuccess: onDone,
  });
  const owner = me.permissions.includes('room:admin');
  return (
    <>
      <p>
        {allowed ? 'People here may approve from their editors. ' : 'Nobody here approves from an editor. '}
        <span className="mut">Whatever can read a session can approve as its person while it lasts.</span>{' '}
        {owner && (
          <Button why={change.busy} onClick={() => change.go()}>
            {allowed ? 'Forbid it' : 'Allow it'}
          </Button>
        )}
      </p>
      {change.error && <Refusal error={change.error} />}
    </>
  );
}

const COLUMNS = [
  { text: 'Name' },
  { text: 'Opened', room: 'spare' },
  { text: 'Works until' },
  { text: 'Last used', room: 'spare' },
  { text: 'State' },
] as const;

interface TableProps {
  sessions: readonly EditorSession[];
  onEnd: (session: EditorSession) => void;
}

function SessionTable({ sessions, onEnd }: TableProps) {
  const now = useNow(60_000);
  return (
    <Rows columns={COLUMNS}>
      {sessions.map((session) => {
        const state = stateOf(session, now);
        return (
          <tr key={session.sessionId} className={state === 'open' ? undefined : styles['over']}>
            <td>{session.name}</td>
            <td className={styles['spare']}>
              <Time at={session.createdAt} />
            </td>
            <td>
              <Time at={session.expiresAt} />
            </td>
            <td className={styles['spare']}>
              {session.lastUsedAt === null ? 'never' : <Time at={session.lastUsedAt} />}
            </td>
            <td>{state === 'open' ? <Button onClick={() => onEnd(session)}>End</Button> : state}</td>
          </tr>
        );
      })}
    </Rows>
  );
}
