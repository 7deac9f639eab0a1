import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  forkSessions,
  keepSession,
  type SessionPlace,
  type SessionSpec,
  sessionSchema,
  sessionStart,
} from './session.js';
import { saveAtEnd } from './session-script.js';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'opsroom-session-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

const spec = (order: number, more: Partial<SessionSpec> = {}): SessionSpec => ({
  runFolder: join(folder, 'run'),
  place: { name: 'main', order, after: false },
  isolation: { level: 'none', network: true },
  given: new Set(),
  ...more,
});

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
  readonly kept: boolean;
  /** Whether there is a file of it. */
  readonly left: boolean;
  readonly secret: string[] | undefined;
}

/** Runs a script at its place of the session as the shell tool does. */
async function type(
  order: number,
  script: string,
  env: Record<string, string> = {},
  at: Partial<SessionPlace> = {},
): Promise<Ran> {
  const start = join(folder, 'start.bash');
  const dump = join(folder, 'dump');
  const place = spec(order, { given: new Set(Object.keys(env)), place: { name: 'main', order, after: false, ...at } });
  writeFileSync(start, await sessionStart(place, script));
  const { status, stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-euo', 'pipefail', '-c', script], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env, BASH_ENV: start, OPSROOM_SESSION: dump },
    encoding: 'utf8',
  });
  const secret = status === 0 ? await keepSession(place, dump, (text) => text.includes('hush')) : undefined;
  const left = existsSync(dump);
  rmSync(dump, { force: true });
  return { code: status, out: stdout, err: stderr, kept: secret !== undefined, left, secret };
}

test('folder, variables, arrays, functions and umask go on from block to block', async () => {
  await type(
    0,
    'mkdir -p a/b && cd a/b; umask 077; PLAIN=1; export SHOUT="a \'b\' $HOME\n  \\"c\\" \\\\"; LIST=(x "y z"); greet() { echo "hi $1"; }',
    { HOME: '/h' },
  );
  const { out, err } = await type(1, 'pwd; umask; echo "$PLAIN"; env | grep -A1 ^SHOUT; echo "${LIST[1]}"; greet you');
  expect(err).toBe('');
  expect(out.replace(folder, '')).toBe('/a/b\n0077\n1\nSHOUT=a \'b\' /h\n  "c" \\\ny z\nhi you\n');
});

test('a block tried again starts where the one before it ended, not where its own first try did', async () => {
  await type(0, 'N=1');
  await type(1, 'N=$((N + 1))');
  expect((await type(1, 'N=$((N + 1)); echo $N')).out).toBe('2\n');
  expect((await type(5, 'echo $N')).out).toBe('2\n');
});

test('what begins at the start takes over all but the folder, and what follows goes on from there', async () => {
  await type(0, 'mkdir repo; cd repo; N=1; umask 077; greet() { echo "hi $1"; }');
  const { out } = await type(1, 'pwd; umask; greet $N; cd repo; N=2', {}, { folder: 'start' });
  expect(out.replace(folder, '')).toBe('\n0077\nhi 1\n');
  expect((await type(2, 'pwd; echo $N')).out.replace(folder, '')).toBe('/repo\n2\n');
  expect((await type(2, 'pwd; echo $N', {}, { folder: 'start', after: true })).out).toBe(`${folder}\n2\n`);
});

test('what begins at the start does not mind that the folder before is gone', async () => {
  await type(0, 'mkdir gone; cd gone');
  rmSync(join(folder, 'gone'), { recursive: true });
  expect(await type(1, 'pwd', {}, { folder: 'start' })).toMatchObject({ code: 0, out: `${folder}\n`, err: '' });
});

test('no other folder can be named', () => {
  const place = { name: 'main', order: 0 };
  expect(sessionSchema.safeParse({ ...place, folder: 'start' }).success).toBe(true);
  expect(sessionSchema.safeParse({ ...place, folder: '/srv' }).success).toBe(false);
});

test('a check sees what its step left, at its own order', async () => {
  await type(0, 'WHERE=before');
  await type(1, 'WHERE=after');
  expect(await sessionStart(spec(1), '')).toContain('WHERE="before"');
  expect(await sessionStart(spec(1, { place: { name: 'main', order: 1, after: true } }), '')).toContain(
    'WHERE="after"',
  );
});

test('what a step is handed in its environment is not carried on, whatever it became', async () => {
  await type(0, 'TOKEN=changed-$TOKEN; export OTHER=1', { TOKEN: 'a-secret' });
  const [file = ''] = readdirSync(join(folder, 'run/sessions/main'));
  const text = readFileSync(join(folder, 'run/sessions/main', file), 'utf8');
  expect(text).toContain('OTHER=');
  expect(text).not.toContain('a-secret');
});

