import { expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;
const compiled = (text: string) => compileRunbook({ text: `# Release\n\n${text}`, file: 'r.md' }, contracts);
const orderOf = (call: JsonObject | undefined) => call?.['session'] as { order: number; after?: boolean };

test('what a block of a rollback sets is no input of those after it, and reaches them', async () => {
  const back = `${block('PREV=$(ls -1 releases | head -1)')}${block('ln -sfn "releases/$PREV" current')}`;
  const check = block('test "$(readlink current)" = "releases/$PREV"');
  const { plan, needs } = await compiled(
    `## Deploy\n\n${block('make switch')}## Rollback\n\n${back}Verify the rollback:\n\n${check}`,
  );
  expect(needs.inputs).toEqual([]);
  const [find, point] = plan.steps[0]?.rollback ?? [];
  const [look] = point?.verifiers ?? [];
  expect(orderOf(find?.args).after).toBeUndefined();
  expect(orderOf(point?.args).order).toBe(orderOf(find?.args).order + 1);
  expect(orderOf(look?.config)).toEqual(orderOf(point?.args));
});

test('what the rollback of one step sets, another rollback asks for', async () => {
  const first = `## Build\n\n${block('make a')}### Rollback\n\n${block('PREV=1')}${block('undo-a "$PREV"')}`;
  const second = `## Switch\n\n${block('make b')}### Rollback\n\n${block('./undo-b.sh "$PREV"')}`;
  const { plan, needs } = await compiled(`${first}${second}`);
  expect(needs.inputs).toEqual(['prev']);
  const orders = plan.steps.map(({ rollback }) => rollback?.map(({ args }) => orderOf(args).order));
  expect(orders).toEqual([[99_997, 99_998], [99_999]]);
  expect(orderOf(plan.steps[1]?.rollback?.[0]?.args).after).toBe(true);
});
