import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;
const needed = async (text: string) => {
  const whole = `---\nopsroom: { secrets: [db_password] }\n---\n# R\n\n${text}`;
  const { plan } = await compileRunbook({ text: whole, file: 'r.md' }, contracts);
  return plan.steps.map(({ preconditions }) => preconditions);
};

const first = block('systemctl stop shop');
const reads = block('make dump PASSWORD="$DB_PASSWORD"');

test('a secret that nobody has set is told before the first step, not by the one that reads it', async () => {
  expect(await needed(`${first}${reads}`)).toEqual([['secret:DB_PASSWORD'], []]);
  expect(await needed(`${first}## Rollback\n\n${reads}`)).toEqual([['secret:DB_PASSWORD']]);
});

test('what is read in some case only is not asked of every run', async () => {
  const sometimes = block('make dump PASSWORD="$DB_PASSWORD"', 'bash {if=false}');
  expect(await needed(`${first}${sometimes}`)).toEqual([[], []]);
  expect(await needed(`${block('make a', 'bash {if=true}')}${first}${reads}`)).toEqual([
    ['secret:DB_PASSWORD'],
    ['secret:DB_PASSWORD'],
    [],
  ]);
});

test('what `database` names is a secret in every block', async () => {
  const text = `---\nopsroom: { database: SHOP_DB }\n---\n# R\n\n${block('delete from sessions', 'sql')}${block('psql "$SHOP_DB" -c "vacuum sessions"')}${block('psql "$other_db" -c "vacuum carts"')}${block('select 1', 'sql database=other_db')}`;
  const { plan, needs } = await compileRunbook({ text, file: 'r.md' }, contracts);
  expect(needs.inputs).toEqual([]);
  expect(plan.steps.flatMap(({ args }) => (args['env'] === undefined ? [] : args['env']))).toEqual([
    { SHOP_DB: '{{ secrets.SHOP_DB }}' },
    { other_db: '{{ secrets.other_db }}' },
  ]);
});
