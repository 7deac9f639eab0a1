import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

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
