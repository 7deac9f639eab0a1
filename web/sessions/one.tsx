import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Command } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { count } from '../ui/format.js';
import { Refusal } from '../ui/refusal.js';
import { TextField } from '../ui/text-field.js';
import { Time } from '../ui/time.js';
import { AllowTools } from './allow.js';
import styles from './sessions.module.css';

const of = (session: string) => ({ params: { path: { session } } });
const load = (session: string) => read(api.GET('/v1/sessions/{session}', of(session)));
type Session = Awaited<ReturnType<typeof load>>;

/** One session: what it is for, its runs, and what can be done with it. */
export function OneSession({ which }: { which: string }) {
  const { data, error } = useQuery({ queryKey: ['sessions', 'one', which], queryFn: () => load(which) });
  return (
    <main className={styles['page']}>
      <p className={styles['back']}>
        <Link to="/sessions" className="link">
          All sessions
        </Link>
      </p>
      {error && <Refusal error={error} />}
      {data && <Facts session={data} />}
    </main>
  );
}

function Facts({ session }: { session: Session }) {
  const { sessionId, name, intent, runs, createdAt, createdBy, archivedAt, archivedBy, allowedTools, lastRunAt } =
    session;
  return (
    <>
      <div className={styles['head']}>
        <h1>{name}</h1>
        <span className="grow" />
        <Actions session={session} />
      </div>
      <p className={styles['intent']}>
        {intent === '' ? <span className="dim">Nobody said what it is for.</span> : intent}
      </p>
      <dl className={styles['facts']}>
        <dt>Runs</dt>
        <dd>
          <Link to="/runs" search={{ session: sessionId }} className="link">
            {count(runs.total)}
            {runs.more && '+'} {runs.total === 1 ? 'run' : 'runs'}
          </Link>
          , {runs.open} open, {runs.failed} failed
        </dd>
        <dt>Last run</dt>
        <dd>
          <Time at={lastRunAt} />
        </dd>
        <dt>May call</dt>
        <dd>{allowedTools === null ? 'whatever the room has' : allowedTools.join(', ') || 'nothing'}</dd>
        <dt>Begun</dt>
        <dd>
          <Time at={createdAt} /> by {createdBy}
        </dd>
        {archivedAt && (
          <>
            <dt>Archived</dt>
            <dd>
              <Time at={archivedAt} /> by {archivedBy}
            </dd>
          </>
        )}
      </dl>
      {archivedAt === null && (
        <p className={styles['next']}>
          <Link to="/plan" search={{ session: sessionId }} className="link">
            Run a plan in it
          </Link>
          , or from a terminal: <Command text={`npx opsroom run PLAN.yaml --session ${JSON.stringify(name)}`} />
        </p>
      )}
    </>
  );
}

function Actions({ session: { sessionId, name, intent, archivedAt, allowedTools } }: { session: Session }) {
  const [allowing, setAllowing] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const client = useQueryClient();
  const archive = useMutation({
    mutationFn: () =>
      archivedAt === null
        ? read(api.POST('/v1/sessions/{session}/archive', of(sessionId)))
        : read(api.POST('/v1/sessions/{session}/unarchive', of(sessionId))),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <>
      {archive.error && <Refusal error={archive.error} />}
      <Button onClick={() => setRenaming(true)}>Rename</Button>
      <Button onClick={() => setAllowing(true)}>Tools</Button>
      <Button onClick={() => archive.mutate()}>{archivedAt === null ? 'Archive' : 'Open again'}</Button>
      {allowing && <AllowTools id={sessionId} tools={allowedTools} onClose={() => setAllowing(false)} />}
      {renaming && <Rename id={sessionId} name={name} intent={intent} onClose={() => setRenaming(false)} />}
    </>
  );
}

interface RenameProps {
  id: string;
  name: string;
  intent: string;
  onClose: () => void;
}

function Rename({ id, name, intent, onClose }: RenameProps) {
  const [wording, setWording] = useState({ name, intent });
  const client = useQueryClient();
  const rename = useMutation({
    mutationFn: () => read(api.POST('/v1/sessions/{session}/rename', { ...of(id), body: wording })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['sessions'] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rename the session"
      actions={
        <>
          <Button onClick={onClose}>Leave</Button>
          <Button
            look="go"
            onClick={() => rename.mutate()}
            why={wording.name.trim() === '' ? 'Give it a name.' : undefined}
          >
            Rename
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        maxLength={120}
        value={wording.name}
        onText={(text) => setWording({ ...wording, name: text })}
      />
      <TextField
        label="What it is for"
        maxLength={2000}
        value={wording.intent}
        onText={(text) => setWording({ ...wording, intent: text })}
      />
      {rename.error && <Refusal error={rename.error} />}
    </Dialog>
  );
}
