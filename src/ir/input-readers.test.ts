import { expect, test } from 'vitest';
import { changedInputs, stepsReading } from './input-readers.js';
import type { JsonObject } from './json.js';
import { normalisePlan } from './normalise.js';
import { planSchema } from './plan.js';

const plan = (more: JsonObject, steps: JsonObject[]) =>
  normalisePlan(planSchema.parse({ title: 'T', ...more, steps }), () => 'run');

const shell = (id: string, more: JsonObject = {}) => ({ id, tool: 'shell', args: { run: 'true' }, ...more });

test('a step reads an input in its arguments, condition, list, checks and compensations', () => {
  const steps = [
    shell('plain'),
    shell('args', { args: { run: 'true', env: { REF: '{{ inputs.ref }}' } } }),
    shell('other', { args: { run: 'true', env: { N: '{{ inputs.n }}' } } }),
    shell('condition', { if: 'inputs.ref == "main"' }),
    shell('list', { forEach: 'inputs.ref' }),
    shell('check', { verifiers: [{ id: 'v', kind: 'file', config: { path: '{{ inputs.ref }}' } }] }),
    shell('undo', { rollback: [shell('back', { args: { run: 'true', env: { REF: '{{ inputs.ref }}' } } })] }),
    shell('whole', { args: { run: 'true', env: { ALL: '{{ string(inputs[steps.plain.output.name]) }}' } } }),
    shell('named', { title: 'Build {{ inputs.ref }}' }),
  ];
  const read = stepsReading(plan({ inputs: { ref: 'main', n: 1 } }, steps), ['ref']);
  expect(read).toEqual(['args', 'condition', 'list', 'check', 'undo', 'whole']);
});

test.each<[string, JsonObject, string[]]>([
  ['target', { target: { environment: '{{ inputs.ref }}' } }, ['a', 'b']],
  ['folder', { workspace: { kind: 'inplace', path: '{{ inputs.ref }}' } }, ['a', 'b']],
  ['title', { title: '{{ inputs.ref }}' }, []],
])('a plan whose %s reads it has every step run there: or none', (_, more, expected) => {
  expect(stepsReading(plan(more, [shell('a'), shell('b')]), ['ref'])).toEqual(expected);
});

test('nothing reads nothing', () => {
  const reads = shell('a', { args: { run: 'true', env: { REF: '{{ inputs.ref }}' } } });
  expect(stepsReading(plan({}, [reads]), [])).toEqual([]);
});

test('values are compared as JSON, whatever the order of their members', () => {
  const before = { same: { a: 1, b: [2] }, other: 'x', gone: null };
  expect(changedInputs(before, { same: { b: [2], a: 1 }, other: 'y', come: 0 })).toEqual(['other', 'gone', 'come']);
  expect(changedInputs(before, before)).toEqual([]);
});