test('a variable that holds a secret is left out, and named', async () => {
  expect(await type(0, 'COPY="x-$TOKEN"; export OTHER=1', { TOKEN: 'hush-hush' })).toMatchObject({ secret: ['COPY'] });
  const text = readFileSync(join(folder, 'run/sessions/main/00000.json'), 'utf8');
  expect(text).toContain('OTHER=');
  expect(text).not.toContain('hush');
});

test('what a script is handed counts, whatever the one before had called so', async () => {
  await type(0, 'REF=old; export REF');
  expect((await type(1, 'echo $REF', { REF: 'new' })).out).toBe('new\n');
});

test('a step without a network hands nothing to one that has it', async () => {
  await type(0, 'X=1');
  const other = spec(1, { isolation: { level: 'none', network: false } });
  await expect(sessionStart(other, '')).rejects.toMatchObject({ code: 'ISOLATION_UNAVAILABLE' });
});

test('read-only variables go on, and disturb the next block as little as those of the shell', async () => {
  await type(0, 'readonly FIXED=1; declare -rx OUT=2; IFS=,; cd /');
  const { code, err, out } = await type(1, 'for x in a "$FIXED"; do echo "$x"; done; FIXED=3; env | grep ^OUT; pwd');
  expect({ code, err, out }).toEqual({ code: 0, err: '', out: 'a\n1\nOUT=2\n/\n' });
});

test('what a script makes of what it is handed is kept where its place says so', async () => {
  await type(0, 'VERSION=${VERSION#v}; OTHER=2', { VERSION: 'v1', OTHER: '1' }, { keeps: ['VERSION'] });
  expect((await type(1, 'echo $VERSION ${OTHER-none}')).out).toBe('1 none\n');
});

test.each([
  ['bears the name of a command', 'cd() { :; }; printf() { :; }; read() { :; }; umask() { :; }; echo() { :; }'],
  [
    'bears the name of another',
    'set() { :; }; local() { :; }; unset() { :; }; shopt() { :; }; [() { false; }; trap "true # ERROR" EXIT',
  ],
  ['needs a pattern that is not usual', 'shopt -s extglob\nfits() { [[ $1 = !(x|y) ]] && case $1 in +(a)) ;; esac; }'],
])('a function that %s does not lead the next block astray', async (_what, script) => {
  await type(0, `X=1\n${script}\nbuiltin cd /`);
  expect(await type(1, 'builtin pwd; builtin printf "%s\\n" "$X"; declare -F >/dev/null')).toMatchObject({
    code: 0,
    out: '/\n1\n',
    err: '',
  });
});

test('a block that sets an EXIT trap keeps its state, and does what it wants done at its end', async () => {
  const trapped = await type(0, 'cd /; trap "echo over \\$?" EXIT; X=1; (trap "echo sub" EXIT)');
  expect(trapped).toMatchObject({ out: 'sub\nover 0\n', err: '' });
  expect((await type(0, 'cd /; X=1; trap "echo over \\$?" EXIT INT; trap - INT')).out).toBe('over 0\n');
  expect(await type(1, 'pwd; echo $X; trap "echo failed \\$?" EXIT; false')).toMatchObject({
    code: 1,
    out: '/\n1\nfailed 1\n',
  });
});

test.each([
  ['ERR', "trap 'echo bad' ERR; (exit 3) || :; trap - ERR; set +e; false; trap -p ERR; true", ''],
  [
    'ERR that goes on',
    "set +e; trap 'echo bad' ERR; trap 'echo worse' ERR; false; trap -p ERR",
    "worse\ntrap -- 'echo worse' ERR\n",
  ],
  [
    'RETURN',
    "f() { trap 'echo back' RETURN; echo in; trap - RETURN; }; f; g() { trap 'echo gone' return; echo in; }; g",
    'in\nin\ngone\n',
  ],
  ['DEBUG', "set -T; trap ': dbg' DEBUG; f() { echo in; }; f; trap - DEBUG", 'in\n'],
])('a trap for %s works as ever, beside one for EXIT', async (_name, script, out) => {
  expect(await type(0, `X=1; ${script}`)).toMatchObject({ code: 0, out, err: '', kept: true });
  expect(await type(0, `trap 'echo over' EXIT; ${script}`)).toMatchObject({
    code: 0,
    out: `${out}over\n`,
    err: '',
    kept: false,
  });
});

test('a trap for ERR of a function of the blocks before works as ever, too', async () => {
  await type(0, "guarded() { trap 'echo bad' ERR; trap - ERR; }");
  expect(await type(1, "trap 'echo over' EXIT; set +e; guarded; false; true")).toMatchObject({
    code: 0,
    out: 'over\n',
    err: '',
  });
});

