import { expect, test } from 'vitest';
import { builtIn } from '../../operations/contracts.js';
import { resolveInputs, schemaProblem } from '../inputs.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const compiled = (text: string) => compileRunbook({ text: `# Rotate it\n\n${text}`, file: 'r.md' }, contracts);
const WAYS = `## Option A\n\n${block('make from-vault')}## Option B\n\n${block('make from-key KEY=$OLD_KEY')}`;

test('what only one way needs is required where that is taken', async () => {
  const { plan, needs } = await compiled(WAYS);
  expect(needs.inputs).toHaveLength(1);
  const [choice = ''] = needs.inputs;
  expect(schemaProblem(plan.inputSchema ?? true)).toBeUndefined();
  expect(resolveInputs(plan, { [choice]: 'option_a' })).toEqual({ [choice]: 'option_a' });
  expect(() => resolveInputs(plan, { [choice]: 'option_b' })).toThrow(/: "old_key" is missing\.$/);
  expect(() => resolveInputs(plan, { [choice]: 'option_b', old_key: 'k' })).not.toThrow();
  expect(() => resolveInputs(plan, { old_key: 'k' })).toThrow('is missing');
});

test('so it is with a case, which is off by default', async () => {
  const { plan, needs } = await compiled(`${block('make keys')}If it is broken:\n\n${block('make mend KEY=$OLD_KEY')}`);
  expect(needs.inputs).toEqual([]);
  expect(resolveInputs(plan, {})).toEqual({ if_it_is_broken: 'no' });
  expect(() => resolveInputs(plan, { if_it_is_broken: 'yes' })).toThrow('"old_key" is missing');
});

test('what is also read elsewhere, or taken back with, is needed in any case', async () => {
  const elsewhere = block('make look KEY=$OLD_KEY');
  expect((await compiled(`${WAYS}## Look\n\n${elsewhere}`)).needs.inputs).toContain('old_key');
  expect((await compiled(`${elsewhere}${WAYS}`)).needs.inputs).toContain('old_key');
  const back = `## Steps\n\n${block('make keys')}## Rollback\n\n${block('make back KEY=$OLD_KEY')}`;
  expect((await compiled(`${WAYS}${back}`)).needs.inputs).toContain('old_key');
});
