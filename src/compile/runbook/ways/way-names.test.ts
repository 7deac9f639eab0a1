import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
/** The input that chooses, and under which conditions the steps run. */
async function asked(text: string) {
  const machine = { platform: 'linux', has: () => true };
  const { plan } = await compileRunbook(
    { text: `# Fix\n\n## Steps\n\n${text}`, file: 'runbook.md', machine },
    contracts,
  );
  const properties = (plan.inputSchema as { properties?: object } | undefined)?.properties ?? {};
  const choices = Object.values(properties as Record<string, { enum?: string[]; default?: string }>);
  return { choices: choices.map((one) => [one.enum, one.default]), kinds: plan.steps.map(({ kind }) => kind) };
}

const a = block('echo a > state');
const b = block('mv a b');

test.each([
  ['options', `Option A: restart\n\n${a}Option B: drain\n\n${b}`, ['option_a', 'option_b']],
  ['"either … or"', `Entweder mit Dump:\n\n${a}oder per rsync:\n\n${b}`, ['mit_dump', 'per_rsync']],
  ['comments', block('# staging:\necho s > st\n# production:\necho p > st'), ['staging', 'production']],
  ['environments', `For staging use:\n\n${a}For production use:\n\n${b}`, ['staging', 'production']],
  ['Spanish', `Para entornos de pruebas:\n\n${a}Para producción:\n\n${b}`, ['pruebas', 'produccion']],
  ['"choose one"', `Compress the rest (choose one):\n\n${a}${b}`, ['way_1', 'way_2']],
])('people are asked which of the ways it is, told apart by %s', async (_how, text, names) => {
  const { choices } = await asked(text);
  expect(choices).toEqual([[names, undefined]]);
});

test('what only prepares is no way, and what follows a case is for the other one', async () => {
  const { choices, kinds } = await asked(
    `${block('cd /srv && NAME=x')}${a}If it does not stop, kill it:\n\n${b}Otherwise start the new one:\n\n${a}`,
  );
  expect(choices).toEqual([[['no', 'yes'], 'no']]);
  expect(kinds).toEqual(['tool', 'tool', 'tool', 'system']);
});
