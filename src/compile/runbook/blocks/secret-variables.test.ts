import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { Inputs } from '../assemble/inputs.js';
import { SecretVariables } from './secret-variables.js';

const grammar = await loadShellGrammar();

/** The environment of each block of a runbook, and what is said of variables that are lost. */
function handed(...scripts: string[]) {
  const inputs = new Inputs({ inputs: {}, secrets: ['db_password'] });
  const env = scripts.map((script, i) => {
    const facts = shellFacts(script, grammar);
    const bound = inputs.bind(script, facts, `r.md:${i + 1}`);
    inputs.assigned(facts, bound);
    return bound.env;
  });
  return { env, lost: inputs.lost() };
}

const SECRET = '{{ secrets.DB_PASSWORD }}';

test.each([
  ['a placeholder', 'export DB_PASSWORD=<db-password>', 'psql "$DB_PASSWORD"', { DB_PASSWORD: SECRET }],
  ['a variable of another name', 'PGPASSWORD="${DB_PASSWORD}"', 'echo $PGPASSWORD', { PGPASSWORD: SECRET }],
  ['itself', 'export DB_PASSWORD="$DB_PASSWORD"', 'echo $DB_PASSWORD', { DB_PASSWORD: SECRET }],
])('a secret that a block takes from %s is handed to the blocks after it', (_what, first, second, env) => {
  expect(handed(first, second)).toMatchObject({ env: [expect.anything(), env], lost: [] });
});

test.each([
  'A=$(echo $DB_PASSWORD)',
  'A=$(printf "%s:%s" app "$DB_PASSWORD" | base64)',
  'A="$(echo "app $DB_PASSWORD")"',
  'A=`echo $DB_PASSWORD`',
  'A="`echo $DB_PASSWORD`"',
  'A=(--user app --password "$DB_PASSWORD")',
  'A[1]=$DB_PASSWORD',
  'export A="x$DB_PASSWORD"',
  'export B=1 A="x $DB_PASSWORD"',
  'declare -x A="x$DB_PASSWORD"',
  "A='x y'$DB_PASSWORD",
  'A=${#DB_PASSWORD}',
  ': "${A:=x$DB_PASSWORD}"',
  'read -r A <<<"$DB_PASSWORD"',
  'read -r A < <(echo $DB_PASSWORD)',
  'printf -v A "x%s" "$DB_PASSWORD"',
  'mapfile -t A <<<"$DB_PASSWORD"',
  'for A in $DB_PASSWORD; do :; done',
  'B=$DB_PASSWORD\nA=$(echo $B)',
  'A=""; read -r A <<<"$DB_PASSWORD"',
  'read -r A <<<"$DB_PASSWORD"; export A',
  'A=""; printf -v A %s "$DB_PASSWORD"',
  'A=""; for A in $DB_PASSWORD; do :; done',
  'A=""; : "${A:=x$DB_PASSWORD}"',
  'A=""; eval "A=x$DB_PASSWORD"',
  'A=(); A[$(( 1 + 1 ))]=$DB_PASSWORD',
  'A=$(case $E in prod) echo $DB_PASSWORD ;; esac)',
  "A=$(echo app # it's\necho $DB_PASSWORD)",
  "A=$(cat <<END\nit's $(echo )\n$DB_PASSWORD\nEND\n)",
])('what is made of a secret by %s is known to be', (script) => {
  const { env, lost } = handed(script, 'echo "$A"');
  expect(env[1]).toEqual({});
  expect(lost).toEqual(['r.md:2 reads A, which a block before made of a secret']);
});

test.each([
  'A=$(date +%F)\npsql "$DB_PASSWORD"',
  'A="a b"; psql "$DB_PASSWORD"',
  'A=x psql "$DB_PASSWORD"',
  'A=(1 2)\npsql $DB_PASSWORD',
])('what is set beside a secret is not taken for one: %s', (script) => {
  expect(handed(script, 'echo "${A:-}"').lost).toEqual([]);
});

test('many values that nothing closes are given up, and count as made of whatever the script has', () => {
  const secrets = new SecretVariables();
  const { assignedVariables, ...facts } = shellFacts('A=1; B=1', grammar);
  const run = `A=$DB_PASSWORD\n# ${'B=${ '.repeat(400_000)}`;
  secrets.note({ ...facts, assignedVariables }, { run, env: { DB_PASSWORD: SECRET } });
  expect(secrets.secretIn('A')).toBe(SECRET);
  expect(secrets.isMade('B')).toBe(true);
});

test('many variables that are set by no assignment are told in one look', () => {
  const secrets = new SecretVariables();
  const names = Array.from({ length: 40_000 }, (_, at) => `V${at}`);
  const run = `read -r ${names.join(' ')} <<<"${names.map((name) => `$${name}`).join(' ')}$DB_PASSWORD"`;
  const facts = { ...shellFacts('A=1', grammar), assignedVariables: names, assignedOtherwise: names };
  secrets.note(facts, { run, env: { DB_PASSWORD: SECRET } });
  expect(names.every((name) => secrets.isMade(name))).toBe(true);
});

test('a secret that is only exported is handed to the blocks after it', () => {
  const { env, lost } = handed('export DB_PASSWORD', 'psql "$DB_PASSWORD"');
  expect(env[1]).toEqual({ DB_PASSWORD: SECRET });
  expect(lost).toEqual([]);
});

test('what is set anew is no secret that was there before', () => {
  const { env, lost } = handed('X=$DB_PASSWORD', 'X=$(openssl rand -hex 8)', 'echo "$X"');
  expect(env[2]).toEqual({});
  expect(lost).toEqual([]);
});

test.each(['A=plain\nif false; then A=$DB_PASSWORD; fi', 'A=$DB_PASSWORD; A+=x'])(
  'what is set several times is not taken for the secret: %s',
  (script) => {
    const { env, lost } = handed(script, 'echo "$A"');
    expect(env[1]).toEqual({});
    expect(lost).toHaveLength(1);
  },
);

test('what is made of a secret is lost for the blocks after it, and said to be', () => {
  const { env, lost } = handed(
    'CONN="postgres://app:$DB_PASSWORD@db/shop"',
    'AGAIN=$CONN',
    'psql $CONN\npsql $AGAIN $CONN',
  );
  expect(env[2]).toEqual({});
  expect(lost).toEqual([
    'r.md:2 reads CONN, which a block before made of a secret',
    'r.md:3 reads CONN, which a block before made of a secret',
    'r.md:3 reads AGAIN, which a block before made of a secret',
  ]);
});

test('what is read with a default is handed on, or said to be lost, as what is read without one', () => {
  const { env, lost } = handed(
    'A=$DB_PASSWORD; B="Bearer $A"',
    'echo "${A:+set} ${B:-none}"',
    'B=1; echo "${B:-none}"',
  );
  expect(env[1]).toEqual({ A: SECRET });
  expect(lost).toEqual(['r.md:2 reads B, which a block before made of a secret']);
});
