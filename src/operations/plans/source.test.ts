import { expect, test } from 'vitest';
import { builtIn } from '../contracts.js';
import { compileGiven } from './input.js';
import { sourceOf } from './source.js';

const { contracts } = builtIn();

async function placesOf(text: string, file: string): Promise<string[]> {
  const given = { text, file };
  const source = sourceOf(await compileGiven(given, contracts), given);
  return (source?.places ?? []).map(({ step, from, to, label }) => `${step} ${from}-${to} ${label ?? ''}`.trim());
}

test('the steps of a plan file reach to the next one, and no further than they are indented', async () => {
  const text = [
    'title: T',
    'steps:',
    '  - id: a',
    '    tool: shell',
    '    args: { run: "true" }',
    '',
    '  - { id: b, tool: shell, args: { run: "true" } }',
    '  - id: c',
    '    tool: shell',
    '    args:',
    '      run: |',
    '        true',
    '',
    '        true',
    'lane: B',
  ];
  expect(await placesOf(text.join('\n'), 'ops/deploy.yaml')).toEqual(['a 3-5', 'b 7-7', 'c 8-14']);
});

test('the steps of a runbook stand where their blocks do, with what each block became', async () => {
  const text = [
    '# Rotate',
    '',
    '## Do it',
    '',
    '```sh',
    'touch rotated',
    '```',
    '',
    '## Verify',
    '',
    '```sh',
    'test -f rotated',
    '```',
  ];
  const places = await placesOf(text.join('\n'), 'rotate.md');
  expect(places.map((place) => place.replace(/^\S+ /, ''))).toEqual(['5-7 run', '11-13 verify']);
});

test('a plan that came as a value has no text, and one that is very long is not kept', async () => {
  const value = { title: 'T', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] };
  expect(sourceOf(await compileGiven({ value }, contracts), { value })).toBeUndefined();
  const given = { text: `${JSON.stringify(value)}\n#${'x'.repeat(1024 * 1024)}`, file: 'long.yaml' };
  expect(sourceOf(await compileGiven(given, contracts), given)).toBeUndefined();
});
