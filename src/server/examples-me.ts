import { AT } from './example-run.js';

const signIn = {
  signInId: '019ab3c0-a1b2-7d33-9c44-6e2f1b8d3f42',
  current: true,
  agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  address: '127.0.0.1',
  createdAt: AT,
  expiresAt: '2026-12-21T06:16:22.000Z',
};

const ideSession = {
  sessionId: '019ab3c0-b3d4-7e55-8a66-7f3e2c9d4a53',
  name: 'cursor-laptop',
  createdAt: AT,
  expiresAt: '2026-11-21T14:16:22.000Z',
  lastUsedAt: null,
  endedAt: null,
  endedBy: null,
};

/** Of what people ask about themselves. */
export const ME_EXAMPLES = {
  'me.get': {
    input: {},
    output: {
      by: 'person:ada@ops.example',
      permissions: ['run:read', 'run:start', 'run:control', 'room:admin'],
      person: { name: 'Ada', email: 'ada@ops.example', role: 'owner', hasPassword: true },
      organisation: { organisationId: '00000000-0000-7000-8000-000000000001', slug: 'local', name: 'Local' },
      host: 'build-1',
      version: '0.1.0',
    },
  },
  'me.signIns': { input: {}, output: { signIns: [signIn] } },
  'ide.open': {
    input: { name: 'cursor-laptop', hours: 8 },
    output: { ...ideSession, key: 'opsi_k3Jx9QvJm0bTtq1c8Yk2nUe7WzR5aLdHf4sGoPiXy6E' },
  },
  'ide.list': { input: {}, output: { allowed: true, sessions: [ideSession] } },
  'ide.end': {
    input: { ideSession: ideSession.sessionId },
    output: { ...ideSession, endedAt: AT, endedBy: 'person:ada@ops.example' },
  },
  'ide.allow': { input: { allowed: true }, output: { allowed: true } },
  'me.endSignIn': { input: { signIn: signIn.signInId }, output: signIn },
};
