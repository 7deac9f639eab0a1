import { z } from 'zod';
import { RESERVED_AGENTS } from '#authorise/approvals/eligible.js';
import { credentialHash, credentialHint, makeCredential } from '#identity/credential.js';
import { EXPIRY, expiresAt } from '#identity/expiry.js';
import { KEY_SCOPES, type Permission } from '#identity/permissions.js';
import { AGENT_NAME } from '#identity/principal.js';
import { type ApiKeyRow, insertKey, type NewKey } from '#identity/store.js';
import { OpsroomError } from '#kit/errors.js';
import { uuidv7 } from '#kit/ids.js';
import { appendAudit } from '#record/audit-store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { keyView, shownKey } from './view.js';

export const createKey = operation({
  name: 'keys.create',
  summary: 'Make an API key for a program. The answer is the only place where the key itself is ever shown.',
  permission: 'room:admin',
  changes: true,
  consequential: true,
  input: z.strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/, 'use letters, digits, ".", "_" and "-", at most 63')
      .describe('Runs and the audit log name whoever uses the key by this.'),
    scopes: z
      .array(z.enum(KEY_SCOPES))
      .min(1)
      .max(KEY_SCOPES.length)
      .describe('What the key may do. Approving is for people alone.'),
    agent: z
      .string()
      .regex(AGENT_NAME, 'use lower-case letters, digits and "-", at most 32')
      .refine((agent) => !RESERVED_AGENTS.has(agent), 'policies know something else by this name; choose another')
      .optional()
      .describe('The agent that will use it, such as `gpt`, `cursor` or `claude-code`: policies know it by this.'),
    expires: z
      .string()
      .regex(EXPIRY, 'write it as 90d, 12h or never')
      .default('90d')
      .describe('After how long it opens nothing any more: `90d`, `12h`, or `never`.'),
  }),
  output: keyView.extend({ key: z.string() }),
  run: async ({ name, scopes, agent, expires }, room) => {
    refuseMore(scopes, room);
    const key = makeCredential('key');
    const now = room.ports.clock.now();
    const made = await keep(room, {
      org: room.org,
      id: uuidv7(now.getTime()),
      name,
      hash: credentialHash(key),
      hint: credentialHint(key),
      scopes: [...new Set(scopes)],
      agent: agent ?? null,
      person: room.principal.person ?? null,
      by: room.by,
      expiresAt: expiresAt(expires, now),
    });
    return { ...shownKey(made), key };
  },
});

/** Nobody gives more than they have: otherwise a key for administration would be one for everything. */
function refuseMore(scopes: readonly Permission[], room: Room): void {
  const more = scopes.find((scope) => room.permissions?.has(scope) === false);
  if (more === undefined) return;
  throw new OpsroomError('DENIED', { what: `${room.by} has not the permission ${more}, so it cannot give it.` });
}

/** The key and the note of it in the audit log, both or neither. */
async function keep(room: Room, key: NewKey): Promise<ApiKeyRow> {
  return room.database.engineTx(async (tx) => {
    const made = await insertKey(tx, key);
    if (!made) {
      const what = `There is a key "${key.name}" already.`;
      throw new OpsroomError('USAGE', { what, mend: 'Choose another name, or revoke that one.' });
    }
    const data = {
      keyId: key.id,
      name: key.name,
      scopes: [...key.scopes],
      agent: key.agent,
      expiresAt: shownKey(made).expiresAt,
    };
    await appendAudit(tx, room.org, [{ at: made.createdAt.toISOString(), kind: 'key.created', actor: room.by, data }]);
    return made;
  });
}
