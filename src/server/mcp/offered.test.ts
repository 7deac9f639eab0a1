import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PERMISSIONS } from '#identity/permissions.js';
import { OPERATIONS } from '#operations/registry.js';
import { verifies } from '../../../test/harness/requirements.js';
import { neverForModels, OFFERS, toolName } from './offered.js';
import { listPrompts } from './prompts.js';
import { toolsFor } from './tools.js';

const everything = toolsFor({ permissions: new Set(PERMISSIONS) });
const names = everything.map(({ name }) => name);

/** What stands for a person's word, or changes who may what, whatever it is called one day. */
const OF_PEOPLE =
  /approv|reject|confirm|resolve|break|glass|consent|secret|\bkeys?\b|member|invit|role|organisation|owner|polic\w*\.(?!explain|get)|sign|notification|limits\.update/i;

describe('what a model is offered', () => {
  test('is so much, by these names', () => {
    expect(names).toEqual([
      'me_get',
      'ai_status',
      'templates_list',
      'templates_get',
      'plans_compile',
      'plans_diff',
      'policies_explain',
      'intents_create',
      'intents_get',
      'intents_list',
      'intents_withdraw',
      'runs_start',
      'runs_rerun',
      'runs_list',
      'runs_get',
      'runs_plan',
      'runs_replay',
      'runs_step',
      'runs_logs',
      'runs_search_log',
      'runs_log_lines',
      'proofs_chain',
      'proofs_evidence',
      'proofs_verify',
      'runs_cancel',
      'runs_wait',
      'intents_wait',
    ]);
    for (const name of names) expect(name).toMatch(/^[a-z][a-z_]{1,40}$/);
  });

  test(
    verifies('POLICY-01', 'is nothing that approves, breaks the glass, or manages keys, members, secrets or policies'),
    () => {
      for (const operation of OPERATIONS.filter(({ name }) => OF_PEOPLE.test(name))) {
        expect([operation.name, names.includes(toolName(operation.name))]).toEqual([operation.name, false]);
        if (operation.changes)
          expect([operation.name, neverForModels(operation)]).not.toEqual([operation.name, undefined]);
      }
      for (const permission of ['approval:give', 'secret:manage', 'room:admin'] as const)
        expect(neverForModels({ name: 'new.thing', permission, changes: false })).toContain(permission);
      expect(neverForModels({ name: 'keys.rename', permission: 'run:read', changes: true })).toBe(
        'keys are changed by people',
      );
    },
  );

  test.each(OPERATIONS.map((operation) => [operation.name, operation] as const))(
    '%s: offered, or kept back',
    (name, operation) => {
      const offered = OFFERS.some((offer) => offer.operation === name);
      expect(names.includes(toolName(name))).toBe(offered);
      if (offered) expect(neverForModels(operation)).toBeUndefined();
    },
  );

  test('of what changes something, says so, and takes no word that is a person’s', () => {
    for (const { name, annotations, inputSchema } of everything) {
      const operation = OPERATIONS.find((one) => toolName(one.name) === name);
      expect([name, annotations?.readOnlyHint]).toEqual([name, operation?.changes !== true]);
      expect([name, annotations?.destructiveHint]).toEqual([
        name,
        operation?.changes === true && operation.consequential,
      ]);
      if (operation?.changes !== true) continue;
      expect(Object.keys(inputSchema.properties ?? {})).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/^(seen|approved|breakGlass|initiator)$/)]),
      );
    }
  });

  test('takes a model little room: what it reads of all tools, and of each', () => {
    const read = everything.map(({ outputSchema: _, ...tool }) => JSON.stringify(tool).length);
    expect(read.reduce((sum, length) => sum + length, 0)).toBeLessThan(37_000);
    expect(Math.max(...read)).toBeLessThan(5700);
  });

  test('stands in the documentation, each by its name', () => {
    const page = readFileSync(new URL('../../../docs/mcp-server.md', import.meta.url), 'utf8');
    const named = [...page.matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, name = '']) => name);
    expect(names.filter((name) => !named.includes(name))).toEqual([]);
    const prompts = listPrompts().map(({ name }) => name);
    const known = [...names, ...prompts, 'test_simple_text'];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  test('with fewer permissions is less', () => {
    expect(toolsFor({ permissions: new Set() })).toEqual([]);
    const reading = toolsFor({ permissions: new Set(['run:read']) });
    expect(reading.every(({ annotations }) => annotations?.readOnlyHint === true)).toBe(true);
    expect(toolsFor({})).toHaveLength(everything.length);
  });
});
