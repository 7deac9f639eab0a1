import { fileURLToPath } from 'node:url';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import type { Question } from '../decision.js';
import { Cedar } from './cedar.js';
import { PolicyEngine } from './engine.js';
import { loadSet } from './load.js';
import { loadFolder } from './policies.js';
import type { Problem } from './problem.js';
import { readSchema, readSource, type SourceFile, sourceOf } from './source.js';

const SHIPPED = fileURLToPath(new URL('../../../policies', import.meta.url));
const SCHEMA = readSchema(SHIPPED);
const PORTS = {
  approvers: ['owner', 'approver'],
  formProblem: (schema: unknown) => (JSON.stringify(schema).includes('"broken"') ? 'it is broken' : undefined),
};
const load = (...files: SourceFile[]) => loadFolder(sourceOf('/policies', files, SCHEMA), PORTS);
/** Loading an engine takes longer than all that is asked of it here, so these share one. */
const spare = new Cedar();
const problemsOf = (...files: SourceFile[]): readonly Problem[] => {
  const loaded = loadSet(sourceOf('/policies', files, SCHEMA), spare, PORTS);
  return 'policies' in loaded ? [] : loaded;
};
const loadText = (text: string, ...more: SourceFile[]) => load({ name: 'a.cedar', text }, ...more);
const words = ({ file, line, policy, message }: Problem) => [file, line, policy, message].join(' | ');

const HEAD = '@id("a")\n@reason("Because.")\n';
const FORBID = 'forbid (principal, action, resource)';

