import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { Part } from './part.js';
import styles from './settings.module.css';

/** Who is invited and has not come, and what has become of earlier invitations. */
export function Invitations() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: ['invitations'], queryFn: () => read(api.GET('/v1/invitations')) });
  const revoke = useMutation({
    mutationFn: (invitation: string) =>
      read(api.POST('/v1/invitations/{invitation}/revoke', { params: { path: { invitation } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ['invitations'] }),
  });
  const error = list.error ?? revoke.error;
  const invitations = list.data?.invitations ?? [];
  return (
    <Part title="Invitations" about="A link lets somebody in once. It is shown when it is made, and never again.">
      {error && <Refusal error={error} />}
      {list.data && invitations.length === 0 && <p className="mut">Nobody is invited.</p>}
      {invitations.length > 0 && (
        <div className={styles['scroll']}>
          <table className={styles['table']}>
            <thead>
              <tr>
                <th scope="col" className={styles['wide']}>
                  For
                </th>
                <th scope="col">Role</th>
                <th scope="col" className={styles['spare']}>
                  Until
                </th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {invitations.map(({ invitationId, email, role, expiresAt, state }) => (
                <tr key={invitationId} className={state === 'waiting' ? undefined : styles['over']}>
                  <td className={styles['wide']}>{email ?? 'whoever has the link'}</td>
                  <td>{role}</td>
                  <td className={styles['spare']}>
                    <Time at={expiresAt} />
                  </td>
                  <td>
                    {state === 'waiting' ? (
                      <Button onClick={() => revoke.mutate(invitationId)}>Take back</Button>
                    ) : (
                      state
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
