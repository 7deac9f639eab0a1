import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '#operations/runs/get.js';
import { openAge } from '#operations/secrets/open-age.js';
import { type TestApi, testApi } from '../harness/api.js';
import { Cli } from '../harness/cli.js';
import { eventually } from '../harness/processes.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ env: { OPSROOM_SECRET_FROM_OUTSIDE: 'outside-value' } });
});
afterAll(() => api.close());

const post = (path: string, body: unknown, headers = {}) => api.ask('POST', path, { body, headers });
const audit = async (kind: string) =>
  (
    await api.db.database.engine.query('select actor, data from opsroom.audit_entries where kind = $1 order by seq', [
      kind,
    ])
  ).rows as { actor: string; data: Record<string, unknown> }[];

describe('over HTTP', () => {
  test(
    verifies('ROOM-06', 'a secret is set, listed, shown, used and removed, and its value never comes back'),
    async () => {
      const set = await post('/v1/secrets', { name: 'HOOK', value: 'yellow-submarine', environment: 'staging' });
      expect(set.status, set.text).toBe(201);
      expect(set.body()).toMatchObject({ name: 'HOOK', environment: 'staging', app: null, version: 1, lastUse: null });
      const runId = await runOf({ environment: 'staging' });
      const answers = [
        set,
        await api.ask('GET', '/v1/secrets'),
        await api.ask('GET', '/v1/secrets/HOOK'),
        await api.ask('GET', `/v1/runs/${runId}/logs`),
        await api.ask('GET', '/v1/audit'),
      ];
      for (const { text } of answers) expect(text).not.toMatch(/yellow-submarine|outside-value/);
      expect(answers[1]?.body()).toMatchObject({
        secrets: [{ name: 'HOOK', lastUse: { runId, step: 'use', version: 1 } }],
        elsewhere: [{ name: 'FROM_OUTSIDE', source: 'environment' }],
      });
      expect(answers[2]?.body()).toMatchObject({
        uses: [{ runId, step: 'use', source: 'vault', environment: 'staging' }],
      });
      const removed = await post('/v1/secrets/HOOK/remove', { environment: 'staging' });
      expect(removed.body()).toEqual({ name: 'HOOK', removed: [1] });
      expect((await post('/v1/secrets/HOOK/remove', {})).status).toBe(404);
      expect(await audit('secret.set')).toMatchObject([{ data: { name: 'HOOK', environment: 'staging', version: 1 } }]);
      expect(await audit('secret.removed')).toMatchObject([{ data: { name: 'HOOK', environment: 'staging' } }]);
    },
  );

  test('a run on another target does not see it, and says which is missing', async () => {
    await post('/v1/secrets', { name: 'HOOK', value: 'yellow-submarine', environment: 'staging' });
    const view = await viewOf(await runOf({ environment: 'preview' }));
    expect(view.status).toBe('failed');
    expect(JSON.stringify(view)).toMatch(/HOOK/);
  });

  test.each([
    ['a name with a dash', { name: 'A-B', value: 'long-enough' }, 400],
    ['a name that begins with a digit', { name: '1A', value: 'long-enough' }, 400],
    ['a name of 101 characters', { name: 'A'.repeat(101), value: 'long-enough' }, 400],
    ['a short value', { name: 'A', value: 'abc' }, 422],
    ['a value of a megabyte', { name: 'A', value: 'x'.repeat(1_000_000) }, 400],
    ['a value with NUL', { name: 'A', value: 'long\0enough' }, 400],
    ['half a character', { name: 'A', value: 'long-enough\uD800' }, 400],
    ['an environment over two lines', { name: 'A', value: 'long-enough', environment: 'a\nb' }, 400],
    ['a member that it does not know', { name: 'A', value: 'long-enough', vlaue: 'x' }, 400],
  ])('%s is refused, and the value not repeated', async (_, body, status) => {
    const answer = await post('/v1/secrets', body);
    expect(answer.status, answer.text).toBe(status);
    expect(answer.text).not.toContain(body.value.slice(0, 4));
    expect(api.logged.join('\n')).not.toContain('long-enough');
  });

  test('who may run, but not manage secrets, gets none of it', async () => {
    const key = await api.key('run:read', 'run:start', 'room:admin');
    const headers = { 'x-api-key': key };
    expect((await api.ask('GET', '/v1/secrets', { headers })).status).toBe(403);
    expect((await post('/v1/secrets', { name: 'A', value: 'long-enough' }, headers)).status).toBe(403);
  });

  test('a `.env` is imported: what cannot be masked is left out, and a line that is none names itself, not its value', async () => {
    const text = '# theirs\nexport SMTP_URL="smtp://u:p@mail.example"\nDEBUG=1\nMULTI=\'a b\nc d\'\n';
    const answer = await post('/v1/secrets/import', { text, app: 'shop' });
    expect(answer.body()).toMatchObject({
      set: [
        { name: 'MULTI', app: 'shop' },
        { name: 'SMTP_URL', app: 'shop' },
      ],
      leftOut: [{ name: 'DEBUG' }],
    });
    const wrong = await post('/v1/secrets/import', { text: 'GOOD=long-enough\nBAD=hunter2 and more\n' });
    expect(wrong.status).toBe(400);
    expect(wrong.text).toContain('text:2');
    expect(wrong.text).not.toContain('hunter2');
    expect((await api.ask('GET', '/v1/secrets/GOOD')).status).toBe(404);
    const only = await post('/v1/secrets/import', { text: 'A_1=long-enough\nB_1=long-enough', only: ['B_1'] });
    expect(only.body()).toMatchObject({ set: [{ name: 'B_1' }] });
  });

  test(
    verifies('KEEP-03', 'an export is an age file, for recipients or a passphrase, and is imported again'),
    async () => {
      const identity = await generateIdentity();
      const recipients = [await identityToRecipient(identity)];
      await post('/v1/secrets', { name: 'CARRIED', value: 'carry me "over"\n', environment: 'staging', app: 'shop' });
      const byKey = (await post('/v1/secrets/export', { recipients })).body() as { age: string; names: string[] };
      expect(byKey.names).toContain('CARRIED');
      expect(byKey.age).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
      const text = await openAge(byKey.age, { identities: [identity] });
      await post('/v1/secrets/CARRIED/remove', { environment: 'staging', app: 'shop' });
      expect((await post('/v1/secrets/import', { text, only: ['CARRIED'] })).body()).toMatchObject({
        set: [{ name: 'CARRIED', environment: 'staging', app: 'shop' }],
      });
      const passphrase = 'five random words of mine';
      const { age } = (await post('/v1/secrets/export', { passphrase })).body() as { age: string };
      // The library reads what our own scrypt wrote.
      const decrypter = new Decrypter();
      decrypter.addPassphrase(passphrase);
      const { armor } = await import('age-encryption');
      expect(await decrypter.decrypt(armor.decode(age), 'text')).toContain('carry me');
      const other = { identities: [await generateIdentity()] };
      await expect(openAge(byKey.age, other)).rejects.toMatchObject({ code: 'USAGE' });
      expect(await audit('secret.exported')).toMatchObject([
        { data: { recipients } },
        { data: { recipients: ['a passphrase'] } },
      ]);
    },
  );

  test('a plain export does not exist, and no program gets any', async () => {
    expect((await post('/v1/secrets/export', {})).status).toBe(400);
    expect((await post('/v1/secrets/export', { passphrase: 'too short' })).status).toBe(400);
    expect((await post('/v1/secrets/export', { recipients: ['age1nonsense'] })).status).toBe(400);
    const key = await api.key('secret:manage');
    const answer = await post('/v1/secrets/export', { passphrase: 'five random words of mine' }, { 'x-api-key': key });
    expect(answer.status).toBe(403);
  });
});

