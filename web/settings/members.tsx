import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import type { Me } from '../api/me.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { lacks } from '../ui/lacks.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { toast } from '../ui/toast.js';
import { visible } from '../ui/visible.js';
import { Invitations } from './invitations.js';
import { Invite } from './invite.js';
import { lostWith, lostWords, type Member, ROLES, type Role, whyNot } from './member-words.js';
import { Part } from './part.js';
import { RemoveMember } from './remove-member.js';
import styles from './settings.module.css';

/** Who belongs to the organisation, what they may do, and who is invited. */
export function Members({ me }: { me: Me }) {
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const list = useQuery({ queryKey: ['members'], queryFn: () => read(api.GET('/v1/members')) });
  const why = lacks(me, 'room:admin');
  return (
    <>
      <Part
        title="Members"
        about={`Of ${me.organisation.name}. A role counts from the next request on.`}
        action={
          <Button why={why} onClick={() => setInviting(true)}>
            Invite
          </Button>
        }
      >
        {list.error && <Refusal error={list.error} />}
        {list.data?.members.length === 0 && (
          <p className="mut">
            Nobody is a member yet. The room’s own machine and its API keys come in without being one.
          </p>
        )}
        {list.data && list.data.members.length > 0 && (
          <MemberTable members={list.data.members} why={why} onRemove={setRemoving} />
        )}
      </Part>
      {why === undefined && <Invitations />}
      {inviting && <Invite onClose={() => setInviting(false)} />}
      {removing && <RemoveMember of={removing} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

interface TableProps {
  members: readonly Member[];
  /** Why nothing can be changed. */
  why: string | undefined;
  onRemove: (member: Member) => void;
}

function MemberTable({ members, why, onRemove }: TableProps) {
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col" className={styles['wide']}>
              Who
            </th>
            <th scope="col">Role</th>
            <th scope="col" className={styles['spare']}>
              Signed in
            </th>
            <th scope="col">Do</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.memberId}>
              <td className={styles['wide']}>
                {member.name} <span className="mut">{member.email ?? 'no e-mail'}</span>
                {member.email !== null && !member.emailVerified && <span className="dim"> not verified</span>}
                <p className="label">{noteOf(member)}</p>
              </td>
              <td>{why === undefined ? <RoleOf member={member} /> : member.role}</td>
              <td className={styles['spare']}>
                {member.lastSignInAt === null ? <span className="dim">–</span> : <Time at={member.lastSignInAt} />}
              </td>
              <td>
                <Button why={why ?? whyNot(member, members)} onClick={() => onRemove(member)}>
                  Take out
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const noteOf = ({ by, machines, listed }: Member): string =>
  [by, ...machines.map((machine) => `user:${machine}`), ...(listed ? ['by OPSROOM_OAUTH_ALLOW'] : [])].join(', ');

/** The role of a member, to be changed. A role that revokes keys of theirs is given once somebody has agreed to that. */
function RoleOf({ member }: { member: Member }) {
  const { memberId, email, name, role } = member;
  const [asked, setAsked] = useState<Role>();
  const client = useQueryClient();
  const give = useMutation({
    mutationFn: (next: Role) =>
      read(api.POST('/v1/members/{member}/role', { params: { path: { member: memberId } }, body: { role: next } })),
    onSuccess: ({ revokedKeys }) =>
      toast(revokedKeys.length === 0 ? 'Saved.' : `Saved. Revoked keys that may do more: ${revokedKeys.join(', ')}.`),
    onSettled: () => client.invalidateQueries({ queryKey: ['members'] }),
  });
  const choose = (next: Role) => (lostWith(member, next).length > 0 ? setAsked(next) : give.mutate(next));
  return (
    <>
      <select
        aria-label={`Role of ${email ?? name}`}
        className={styles['choice']}
        value={role}
        onChange={(event) => choose(event.target.value as Role)}
      >
        {ROLES.map(([value]) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
      {give.error && asked === undefined && <Refusal error={give.error} />}
      {asked && (
        <Confirm
          title={`Make ${visible(name)} ${asked}?`}
          about={lostWords(lostWith(member, asked), asked)}
          word="Give the role"
          act={() => give.mutateAsync(asked)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
