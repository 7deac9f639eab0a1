import { z } from 'zod';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { readEvidence } from '#record/store.js';
import { operation } from '../operation.js';

const json: z.ZodType<JsonValue> = z.json();

export const showEvidence = operation({
  name: 'proofs.evidence',
  summary: 'A piece of evidence by the digest that a proof record names: what a verifier saw, secrets masked.',
  permission: 'run:read',
  changes: false,
  consequential: false,
  input: z.strictObject({
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'is a SHA-256 in hex')
      .describe('SHA-256, hex, over the canonical JSON (RFC 8785) of the evidence'),
  }),
  output: z.object({ digest: z.string(), evidence: json }),
  run: async ({ digest }, room) => {
    const found = await room.database.door(room.org, (tx) => readEvidence(tx, room.org, [digest]));
    const evidence = found.get(digest);
    if (evidence === undefined)
      throw new OpsroomError('NOT_FOUND', {
        what: 'There is no such evidence.',
        where: digest,
        mend: 'Its digest stands in the proofs of the run: `opsroom proofs RUN`.',
      });
    return { digest, evidence };
  },
});