describe(verifies('POLICY-04', 'a set is refused as a whole'), () => {
  test.each([
    [
      'syntax',
      `// é\n${HEAD}permit (principal, action, resource) when { ; };`,
      /^a\.cedar \| 4 \| .*unexpected token `;`/,
    ],
    [
      'an attribute that is not there',
      `${HEAD}${FORBID} when { resource.x };`,
      /^a\.cedar \| 3 \| a \| .*attribute `x`.* not found/,
    ],
    [
      'an action that is not there',
      `${HEAD}forbid (principal, action == Action::"rnu", resource);`,
      /unrecognized action `Action::"rnu"`/,
    ],
    [
      'a role that is not there',
      `${HEAD}forbid (principal is Person in Role::"aprover", action, resource);`,
      /aprover/,
    ],
    [
      'one that can never apply',
      `${HEAD}forbid (principal is Person, action == Action::"use_tool", resource is Secret);`,
      /./,
    ],
    [
      'an attribute that may be missing',
      `${HEAD}${FORBID} when { resource is Request && resource.proposer == "x" };`,
      /proposer/,
    ],
    ['no id', `@reason("Because.")\n${FORBID};`, /no @id/],
    ['an id that is none', `@id("A b")\n@reason("Because.")\n${FORBID};`, /"A b" is no id/],
    ['no reason', `@id("a")\n${FORBID};`, /no @reason/],
    ['an annotation nobody knows', `${HEAD}@windw("x")\n${FORBID};`, /@windw means nothing/],
    [
      'two of one id',
      `${HEAD}${FORBID};\n${HEAD}${FORBID};`,
      /^a\.cedar \| 4 \| a \| There are two policies "a": the other is in a\.cedar, line 1/,
    ],
    ['a template', `${HEAD}permit (principal == ?principal, action, resource);`, /template/],
    ['an approval without approvers', `${HEAD}${FORBID} unless { context.approved };`, /does not say whose/],
    ['approvers without an approval', `${HEAD}@approvers("owner")\n${FORBID};`, /no approval makes it give way/],
    [
      'a permit that waits',
      `${HEAD}@approvers("owner")\npermit (principal, action, resource) when { context.approved };`,
      /Only a `forbid`/,
    ],
    [
      'a role that may not approve',
      `${HEAD}@approvers("operator")\n${FORBID} unless { context.approved };`,
      /"operator", which may not approve/,
    ],
    [
      'a count of nobody',
      `${HEAD}@approvers("owner")\n@count("0")\n${FORBID} unless { context.approved };`,
      /@count\("0"\)/,
    ],
    [
      'a time that is none',
      `${HEAD}@approvers("owner")\n@ttl("4 hours")\n${FORBID} unless { context.approved };`,
      /@ttl\("4 hours"\)/,
    ],
    [
      'a window that is none',
      `${HEAD}@approvers("owner")\n@window("Mon-Fri 09:00-17:00")\n${FORBID} unless { context.approved };`,
      /no time zone/,
    ],
    [
      'a form that is not there',
      `${HEAD}@approvers("owner")\n@form("f.schema.json")\n${FORBID} unless { context.approved };`,
      /@form\("f.schema.json"\) names no file/,
    ],
    [
      'a capital letter where none ever is',
      `${HEAD}forbid (principal, action == Action::"run", resource) when { resource.environment == "Production" };`,
      /No environment is ever "Production"/,
    ],
    [
      'the same in a set',
      `${HEAD}forbid (principal, action == Action::"use_tool", resource) when { ["dev", "QA"].contains(context.request.environment) };`,
      /ever "QA"/,
    ],
    [
      'nesting beyond reason',
      `${HEAD}${FORBID} when { ${'('.repeat(3000)}true${')'.repeat(3000)} };`,
      /nested too deeply/,
    ],
  ])('%s', (_, text, expected) => {
    const problems = problemsOf({ name: 'a.cedar', text });
    expect(problems.map(words).join('\n')).toMatch(expected);
    expect(problems.every(({ mend }) => mend !== '')).toBe(true);
  });

  test.each([
    ['no JSON', '{', /no JSON/],
    ['no object', '{"type": "array"}', /`type` is not `object`/],
    ['no schema', '{"type": "object", "broken": 1}', /it is broken/],
  ])('a form that is %s', (_, text, expected) => {
    const problems = problemsOf({ name: 'f.schema.json', text });
    expect(problems.map(words).join()).toMatch(expected);
  });

  test('after a text that the engine could not bear, the next one is read', () => {
    const deep = { name: 'deep.cedar', text: `${HEAD}${FORBID} when { ${'['.repeat(2000)} };` };
    const problems = problemsOf(deep, { name: 'z.cedar', text: '@id("z") permit' });
    expect(problems.map(({ file }) => file)).toEqual(['deep.cedar', 'z.cedar']);
  });

  test('whatever stands in the files, the answer is a set or what is wrong with it', () => {
    const text = readSource(SHIPPED, SCHEMA)
      .policies.map((file) => file.text)
      .join('\n');
    const token = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        'permit',
        'forbid',
        '(',
        ')',
        '{',
        '}',
        '"',
        '@id("x")',
        '?principal',
        'when',
        'unless',
        ';',
        '[',
        '::',
        '\0',
      ),
    );
    const mangled = fc
      .tuple(fc.nat(text.length), fc.nat(200), fc.array(token, { maxLength: 4 }))
      .map(([at, length, put]) => text.slice(0, at) + put.join(' ') + text.slice(at + length));
    fc.assert(
      fc.property(
        fc.oneof(
          mangled,
          fc.array(token).map((tokens) => tokens.join(' ')),
        ),
        (text) => {
          for (const problem of problemsOf({ name: 'a.cedar', text }))
            expect(words(problem)).not.toMatch(/undefined|\| $/);
        },
      ),
      { numRuns: 100 },
    );
  });
});

const question = (more: Partial<Question['request']> = {}): Question => ({
  principal: { kind: 'person', by: 'person:ada@x', role: 'owner', agent: null, person: 'ada' },
  action: 'run',
  request: {
    environment: 'dev',
    app: 'shop',
    branch: '',
    kind: 'ops',
    title: 'T',
    planDigest: 'd',
    lane: 'A',
    readOnly: true,
    isolated: true,
    tools: [],
    secrets: [],
    allowAddresses: [],
    proposer: null,
    ...more,
  },
});
const PERMIT = '@id("all") @reason("All.") permit (principal, action, resource);';

