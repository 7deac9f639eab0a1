import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../shell/parse.js';
import { Inputs } from './assemble-inputs.js';

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