const viewOf = async (run: string) => (await api.ask('GET', `/v1/runs/${run}`)).body() as unknown as RunView;

async function runOf(target: object): Promise<string> {
  const value = {
    title: 'Use it',
    target,
    onFailure: 'stop',
    steps: [{ id: 'use', tool: 'shell', args: { run: 'echo "$HOOK"', env: { HOOK: '{{ secrets.HOOK }}' } } }],
  };
  const started = await post('/v1/runs', { plan: { value }, folder: tmpdir() });
  expect(started.status, started.text).toBe(201);
  const { runId } = started.body() as { runId: string };
  const worker = await api.open.startWorker('all');
  await eventually(async () => (await viewOf(runId)).endedAt !== null);
  await worker.drain(1000);
  return runId;
}

describe('on the command line', () => {
  let home: string;
  let cli: Cli;
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'opsroom-secrets-'));
    cli = new Cli(home, { OPSROOM_HOME: home, DATABASE_URL: api.db.url, GIVEN: 'given-by-environment' });
    await api.db.database.engine.query('delete from opsroom.secrets');
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  test('values come from a variable, a file or a pipe, and never stand in its arguments', async () => {
    expect((await cli.call('secrets', 'set', 'A', '--from-env', 'GIVEN', '--json')).json()).toMatchObject({
      version: 1,
    });
    await writeFile(join(home, 'value'), 'one line\n');
    expect((await cli.call('secrets', 'set', 'B', '--from-file', 'value', '--app', 'shop')).stdout).toMatch(/app shop/);
    const refused = await cli.call('secrets', 'set', 'C', 'hunter2-hunter2');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/command line/);
    expect(refused.stderr).not.toContain('hunter2');
    const nothing = await cli.call('secrets', 'set', 'C');
    expect(nothing.code).toBe(2);
    await writeFile(join(home, 'binary'), Buffer.from([1, 2, 250, 255, 3]));
    expect((await cli.call('secrets', 'set', 'C', '--from-file', 'binary')).stderr).toMatch(/no text in UTF-8/);
    const unset = await cli.call('secrets', 'set', 'C', '--from-env', 'NOT_GIVEN');
    expect([unset.code, unset.stderr]).toEqual([2, expect.stringMatching(/NOT_GIVEN is not set[\s\S]*`export` it/)]);
    const list = await cli.call('secrets', 'list');
    expect(list.stdout).toMatch(/A\s+every\s+every\s+anywhere\s+1 {2}/);
    await cli.call('secrets', 'set', 'B', '--from-file', 'value', '--app', 'shop');
    expect((await cli.call('secrets', 'list')).stdout).toMatch(/B\s+every\s+shop\s+anywhere\s+2, and 1 still masked/);
    const bound = await cli.call('secrets', 'bind', 'A', '--hosts', 'a.example:5432, *.b.example');
    expect(bound.stdout).toBe('A, which counts for every run, may be sent to a.example:5432, *.b.example.\n');
    expect((await cli.call('secrets', 'bind', 'A')).code).toBe(2);
    expect(list.stdout).not.toMatch(/given-by|one line/);
    const worker = await cli.call('secrets', 'show', 'A');
    expect(worker.stdout).toMatch(/No step has used it/);
  });

  test('an export goes into a file that only its owner reads, and comes back', async () => {
    const identity = await generateIdentity();
    await writeFile(join(home, 'key.txt'), `# public key\n${identity}\n`);
    const recipient = await identityToRecipient(identity);
    const done = await cli.call('secrets', 'export', '--recipient', recipient, '--out', 'vault.age', '--json');
    expect(done.json()).toMatchObject({ names: ['A', 'B'] });
    expect(await readFile(join(home, 'vault.age'), 'utf8')).not.toMatch(/given-by/);
    expect((await cli.call('secrets', 'import', 'vault.age')).stderr).toMatch(/--identity/);
    const back = await cli.call('secrets', 'import', 'vault.age', '--identity', 'key.txt', '--json');
    expect(back.json()).toMatchObject({
      set: [
        { name: 'A', version: 2 },
        { name: 'B', version: 3, app: 'shop' },
      ],
    });
  });

  test(
    verifies('KEEP-03', 'the key is exchanged; without it every command says what is missing, and doctor too'),
    async () => {
      const before = await readFile(join(home, 'keys', 'vault.key'), 'utf8');
      expect((await cli.call('secrets', 'rotate-key', '--json')).json()).toMatchObject({ rewrapped: 5 });
      const after = await readFile(join(home, 'keys', 'vault.key'), 'utf8');
      expect(after).not.toBe(before);
      expect((await cli.call('doctor')).stdout).toMatch(/Vault/);
      await rm(join(home, 'keys', 'vault.key'));
      const refused = await cli.call('secrets', 'set', 'D', '--from-env', 'GIVEN');
      expect(refused.stderr).toMatch(/sealed with the key [0-9a-f]{16}; there is none here/);
      const doctor = await cli.call('doctor');
      expect(doctor.stdout).toMatch(/there is none here/);
      expect((await cli.call('secrets', 'list')).stdout).toMatch(/A\s/);
      await writeFile(join(home, 'keys', 'vault.key'), after);
      await chmod(join(home, 'keys', 'vault.key'), 0o644);
      expect((await cli.call('doctor')).stdout).toMatch(/Others may read the vault key/);
    },
  );
});