describe(verifies('POLICY-04', 'a set that loads'), () => {
  test('tells of each policy where it stands and what it waits for', () => {
    const form = { name: 'f.schema.json', text: '{"type": "object"}' };
    const approval = `@approvers("owner, approver") @count("2") @ttl("90m") @window("Mon 09:00-10:00 UTC") @form("f.schema.json")\n`;
    const { engine } = loadText(`// é\n${PERMIT}\n\n${HEAD}${approval}${FORBID} unless { context.approved };`, form);
    expect(engine?.set.policies.get('a')).toMatchObject({
      file: 'a.cedar',
      line: 4,
      effect: 'forbid',
      approval: {
        roles: ['owner', 'approver'],
        count: 2,
        ttlMs: 5_400_000,
        window: 'Mon 09:00-10:00 UTC',
        form: 'f.schema.json',
      },
    });
    expect(engine?.set.forms.get('f.schema.json')).toEqual({ type: 'object' });
    expect(engine?.decide(question())).toMatchObject({
      effect: 'needs_approval',
      policies: ['a'],
      rules: [{ policy: 'a' }],
    });
  });

  test('an error while it is asked refuses, although Cedar would pass over the policy', () => {
    const overflow = `${HEAD}${FORBID} when { context.approved || 9223372036854775807 + 1 == 0 };`;
    const { engine } = loadText(
      `${PERMIT}\n${overflow.replace('@reason("Because.")', '@reason("Because.") @approvers("owner")')}`,
    );
    expect(engine?.decide(question())).toMatchObject({
      effect: 'deny',
      reason: expect.stringContaining('could not be asked'),
    });
  });

  test('facts that do not fit the words refuse', () => {
    const { engine } = loadText(PERMIT);
    const principal = { ...question().principal, role: 'emperor' };
    expect(engine?.decide({ ...question(), principal })).toMatchObject({
      effect: 'deny',
      reason: expect.stringContaining('emperor'),
    });
  });

  test('tools are told apart by policies that look at them', () => {
    const ssh =
      '@id("no-ssh") @reason("No ssh.") forbid (principal, action == Action::"use_tool", resource == Tool::"ssh") when { context.request.environment == "dev" };';
    const { engine } = loadText(`${PERMIT}\n${ssh}`);
    expect(engine?.decide(question({ tools: ['shell', 'http'] })).effect).toBe('allow');
    expect(engine?.decide(question({ tools: ['shell', 'ssh'] }))).toMatchObject({
      effect: 'deny',
      policies: ['no-ssh'],
      reason: 'No ssh.',
    });
    expect(engine?.decide(question({ tools: ['ssh'], environment: 'test' })).effect).toBe('allow');
  });

  test('another forbid never permits what was denied', () => {
    const shipped = readSource(SHIPPED, SCHEMA).policies;
    const strictness = { allow: 0, needs_approval: 1, deny: 2 };
    const condition = fc.constantFrom(
      '',
      ' when { resource is Request && resource.readOnly }',
      ' when { principal is Agent }',
      ' unless { context.approved }',
      ' when { resource is Request && resource.environment == "production" }',
    );
    const forbid = fc.record({
      condition,
      action: fc.constantFrom('action', 'action == Action::"run"', 'action == Action::"use_tool"'),
    });
    const kind = fc.constantFrom<Question['principal']['kind']>('person', 'agent', 'key', 'machine');
    const role = fc.constantFrom('owner', 'approver', 'operator', 'viewer');
    const facts = fc.record({
      environment: fc.constantFrom('dev', 'staging', 'production'),
      branch: fc.constantFrom('', 'main'),
      readOnly: fc.boolean(),
      isolated: fc.boolean(),
      tools: fc.constantFrom([], ['shell', 'http']),
    });
    const before = load(...shipped).engine;
    fc.assert(
      fc.property(forbid, kind, role, facts, fc.boolean(), ({ condition, action }, kind, role, facts, approved) => {
        const approval = condition.includes('approved') ? '@approvers("owner") ' : '';
        const added = {
          name: 'z.cedar',
          text: `@id("added") @reason("More.") ${approval}forbid (principal, ${action}, resource)${condition.replaceAll('resource is Request', action.includes('use_tool') ? 'context has request' : 'resource is Request').replace('context has request && resource.', 'context.request.')};`,
        };
        const set = loadSet(sourceOf('/policies', [...shipped, added], SCHEMA), spare, PORTS);
        if (!('policies' in set)) throw new Error(JSON.stringify(set));
        const asked = {
          ...question(facts),
          principal: {
            ...question().principal,
            kind,
            role: kind === 'person' ? role : null,
            agent: kind === 'agent' ? 'gpt' : null,
          },
          approved,
        };
        const [one, other] = [before, new PolicyEngine(spare, set)].map(
          (engine) => strictness[engine?.decide(asked).effect ?? 'deny'],
        );
        expect(other).toBeGreaterThanOrEqual(one ?? 0);
      }),
      { numRuns: 60 },
    );
  });
});
