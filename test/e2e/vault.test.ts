import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#kit/clock.js';
import type { Mask } from '#observe/redact.js';
import { RoomSecrets } from '#secrets/room-secrets.js';
import { environmentSecrets } from '#secrets/source.js';
import { listSecrets } from '#secrets/store.js';
import { type NewSecret, Vault } from '#secrets/vault.js';
import { makeVaultKey, readKeyFile, replaceKeyFile } from '#secrets/vault-key.js';
import { type TestDatabase, testDatabase } from '../harness/database.js';
import { ORG } from '../harness/engine.js';
import { verifies } from '../harness/requirements.js';

const OTHER = '00000000-0000-7000-8000-0000000000aa';
const none = environmentSecrets(new Map());
const db: TestDatabase = await testDatabase();
let keys: string;
let vault: Vault;

await db.database.engine.query(`insert into opsroom.organisations (id, slug, name) values ($1, 'other', 'Other')`, [
  OTHER,
]);
afterAll(() => db.close());

beforeEach(async () => {
  keys = await mkdtemp(join(tmpdir(), 'opsroom-vault-'));
  vault = new Vault({ folder: keys, variable: undefined });
  await db.database.engine.query('delete from opsroom.secrets');
  await db.database.engine.query('delete from opsroom.secret_uses');
});

const file = () => join(keys, 'vault.key');
const sql = (text: string, values: unknown[] = []) => db.database.engine.query(text, values);
const put = (secret: Partial<NewSecret> & { name: string; value: string }, into = vault) =>
  db.database.engineTx((tx) =>
    into.put(tx, { org: ORG, environment: '', app: '', by: 'user:ada@here', keep: 2, ...secret }),
  );
const opened = (org = ORG) => vault.openAll(db.database.engine, org);
const exchange = (of = vault, note: () => Promise<void> = async () => undefined) => of.exchangeKey(db.database, note);

function roomSecrets(more: Partial<ConstructorParameters<typeof RoomSecrets>[0]> = {}): RoomSecrets {
  const learn = (_org: string, _mask: Mask) => undefined;
  return new RoomSecrets({
    vault,
    database: db.database,
    environment: none,
    file: none,
    own: ORG,
    clock: systemClock,
    learn,
    refused: async () => undefined,
    ...more,
  });
}

