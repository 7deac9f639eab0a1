import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { agentName } from './agent.js';
import { Part } from './part.js';
import styles from './settings.module.css';

/** The browsers in which this person is signed in, to be signed out one by one. */
export function SignIns({ me }: { me: Me }) {
  return me.person ? <OfPerson /> : <Empty title="Nobody is signed in here: a key is." />;
}

function OfPerson() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: ['me', 'sign-ins'], queryFn: () => read(api.GET('/v1/me/sign-ins')) });
  const end = useMutation({
    mutationFn: (signIn: string) => read(api.POST('/v1/me/sign-ins/{signIn}/end', { params: { path: { signIn } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['me', 'sign-ins'] }),
  });
  return (
    <Part title="Where you are signed in" about="Each ends by itself 30 days after it was last opened.">
      {(list.error ?? end.error) && <Refusal error={list.error ?? end.error} />}
      {list.data && (
        <div className={styles['scroll']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col" className={styles['wide']}>
                  Browser
                </th>
                <th scope="col">From</th>
                <th scope="col">Since</th>
                <th scope="col">Do</th>
              </tr>
            </thead>
            <tbody>
              {list.data.signIns.map(({ signInId, agent, address, createdAt, current }) => (
                <tr key={signInId}>
                  <td className={styles['wide']} title={agent ?? undefined}>
                    {agentName(agent)}
                  </td>
                  <td>
                    <code>{address ?? '–'}</code>
                  </td>
                  <td>
                    <Time at={createdAt} />
                  </td>
                  <td>
                    {current ? (
                      <span className="mut">this one</span>
                    ) : (
                      <Button onClick={() => end.mutate(signInId)}>Sign out</Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  );
}
