import { AT } from './example-run.js';

const member = {
  memberId: '019ab3c0-b7c1-7a10-9d5e-2f4a6c8e0b13',
  name: 'Bea',
  email: 'bea@ops.example',
  emailVerified: true,
  by: 'person:bea@ops.example',
  role: 'operator',
  listed: false,
  machines: ['bea@laptop-7'],
  keys: [{ name: 'bea-ci', outlives: ['owner', 'approver', 'operator'] }],
  since: AT,
  signIns: 1,
  lastSignInAt: AT,
};
const of = { member: member.email };

const invitation = {
  invitationId: '019ab3c0-c2d4-7b65-8e19-4a7c0f3d5e82',
  email: 'cy@ops.example',
  role: 'approver',
  state: 'waiting',
  createdBy: 'person:ada@ops.example',
  createdAt: AT,
  expiresAt: '2026-11-28T06:16:22.000Z',
  acceptedAt: null,
  acceptedBy: null,
  revokedAt: null,
  revokedBy: null,
};

const organisation = {
  organisationId: '019ab3c0-d4e6-7c27-9f38-5b8d1a4f6c94',
  slug: 'acme',
  name: 'Acme',
  createdAt: AT,
  current: false,
};

/** Of members, invitations and organisations. */
export const MEMBER_EXAMPLES = {
  'members.list': { input: {}, output: { members: [member] } },
  'members.setRole': {
    input: { ...of, role: 'approver' },
    output: { ...member, role: 'approver', revokedKeys: [] },
  },
  'members.setEmail': {
    input: { ...of, email: 'bea.b@ops.example' },
    output: { ...member, email: 'bea.b@ops.example', by: 'person:bea.b@ops.example' },
  },
  'members.remove': { input: of, output: { ...member, keys: [], revokedKeys: ['bea-ci'], endedSignIns: 1 } },
  'invitations.create': {
    input: { email: invitation.email, role: 'approver' },
    output: { ...invitation, url: 'https://ops.example/join#token=opsi_…' },
  },
  'invitations.list': { input: {}, output: { invitations: [invitation] } },
  'invitations.revoke': {
    input: { invitation: invitation.invitationId },
    output: { ...invitation, state: 'revoked', revokedAt: AT, revokedBy: 'person:ada@ops.example' },
  },
  'organisations.create': { input: { name: 'Acme' }, output: organisation },
  'organisations.list': { input: {}, output: { organisations: [organisation] } },
  'organisations.switch': { input: { organisation: 'acme' }, output: { ...organisation, current: true } },
};