describe('a secret', () => {
  test(
    verifies('KEEP-03', 'is in the database as a ciphertext, and opens by the key of a file that only its owner reads'),
    async () => {
      expect(await put({ name: 'TOKEN', value: 'yellow-submarine' })).toMatchObject({
        version: 1,
        createdBy: 'user:ada@here',
      });
      const { rows } = await sql('select t::text as row, body, data_key from opsroom.secrets t');
      expect(JSON.stringify(rows)).not.toMatch(/yellow|eWVsbG93|79656c6c6f77/);
      expect(await opened()).toMatchObject([{ name: 'TOKEN', value: 'yellow-submarine' }]);
      expect(await readKeyFile(file())).toHaveLength(1);
    },
  );

  test('that is set again is the next version; earlier ones are kept as many as was said', async () => {
    for (const value of ['first', 'second', 'third', 'fourth']) await put({ name: 'TOKEN', value, keep: 1 });
    expect(await opened()).toMatchObject([
      { version: 4, value: 'fourth' },
      { version: 3, value: 'third' },
    ]);
    const [listed] = await listSecrets(db.database.engine, ORG);
    expect(listed).toMatchObject({ version: 4, earlier: [3], lastUse: null });
  });

  test('set by many at once gets as many versions, and one key', async () => {
    await Promise.all(Array.from({ length: 12 }, (_, n) => put({ name: 'TOKEN', value: `value-${n}`, keep: 20 })));
    expect((await opened()).map(({ version }) => version)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(await readKeyFile(file())).toHaveLength(1);
  });

  test.each([
    ['is too short', 'abc', 'shorter than 4'],
    ['is a megabyte', 'x'.repeat(1_000_000), 'longer than 65536'],
    ['holds NUL', 'abcd\0efgh', 'NUL'],
    ['is half a character', 'abcd\uD800', 'half a character'],
  ])('that %s is refused, and not repeated', async (_, value, reason) => {
    const refused = put({ name: 'TOKEN', value });
    await expect(refused).rejects.toMatchObject({
      code: 'SECRET_REFUSED',
      message: expect.stringContaining(reason) as string,
    });
    await expect(refused).rejects.not.toThrow(value.slice(0, 50));
    expect(await opened()).toEqual([]);
  });

  test('of which there are too many, or too large ones, is refused', async () => {
    for (let n = 0; n < 4; n++) await put({ name: `BIG_${n}`, value: 'x'.repeat(60_000) });
    await expect(put({ name: 'MORE', value: 'y'.repeat(60_000) })).rejects.toMatchObject({ code: 'SECRET_REFUSED' });
  });

  test('is not readable through a door, of another organisation not even by name', async () => {
    await put({ name: 'TOKEN', value: 'yellow-submarine' });
    const asked = (org: string, columns: string) =>
      db.database.door(org, async (tx) => (await tx.query(`select ${columns} from opsroom.secrets`)).rows);
    expect(await asked(ORG, 'name, version')).toEqual([{ name: 'TOKEN', version: 1 }]);
    expect(await asked(OTHER, 'name')).toEqual([]);
    for (const column of ['body', 'data_key', '*'])
      await expect(asked(ORG, column)).rejects.toThrow(/permission denied/);
    const change = (text: string) => db.database.door(ORG, (tx) => tx.query(text));
    await expect(change('delete from opsroom.secrets')).rejects.toThrow(/permission denied/);
    await expect(change("update opsroom.secrets set name = 'X'")).rejects.toThrow(/permission denied/);
  });
});

describe('the vault’s key', () => {
  test(verifies('KEEP-03', 'that is missing is asked for, and never made anew while rows are there'), async () => {
    await put({ name: 'TOKEN', value: 'yellow-submarine' });
    await rm(file());
    const refusal = { code: 'VAULT_KEY', message: expect.stringContaining('there is none here') as string };
    await expect(opened()).rejects.toMatchObject(refusal);
    await expect(put({ name: 'OTHER', value: 'another' })).rejects.toMatchObject(refusal);
    await expect(exchange()).rejects.toMatchObject(refusal);
    await expect(readFile(file())).rejects.toThrow(/ENOENT/);
    await expect(roomSecrets().of(ORG, {})).rejects.toMatchObject(refusal);
  });

  test('that is another gives a refusal, never another value', async () => {
    await put({ name: 'TOKEN', value: 'yellow-submarine' });
    await replaceKeyFile(file(), [makeVaultKey()]);
    await expect(opened()).rejects.toMatchObject({ code: 'VAULT_KEY' });
    await expect(put({ name: 'TOKEN', value: 'next-value' })).rejects.toMatchObject({ code: 'VAULT_KEY' });
  });

  test('that is cut short, or that others may read, is refused', async () => {
    await put({ name: 'TOKEN', value: 'yellow-submarine' });
    const text = await readFile(file(), 'utf8');
    await chmod(file(), 0o644);
    await expect(opened()).rejects.toMatchObject({
      code: 'VAULT_KEY',
      mend: expect.stringContaining('chmod 600') as string,
    });
    await chmod(file(), 0o600);
    await writeFile(file(), text.slice(0, 20));
    await expect(opened()).rejects.toMatchObject({ code: 'VAULT_KEY' });
  });

  test('of the environment is used in place of the file’s', async () => {
    const key = makeVaultKey();
    const given = new Vault({ folder: keys, variable: key.bytes.toString('base64') });
    await put({ name: 'TOKEN', value: 'yellow-submarine' }, given);
    await expect(readFile(file())).rejects.toThrow(/ENOENT/);
    expect(await given.openAll(db.database.engine, ORG)).toMatchObject([{ value: 'yellow-submarine' }]);
    await expect(opened()).rejects.toMatchObject({ code: 'VAULT_KEY' });
  });

  test('with no row at all may be missing', async () => {
    expect(await opened()).toEqual([]);
    await expect(exchange()).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('exchanging the key', () => {
  test(
    verifies('KEEP-03', 'wraps the data keys of every organisation anew, and the old key opens nothing more'),
    async () => {
      await put({ name: 'TOKEN', value: 'first' });
      await put({ name: 'TOKEN', value: 'second' });
      await put({ name: 'TOKEN', value: 'theirs', org: OTHER });
      const [old] = await readKeyFile(file());
      const { rows: before } = await sql('select body from opsroom.secrets order by org_id, version');
      expect(await exchange()).toMatchObject({ from: [old?.id], rewrapped: 3, resumed: false });
      const { rows: after } = await sql('select body from opsroom.secrets order by org_id, version');
      expect(after).toEqual(before);
      expect(await opened()).toMatchObject([{ value: 'second' }, { value: 'first' }]);
      expect(await opened(OTHER)).toMatchObject([{ value: 'theirs' }]);
      expect((await readKeyFile(file())).map(({ id }) => id)).not.toContain(old?.id);
    },
  );

  test(
    verifies('KEEP-03', 'masks the new key from then on, in a room that runs, also where no secret is set'),
    async () => {
      const secrets = roomSecrets();
      const printed = async (): Promise<string> => {
        secrets.forget(ORG);
        const [key] = await readKeyFile(file());
        return (await secrets.of(ORG, {})).mask.text(`key ${key?.bytes.toString('base64')}`);
      };
      await put({ name: 'TOKEN', value: 'of another', org: OTHER });
      expect(await printed()).toBe('key ‹secret:OPSROOM_VAULT_KEY›');
      await exchange();
      expect(await printed()).toBe('key ‹secret:OPSROOM_VAULT_KEY›');
      await put({ name: 'TOKEN', value: 'first' });
      expect(await printed()).toBe('key ‹secret:OPSROOM_VAULT_KEY›');
      await exchange();
      expect(await printed()).toBe('key ‹secret:OPSROOM_VAULT_KEY›');
    },
  );

  test('that dies before its commit leaves everything open, also what is set meanwhile; the next one goes on', async () => {
    await put({ name: 'TOKEN', value: 'first' });
    const died = exchange(vault, () => Promise.reject(new Error('the power went')));
    await expect(died).rejects.toThrow('the power went');
    expect(await readKeyFile(file())).toHaveLength(2);
    await put({ name: 'LATER', value: 'second' });
    expect(await opened()).toMatchObject([{ value: 'second' }, { value: 'first' }]);
    expect(await exchange()).toMatchObject({ rewrapped: 1, resumed: true });
    expect(await readKeyFile(file())).toHaveLength(1);
    expect(await opened()).toMatchObject([{ value: 'second' }, { value: 'first' }]);
  });

  test('that dies after its commit leaves the old key behind; the next one takes it away', async () => {
    await put({ name: 'TOKEN', value: 'first' });
    const before = await readKeyFile(file());
    await exchange();
    await replaceKeyFile(file(), [...(await readKeyFile(file())), ...before]);
    expect(await exchange()).toMatchObject({ rewrapped: 0, resumed: true });
    expect(await readKeyFile(file())).toHaveLength(1);
    expect(await opened()).toMatchObject([{ value: 'first' }]);
  });

  test('by several at once, while others set secrets, loses nothing', async () => {
    await put({ name: 'S0', value: 'value-0' });
    const others = Array.from({ length: 10 }, (_, n) => put({ name: `S${n + 1}`, value: `value-${n + 1}` }));
    await Promise.all([exchange(), exchange(), ...others, exchange()]);
    expect(new Set((await opened()).map((one) => ('value' in one ? one.value : one.problem)))).toEqual(
      new Set(Array.from({ length: 11 }, (_, n) => `value-${n}`)),
    );
    expect(await readKeyFile(file())).toHaveLength(1);
  });

  test('of the environment is done where the new one stands before the old one', async () => {
    const [old, next] = [makeVaultKey(), makeVaultKey()].map(({ bytes }) => bytes.toString('base64'));
    const withKeys = (variable: string | undefined) => new Vault({ folder: keys, variable });
    await put({ name: 'TOKEN', value: 'first' }, withKeys(old));
    await expect(exchange(withKeys(old))).rejects.toMatchObject({ code: 'USAGE' });
    expect(await exchange(withKeys(`${next},${old}`))).toMatchObject({ rewrapped: 1 });
    expect(await withKeys(next).openAll(db.database.engine, ORG)).toMatchObject([{ value: 'first' }]);
  });
});

describe('a row that somebody changed', () => {
  test.each([
    ['the bodies of two secrets are swapped', 'body'],
    ['the data keys of two secrets are swapped', 'data_key'],
    ['two secrets are swapped whole', 'data_key = t.data_key, body'],
  ])('%s: neither opens, and the reason names them', async (_, columns) => {
    await put({ name: 'STAGING', value: 'low-value-token' });
    await put({ name: 'PRODUCTION', value: 'high-value-token' });
    await put({ name: 'FINE', value: 'another-token' });
    const last = columns.split(' ').at(-1);
    await sql(`update opsroom.secrets s set ${columns} = t.${last} from opsroom.secrets t
      where s.name in ('STAGING', 'PRODUCTION') and t.name in ('STAGING', 'PRODUCTION') and t.name <> s.name`);
    expect(await opened()).toMatchObject([
      { name: 'FINE', value: 'another-token' },
      { name: 'PRODUCTION', problem: expect.stringContaining('altered') as string },
      { name: 'STAGING', problem: expect.stringContaining('altered') as string },
    ]);
    const { values, mask } = await roomSecrets().of(ORG, {});
    expect(values).toEqual({ FINE: 'another-token' });
    expect(mask.refused.map(({ name }) => name).sort()).toEqual(['PRODUCTION', 'STAGING']);
  });

  test.each([
    ['moved to another environment', `environment = 'production'`],
    ['given another name', `name = 'OTHER'`],
    ['given to another organisation', `org_id = '${OTHER}'`],
    ['shown as a newer version', 'version = 9'],
    ['changed by a bit', 'body = set_byte(body, 14, get_byte(body, 14) # 1)'],
    ['cut short', 'body = substr(body, 1, length(body) - 1)'],
  ])('%s does not open', async (_, change) => {
    await put({ name: 'TOKEN', value: 'yellow-submarine', environment: 'staging' });
    await sql(`update opsroom.secrets set ${change}`);
    const found = [...(await opened()), ...(await opened(OTHER))];
    expect(found).toMatchObject([{ problem: expect.stringContaining('altered') as string }]);
  });

  test('stops the exchange of the key, which changes nothing then', async () => {
    await put({ name: 'TOKEN', value: 'yellow-submarine' });
    await put({ name: 'FINE', value: 'another-token' });
    await sql(
      `update opsroom.secrets set data_key = set_byte(data_key, 20, get_byte(data_key, 20) # 1) where name = 'TOKEN'`,
    );
    await expect(exchange()).rejects.toMatchObject({ code: 'SECRET_ALTERED' });
    expect(await opened()).toMatchObject([{ value: 'another-token' }, { name: 'TOKEN' }]);
  });
});

describe('what a run is given', () => {
  test(
    verifies(
      'KEEP-03',
      'is what says most about its target; everything is masked, of other targets and earlier versions too',
    ),
    async () => {
      await put({ name: 'TOKEN', value: 'for-every-run' });
      await put({ name: 'TOKEN', value: 'staging-before', environment: 'staging' });
      await put({ name: 'TOKEN', value: 'staging-token', environment: 'staging' });
      await put({ name: 'TOKEN', value: 'shop-token', environment: 'staging', app: 'shop' });
      await put({ name: 'PROD_ONLY', value: 'production-token', environment: 'production' });
      const secrets = roomSecrets();
      expect((await secrets.of(ORG, {})).values).toEqual({ TOKEN: 'for-every-run' });
      expect((await secrets.of(ORG, { environment: 'staging' })).values).toEqual({ TOKEN: 'staging-token' });
      const shop = await secrets.of(ORG, { environment: 'staging', app: 'shop' });
      expect(shop.values).toEqual({ TOKEN: 'shop-token' });
      const said = shop.mask.text('for-every-run staging-before staging-token shop-token production-token');
      expect(said).toBe('‹secret:TOKEN› ‹secret:TOKEN› ‹secret:TOKEN› ‹secret:TOKEN› ‹secret:PROD_ONLY›');
    },
  );

  test('the environment wins over the vault, the vault over the file; both are of this machine’s organisation alone', async () => {
    await put({ name: 'A', value: 'vault-value-a' });
    await put({ name: 'B', value: 'vault-value-b' });
    await put({ name: 'A', value: 'their-value-a', org: OTHER });
    const secrets = roomSecrets({
      environment: environmentSecrets(new Map([['A', 'environment-a']])),
      file: environmentSecrets(new Map(['A', 'B', 'C'].map((name) => [name, `file-value-${name}`]))),
    });
    expect((await secrets.of(ORG, {})).values).toEqual({ A: 'environment-a', B: 'vault-value-b', C: 'file-value-C' });
    const theirs = await secrets.of(OTHER, {});
    expect(theirs.values).toEqual({ A: 'their-value-a' });
    expect(theirs.mask.text('environment-a file-value-C')).toBe('‹secret:A› ‹secret:C›');
  });

  test('is taken anew once something is set; the vault’s own key is masked as well', async () => {
    let now = 0;
    const clock = { now: () => new Date(), monotonicMs: () => now };
    const secrets = roomSecrets({ clock });
    expect((await secrets.of(ORG, {})).values).toEqual({});
    await put({ name: 'TOKEN', value: 'yellow-submarine' });
    now += 2000;
    const { values, mask } = await secrets.of(ORG, {});
    expect(values).toEqual({ TOKEN: 'yellow-submarine' });
    expect(mask.text(`cat keys/vault.key: ${await readFile(file(), 'utf8')}`)).toBe(
      'cat keys/vault.key: ‹secret:OPSROOM_VAULT_KEY›\n',
    );
    now += 2000;
    expect((await secrets.of(ORG, {})).mask).toBe(mask);
  });

  test('is noted by step, once, with the version that it was', async () => {
    await put({ name: 'TOKEN', value: 'yellow-submarine', environment: 'staging' });
    const runId = '019ab3c0-0000-7000-8000-000000000001';
    const secrets = await roomSecrets().of(ORG, { environment: 'staging' });
    await secrets.note({ runId, stepId: 'release' }, ['TOKEN', 'ABSENT']);
    await secrets.note({ runId, stepId: 'release' }, ['TOKEN']);
    const { rows } = await sql('select name, source, environment, version, run_id, step_id from opsroom.secret_uses');
    expect(rows).toEqual([
      { name: 'TOKEN', source: 'vault', environment: 'staging', version: 1, run_id: runId, step_id: 'release' },
    ]);
    const [listed] = await db.database.door(ORG, (tx) => listSecrets(tx, ORG));
    expect(listed?.lastUse).toMatchObject({ run: runId, step: 'release', version: 1, at: expect.any(Date) as Date });
  });
});
