import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { useMe } from '../api/me.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { count } from '../ui/format.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { Segmented } from '../ui/segmented.js';
import { Time } from '../ui/time.js';
import { NewSession } from './new.js';
import { OneSession } from './one.js';
import styles from './sessions.module.css';

const WHICH = [
  { value: 'no', text: 'Open' },
  { value: 'only', text: 'Archived' },
] as const;

/** The sessions of the room, or the one that the address names. */
export function SessionsPage() {
  const { session, archived } = useSearch({ from: '/room/sessions' });
  if (session !== undefined) return <OneSession which={session} />;
  return <Sessions archived={archived === 'only' ? 'only' : 'no'} />;
}

function Sessions({ archived }: { archived: 'no' | 'only' }) {
  const navigate = useNavigate();
  const me = useMe();
  const [making, setMaking] = useState(false);
  const { data, error, hasNextPage, fetchNextPage } = useInfiniteQuery({
    queryKey: ['sessions', archived],
    queryFn: ({ pageParam }: { pageParam: string | undefined }) =>
      read(
        api.GET('/v1/sessions', {
          params: { query: { archived, limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const sessions = data?.pages.flatMap((page) => page.sessions) ?? [];
  return (
    <main className={styles['page']}>
      <div className={styles['head']}>
        <h1>Sessions</h1>
        <p className="mut">One intent’s workspace: the runs that belong together.</p>
        <span className="grow" />
        <Segmented
          label="Which sessions"
          value={archived}
          options={WHICH}
          onChange={(value) =>
            void navigate({ to: '/sessions', search: { archived: value === 'only' ? value : undefined } })
          }
        />
        <Button why={me.data && lacks(me.data, 'run:start')} onClick={() => setMaking(true)}>
          New session
        </Button>
      </div>
      {making && <NewSession onClose={() => setMaking(false)} />}
      {error && <Refusal error={error} />}
      {data && sessions.length === 0 && <NoSession archived={archived} />}
      {sessions.length > 0 && (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">Session</th>
              <th scope="col">What it is for</th>
              <th scope="col" className="num">
                Runs
              </th>
              <th scope="col" className="num">
                Open
              </th>
              <th scope="col" className="num">
                Failed
              </th>
              <th scope="col" className="num">
                Last run
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.map(({ sessionId, name, intent, runs, lastRunAt }) => (
              <tr key={sessionId}>
                <td className="cut">
                  <Link to="/sessions" search={{ session: sessionId }} className="link" title={name}>
                    {name}
                  </Link>
                </td>
                <td className="mut cut" title={intent}>
                  {intent}
                </td>
                <td className="num">
                  {count(runs.total)}
                  {runs.more && '+'}
                </td>
                <td className="num">{runs.open || <span className="dim">–</span>}</td>
                <td className="num">{runs.failed || <span className="dim">–</span>}</td>
                <td className="num">
                  <Time at={lastRunAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {hasNextPage && (
        <p className={styles['more']}>
          <Button onClick={() => void fetchNextPage()}>Show more</Button>
        </p>
      )}
    </main>
  );
}

function NoSession({ archived }: { archived: 'no' | 'only' }) {
  if (archived === 'only') return <Empty title="No session is archived." />;
  return (
    <Empty title="There is no session yet." command={'npx opsroom run PLAN.yaml --session "Move the shop"'}>
      A session groups the runs of one intent, and can say what they may call: <i>New session</i>. A run that names a
      session which is not there begins it.
    </Empty>
  );
}
