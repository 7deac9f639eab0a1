import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, read } from '../api/client.js';
import { Choice } from '../ui/choice.js';
import { Refusal } from '../ui/refusal.js';
import type { Compiled } from './compiled.js';
import { unnamed } from './may-call-list.js';
import styles from './page.module.css';

/** As many as the API gives at once, the newest first. */
const MOST = 200;
const load = () => read(api.GET('/v1/sessions', { params: { query: { archived: 'no', limit: MOST } } }));
const loadOne = (session: string) => read(api.GET('/v1/sessions/{session}', { params: { path: { session } } }));

interface Props {
  compiled: Compiled;
  /** Its id; undefined: none. */
  session: string | undefined;
  onChoose: (session: string | undefined) => void;
}

/** The session that a run is put into, and what its list of tools would not let through. */
export function InSession({ compiled, session, onChoose }: Props) {
  const open = useQuery({ queryKey: ['sessions', 'to choose from'], queryFn: load });
  const listed = open.data?.sessions ?? [];
  const isElsewhere =
    open.data !== undefined && session !== undefined && listed.every((one) => one.sessionId !== session);
  // An address may name one that is older, or archived.
  const other = useQuery({
    queryKey: ['sessions', 'one', session],
    queryFn: () => loadOne(session ?? ''),
    enabled: isElsewhere,
  });
  const all = other.data === undefined ? listed : [other.data, ...listed];
  const chosen = all.find((one) => one.sessionId === session);
  const outside = unnamed(compiled, chosen?.allowedTools ?? null);
  return (
    <div className={styles['session']}>
      <Choice
        label="Session"
        of={[['', 'none'], ...all.map(({ sessionId, name }) => [sessionId, name] as const)]}
        value={chosen === undefined ? '' : chosen.sessionId}
        onChange={(id) => onChoose(id === '' ? undefined : id)}
        note={
          <>
            {chosen === undefined
              ? 'Groups the runs of one intent, and can say what they may call. '
              : listText(chosen.allowedTools)}
            <Link to="/sessions" search={chosen === undefined ? {} : { session: chosen.sessionId }} className="link">
              {chosen === undefined ? 'Sessions' : 'Look at it'}
            </Link>
          </>
        }
      />
      {outside.length > 0 && (
        <p className={styles['warning']} role="status">
          Not in the session’s list, so it would fail before anything is called: {outside.join(', ')}.
        </p>
      )}
      {(open.error ?? other.error) && <Refusal error={open.error ?? other.error} />}
    </div>
  );
}

const listText = (tools: readonly string[] | null): string =>
  tools === null ? 'Its runs may call whatever the room has. ' : `Its runs may call ${tools.join(', ') || 'nothing'}. `;
