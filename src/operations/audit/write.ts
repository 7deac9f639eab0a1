import { z } from 'zod';
import { cleanJson } from '#ir/clean.js';
import { canonicalJson } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { auditLeaf } from '#record/audit.js';
import { EXTERNAL } from '#record/audit-csv.js';
import { appendAudit, countSince } from '#record/audit-store.js';
import type { Sql } from '#record/store.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';
import { fromWhere, whoAsks } from './note.js';

const MOST_BYTES = 8192;
const DEEPEST = 20;
const PER_MINUTE = 60;

export const writeAudit = operation({
  name: 'audit.note',
  summary:
    'Append a note of your own to the audit log. It is kept under your name as external, and never looks like an entry of the room.',
  permission: 'audit:write',
  changes: true,
  consequential: false,
  audited: 'itself',
  input: z.strictObject({
    event: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'use letters, digits, ".", "_" and "-", at most 64')
      .describe('What happened: `hourly_health`.'),
    data: z.record(z.string(), z.json()).default({}).describe(`Anything, at most ${MOST_BYTES} bytes of JSON.`),
  }),
  output: z.object({ seq: z.int(), at: z.string(), event: z.string(), actor: z.string(), leaf: z.string() }),
  run: async ({ event, data }, room) => {
    const { mask } = await room.ports.secrets(room.org, {});
    const note = mask.json(bounded(data));
    const at = room.ports.clock.now();
    const kind = `${EXTERNAL}${namespaceOf(room)}/${event}`;
    const fact = {
      at: at.toISOString(),
      kind,
      actor: room.by,
      data: { who: whoAsks(room), from: fromWhere(room), note },
    };
    const [entry] = await room.database.engineTx(async (tx) => {
      const entries = await appendAudit(tx, room.org, [fact]);
      await refuseFlood(tx, room, at);
      return entries;
    });
    if (!entry) throw new OpsroomError('INTERNAL', { what: 'The entry was not appended.' });
    return { seq: entry.seq, at: entry.at, event: kind, actor: entry.actor, leaf: auditLeaf(entry).toString('hex') };
  },
});

/** The agent or the key; whoever has neither is told apart by the kind of principal. */
function namespaceOf({ principal }: Room): string {
  return principal.agent ?? /^key:([A-Za-z0-9._-]+)$/.exec(principal.by)?.[1] ?? principal.kind;
}

function bounded(data: Readonly<Record<string, unknown>>): JsonObject {
  const clean = cleanJson(data, { maxDepth: DEEPEST }) as JsonObject;
  const bytes = Buffer.byteLength(canonicalJson(clean));
  if (bytes <= MOST_BYTES) return clean;
  throw new OpsroomError('REQUEST_TOO_LARGE', { what: `"data" has ${bytes} bytes; a note has at most ${MOST_BYTES}.` });
}

/** Counted in the log itself, this note among them, by whoever holds its end: so it holds for all that write at once, in any process. */
async function refuseFlood(tx: Sql, { org, by }: Room, now: Date): Promise<void> {
  const since = new Date(now.getTime() - 60_000).toISOString();
  const asked = { actor: by, kind: EXTERNAL, since, most: PER_MINUTE + 1 };
  if ((await countSince(tx, org, asked)) <= PER_MINUTE) return;
  throw new OpsroomError('TOO_MANY_REQUESTS', { what: `${by} has written ${PER_MINUTE} notes within a minute.` });
}