test('a trap for ERR of a file that a block reads in works as ever, too', async () => {
  writeFileSync(join(folder, 'lib'), "trap 'echo bad' ERR\ntrap - ERR\n");
  const script = "trap 'echo over' EXIT; . ./lib; set +e; false; true";
  expect(await type(0, script)).toMatchObject({ code: 0, out: 'over\n', err: '', kept: true });
});

test.each([
  ['trap "f; g" \\\n  err', false],
  ["trap '\nf\n' return", false],
  ['for name in ERR EXIT; do trap f "$name"; done', false],
  ['trap f EXIT; set -euT', false],
  ['trap f EXIT\nf() {\n  [ "$DEBUG" ] || return 0\n}\nDEBUG=1 err "x"', true],
])('whether %j has a trap for EXIT alone: %j', (script, alone) => {
  expect(saveAtEnd(`trap f EXIT\n${script}`).includes('trap() {')).toBe(alone);
});

test('what a trap for DEBUG prints does not get into the state that is kept', async () => {
  expect(await type(0, "X=1; cd /; set -T; trap 'echo dbg' DEBUG")).toMatchObject({ code: 0, kept: true });
  expect((await type(1, 'pwd; echo $X')).out).toBe('/\n1\n');
});

test.each(['PWD=x', 'unset PWD', "mkdir $'odd\\n'; cd $'odd\\n'; PWD=x"])(
  'after %s the next block goes on in the folder itself',
  async (script) => {
    expect(await type(0, `mkdir sub; cd sub; ${script}`)).toMatchObject({ code: 0, err: '', kept: true });
    expect((await type(1, 'pwd')).out).toContain(script.includes('odd') ? `${folder}/sub/odd\n` : `${folder}/sub\n`);
  },
);

test('what a script with set -x logs of its traps is its own', async () => {
  const { err } = await type(0, "set -x; trap 'echo over' EXIT; case $- in *x*) echo traced ;; esac; set +x");
  expect(err).toBe("+ trap 'echo over' EXIT\n+ case $- in\n+ echo traced\n+ set +x\n");
});

test('a state that was not written to its end is refused: the next block would begin where an earlier one ended', async () => {
  const dump = join(folder, 'dump');
  writeFileSync(dump, '/srv\0');
  await expect(keepSession(spec(0), dump, () => false)).rejects.toMatchObject({ code: 'OUTPUT_REFUSED' });
});

test('programs that a block starts do not read the session', async () => {
  expect((await type(0, 'bash -c "echo [${BASH_ENV-none}] \\${BASH_ENV-none}"')).out).toBe('[none] none\n');
});

test.each([
  ['a block that ends early keeps its state', 'X=1; exit 0', true],
  ['a block that becomes another program leaves none', 'X=1; exec true', false],
  ['a block that takes back its EXIT trap keeps its state', 'trap true EXIT; trap - EXIT', true],
])('%s', async (_title, script, kept) => {
  expect(await type(0, script)).toMatchObject({ code: 0, kept });
});

test('a folder that is gone is said', async () => {
  await type(0, 'mkdir gone; cd gone');
  rmSync(join(folder, 'gone'), { recursive: true });
  expect(await type(1, 'echo never')).toMatchObject({
    code: 125,
    out: '',
    left: false,
    err: expect.stringContaining('is gone'),
  });
});

test('a name that means something to the shell stays a name', async () => {
  mkdirSync(join(folder, "it's $(touch pwned)"));
  await type(0, `cd "it's "*`);
  expect((await type(1, 'pwd')).out).toContain("it's $(touch pwned)");
  expect(readdirSync(folder)).not.toContain('pwned');
});

test('a step of another isolation level does not take the state over', async () => {
  await type(0, 'X=1');
  await expect(sessionStart(spec(1, { isolation: { level: 'bubblewrap', network: true } }), '')).rejects.toMatchObject({
    code: 'ISOLATION_UNAVAILABLE',
  });
});

test('a link in place of the state is refused', async () => {
  writeFileSync(join(folder, 'other'), 'no state');
  symlinkSync(join(folder, 'other'), join(folder, 'dump'));
  await expect(keepSession(spec(0), join(folder, 'dump'), () => false)).rejects.toMatchObject({
    code: 'OUTPUT_REFUSED',
  });
});

test('a run that goes on from another takes over what is kept, and no more', async () => {
  await type(0, 'X=0');
  await type(1, 'X=1');
  await forkSessions(join(folder, 'run'), join(folder, 'again'), ({ order }) => order < 1);
  expect(readdirSync(join(folder, 'again/sessions/main'))).toEqual(['00000.json']);
});
