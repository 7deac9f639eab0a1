import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { appendAudit } from '#record/audit-store.js';
import { encryptAge, type Readers } from '#secrets/age.js';
import { carriedText } from '#secrets/carried.js';
import type { Opened } from '#secrets/vault.js';
import { operation } from '../operation.js';
import type { Room } from '../room.js';

const SHORTEST_PASSPHRASE = 12;

export const exportSecrets = operation({
  name: 'secrets.export',
  summary:
    'Export the vault as an age file, encrypted to recipients or with a passphrase; there is no other export. For people and the machine’s user: never for keys of programs and agents.',
  permission: 'secret:manage',
  changes: true,
  consequential: true,
  secretInput: true,
  input: z.strictObject({
    recipients: z.array(z.string().min(1).max(5000)).min(1).max(20).optional().describe('Each begins with `age1`.'),
    passphrase: z
      .string()
      .min(SHORTEST_PASSPHRASE)
      .max(1000)
      .optional()
      .describe('In place of recipients: at least 12 characters, better five random words.'),
  }),
  output: z.object({
    /** The armored age file. */
    age: z.string(),
    names: z.array(z.string()),
  }),
  run: async (input, room) => {
    refusePrograms(room);
    const readers = readersOf(input);
    const secrets = await newestOf(room);
    const age = await encryptAge(carriedText(secrets), readers);
    const names = [...new Set(secrets.map(({ name }) => name))];
    await note(room, names, readers);
    return { age, names };
  },
});

function refusePrograms({ principal, by }: Room): void {
  if (principal.kind === 'person' || principal.kind === 'machine') return;
  const mend = 'Sign in, or export on the machine: `opsroom secrets export`.';
  throw new OpsroomError('DENIED', { what: `${by} is a program: the vault is exported for people only.`, mend });
}

function readersOf({
  recipients,
  passphrase,
}: {
  recipients?: string[] | undefined;
  passphrase?: string | undefined;
}): Readers {
  if (recipients !== undefined && passphrase === undefined) return { recipients };
  if (passphrase !== undefined && recipients === undefined) return { passphrase };
  const what = 'An export is encrypted to recipients or with a passphrase: one of the two.';
  throw new OpsroomError('USAGE', { what, mend: 'Give --recipient age1…, or --passphrase.' });
}

type Whole = Extract<Opened, { value: string }>;

/** Without a secret that does not open the export would look whole and not be. */
async function newestOf(room: Room): Promise<Whole[]> {
  const opened = await room.vault.openAll(room.database.engine, room.org);
  const newest = new Map<string, Opened>();
  for (const one of opened) {
    const key = JSON.stringify([one.name, one.environment, one.app]);
    if (!newest.has(key)) newest.set(key, one);
  }
  return [...newest.values()].map((one) => {
    if ('problem' in one) throw new OpsroomError('SECRET_ALTERED', { what: one.problem });
    return one;
  });
}

async function note(room: Room, names: readonly string[], readers: Readers): Promise<void> {
  const at = room.ports.clock.now().toISOString();
  const data = { names: [...names], recipients: 'recipients' in readers ? [...readers.recipients] : ['a passphrase'] };
  await room.database.engineTx((tx) =>
    appendAudit(tx, room.org, [{ at, kind: 'secret.exported', actor: room.by, data }]),
  );
}
