import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { readSegments } from '#record/audit-store.js';
import { proveConsistency, signHead } from '#record/audit-tree.js';
import { envelopeSchema } from '#record/dsse.js';
import { rangeRoot } from '#record/subtrees.js';
import { operation } from '../operation.js';
import { auditTree } from './tree.js';

const hex = z.string();

export const auditHead = operation({
  name: 'audit.head',
  summary:
    'Sign the root of the audit tree as it is now. Whoever keeps it elsewhere can show later that nothing before it was changed.',
  permission: 'audit:read',
  changes: false,
  consequential: false,
  input: z.strictObject({}),
  output: z.object({
    size: z.int(),
    root: hex,
    at: z.string(),
    envelope: envelopeSchema,
    publicKey: z.string(),
    keyid: hex,
    /** What left the database for files: entries `[from, to)`, and the digest of the file. */
    segments: z.array(z.object({ from: z.int(), to: z.int(), file: hex, by: z.string(), at: z.string() })),
  }),
  run: async (_, room) => {
    const { key, org, database, ports } = room;
    const head = await signHead(await auditTree(room), { key, at: ports.clock.now().toISOString() });
    const segments = await database.door(org, (tx) => readSegments(tx, org));
    return {
      ...head,
      publicKey: key.publicKeyPem,
      keyid: key.keyid,
      segments: segments.map((one) => ({ ...one, at: one.at.toISOString() })),
    };
  },
});

export const auditConsistency = operation({
  name: 'audit.consistency',
  summary:
    'Show that the audit tree of an earlier size is the beginning of a later one (RFC 6962): its roots and the proof between them.',
  permission: 'audit:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    first: z.int().min(1).describe('Size of the earlier tree.'),
    second: z.int().min(1).optional().describe('Size of the later one; the tree as it is now unless given.'),
  }),
  output: z.object({ first: z.int(), firstRoot: hex, second: z.int(), secondRoot: hex, path: z.array(hex) }),
  run: async ({ first, second }, room) => {
    const tree = await auditTree(room);
    const last = second ?? tree.size;
    if (first > last || last > tree.size) {
      const what = `The tree has ${tree.size} entries; no tree of ${first} is the beginning of one of ${last}.`;
      throw new OpsroomError('USAGE', { what, mend: 'Give sizes from 1 on, the earlier first.' });
    }
    const root = async (size: number) => (await rangeRoot(tree, { from: 0, to: size })).toString('hex');
    return {
      first,
      firstRoot: await root(first),
      second: last,
      secondRoot: await root(last),
      path: await proveConsistency(tree, first, last),
    };
  },
});
