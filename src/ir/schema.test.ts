import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { verifies } from '../../test/harness/requirements.js';
import { planJsonSchema } from './schema.js';

const addFormats = createRequire(import.meta.url)('ajv-formats') as typeof import('ajv-formats').default;
const file = new URL('../../docs/plan.schema.json', import.meta.url);
const examples = new URL('../../examples/', import.meta.url);
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats(ajv);
/** The committed file, as an editor uses it. */
const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')));

function problems(plan: unknown): string[] {
  validate(plan);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

test(verifies('PLAN-01', 'docs/plan.schema.json is what the code says (opsroom schema prints it)'), () => {
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(planJsonSchema());
});

describe('an editor that has docs/plan.schema.json', () => {
  const plans = readdirSync(examples).filter((name) => name.endsWith('.yaml'));

  test.each(plans)('accepts examples/%s', (name) => {
    expect(problems(parse(readFileSync(new URL(name, examples), 'utf8')))).toEqual([]);
  });

  /** The Plan of seed 004 with every one of its fields. */
  const seed = {
    id: 'plan-1',
    version: '1.0.0',
    created_at: '2025-11-25T10:00:00Z',
    kind: 'deploy',
    title: 'Deploy',
    description: 'Deploys the app',
    steps: [
      {
        id: 'build',
        idx: 1,
        title: 'Build',
        description: 'Builds',
        kind: 'tool',
        tool: 'shell',
        action: 'run',
        args: { run: 'npm run build' },
        preconditions: ['docker_running', 'github_token_set'],
        verifiers: [
          {
            id: 'dist',
            kind: 'shell',
            description: 'dist exists',
            config: { argv: ['test', '-d', 'dist'] },
            required: false,
          },
        ],
        retryPolicy: { maxAttempts: 3, backoffMs: 1000, backoffMultiplier: 2 },
        timeoutMs: 60_000,
      },
    ],
    inputs: { ref: 'main' },
    expectedOutputs: { url: 'https://example.org' },
    metadata: { source: 'doc:prd.md', author: 'someone', tags: ['deploy'] },
  };
  const step = { id: 'a', tool: 'shell', args: { run: 'true' } };
  const withStep = (more: object) => ({ title: 'T', steps: [{ ...step, ...more }] });

  test(verifies('PLAN-01', "accepts a plan in the seed's form"), () => expect(problems(seed)).toEqual([]));

  test('accepts the least that is a plan', () => expect(problems(withStep({}))).toEqual([]));

  test.each([
    ['no title', { steps: [step] }, "must have required property 'title'"],
    ['no steps', { title: 'T' }, "must have required property 'steps'"],
    ['an empty list of steps', { title: 'T', steps: [] }, '/steps must NOT have fewer than 1 items'],
    ['an unknown field', { ...seed, stepps: [] }, 'must NOT have additional properties'],
    ['an unknown field of a step', withStep({ argss: {} }), '/steps/0 must NOT have additional properties'],
    ['an id that is no id', withStep({ id: 'a b' }), '/steps/0/id must match pattern'],
    ['another version of the form', { ...withStep({}), apiVersion: 'v2' }, '/apiVersion must be equal to constant'],
    ['a lane that does not exist', { ...withStep({}), lane: 'E' }, '/lane must be equal to one of'],
    [
      'a kind of verifier that does not exist',
      withStep({ verifiers: [{ id: 'v', kind: 'guess', config: {} }] }),
      'kind',
    ],
    [
      'no attempt at all',
      withStep({ retryPolicy: { maxAttempts: 0 } }),
      '/steps/0/retryPolicy/maxAttempts must be >= 1',
    ],
    ['a time limit of nothing', withStep({ timeoutMs: 0 }), '/steps/0/timeoutMs must be >= 1'],
    ['an isolation that does not exist', withStep({ sandbox: { level: 'docker' } }), '/steps/0/sandbox/level'],
    ['a rollback of a rollback', withStep({ rollback: [{ ...step, rollback: [step] }] }), '/steps/0/rollback/0'],
    ['a list', [], 'must be object'],
  ])('refuses %s', (_, plan, problem) => {
    expect(problems(plan)).toContainEqual(expect.stringContaining(problem));
  });
});
