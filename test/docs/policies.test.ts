import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadFolder } from '#authorise/policy/policies.js';
import { readSchema, readSource, sourceOf } from '#authorise/policy/source.js';
import { runPolicyTests } from '#authorise/policy/test-file.js';
import { LOAD_PORTS, SHIPPED_POLICIES } from '#operations/policies/room-policies.js';
import { ROOT } from '../architecture/sources.js';
import { fences } from './markdown.js';

const page = { path: 'docs/policies.md', text: readFileSync(join(ROOT, 'docs/policies.md'), 'utf8') };
const schema = readSchema(SHIPPED_POLICIES);
const form = { name: 'change.schema.json', text: '{"type": "object", "properties": {"ticket": {"type": "string"}}}' };
const blocks = fences(page).filter(({ info }) => info === 'cedar');

describe('docs/policies.md', () => {
  test.each(blocks.map(({ line, text }) => [line, text] as const))(
    'the policy at line %i can be loaded',
    (line, text) => {
      const files = sourceOf('docs', [{ name: `line-${line}.cedar`, text }, form], schema);
      const { engine, problems } = loadFolder(files, LOAD_PORTS);
      expect(problems).toEqual([]);
      expect(engine?.set.policies.size).toBe(1);
    },
  );

  test('its tests hold for the shipped policies', () => {
    const [block] = fences(page).filter(({ info }) => info === 'yml');
    const { engine } = loadFolder(readSource(SHIPPED_POLICIES, schema), LOAD_PORTS);
    if (!engine || !block) throw new Error('nothing to test');
    const { outcomes } = runPolicyTests(engine, [{ name: 'page.yaml', text: block.text }]);
    expect(outcomes.map(({ passed, found }) => [passed, found])).toEqual([
      [true, 'deny gpt-not-to-main'],
      [true, 'deny'],
    ]);
  });

  test('working alone: the machine and the owner deploy by themselves, agents still wait', () => {
    const alone = blocks.find(({ text }) => text.includes('@id("production-approved")'))?.text ?? '';
    const shipped = readSource(SHIPPED_POLICIES, schema).policies.map(({ name, text }) => ({
      name,
      text: text.replace(/@id\("production-approved"\)[\s\S]*?;\n/, `${alone}\n`),
    }));
    const { engine, problems } = loadFolder(sourceOf('docs', shipped, schema), LOAD_PORTS);
    expect(problems).toEqual([]);
    if (!engine) throw new Error('not loaded');
    const expected = `
tests:
  - { test: machine, as: machine, request: { environment: production }, expect: allow }
  - { test: owner, as: "person:owner", request: { environment: production }, expect: allow }
  - { test: operator, as: "person:operator", request: { environment: production }, expect: needs_approval }
  - { test: agent, as: "agent:cursor", request: { environment: production, isolated: true }, expect: needs_approval }
  - { test: gpt, as: "agent:gpt", request: { environment: production, branch: main, isolated: true }, expect: deny }
`;
    const { outcomes } = runPolicyTests(engine, [{ name: 'alone.yaml', text: expected }]);
    expect(outcomes.filter(({ passed }) => !passed)).toEqual([]);
  });
});
