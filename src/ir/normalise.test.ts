import { expect, test } from 'vitest';
import { verifies } from '../../test/harness/requirements.js';
import { normalisePlan, planDigest } from './normalise.js';
import { type Plan, type PlanSource, planSchema } from './plan.js';

const normalise = (plan: PlanSource): Plan =>
  normalisePlan(planSchema.parse(plan), (tool) => (tool === 'http' ? 'request' : undefined));
const edges = (plan: Plan) => Object.fromEntries(plan.steps.map(({ id, dependsOn }) => [id, dependsOn.join(' ')]));

/** Every field of seed 004's types, as JSON. */
const seed: PlanSource = {
  id: 'plan-1',
  version: '1.0.0',
  created_at: '2025-11-25T10:00:00Z',
  kind: 'deploy',
  title: 'Deploy',
  description: 'Deploys the app',
  steps: [
    {
      id: 'second',
      idx: 2,
      title: 'Second',
      kind: 'tool',
      tool: 'http',
      action: 'request',
      args: {},
      preconditions: [],
      verifiers: [],
    },
    {
      id: 'first',
      idx: 1,
      title: 'First',
      description: 'Builds',
      kind: 'tool',
      tool: 'shell',
      action: 'run',
      args: { run: 'npm run build' },
      preconditions: ['docker_running', 'github_token_set'],
      verifiers: [
        {
          id: 'v',
          kind: 'custom',
          description: 'dist exists',
          config: { command: ['test', '-d', 'dist'] },
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

test(verifies('PLAN-01', "a plan in the seed's form loads unchanged, and runs in the order of idx"), () => {
  const plan = normalise(seed);
  const { steps, ...rest } = plan;
  const { steps: given, ...head } = seed;
  expect(rest).toEqual(head);
  expect(steps).toEqual([
    { ...given[1], dependsOn: [] },
    { ...given[0], dependsOn: ['first'] },
  ]);
});

test('without dependsOn steps run side by side, unless the plan has the form of the seed', () => {
  const steps = [
    { id: 'a', tool: 'shell' },
    { id: 'b', tool: 'shell' },
  ];
  expect(edges(normalise({ title: 'T', steps }))).toEqual({ a: '', b: 'a' });
  expect(edges(normalise({ apiVersion: 'opsroom/v1', title: 'T', steps }))).toEqual({ a: '', b: '' });
  expect(edges(normalise({ title: 'T', steps: [...steps, { id: 'c', tool: 'shell', dependsOn: ['a'] }] }))).toEqual({
    a: '',
    b: '',
    c: 'a',
  });
});

test('what may be left out is filled in, in rollback steps too', () => {
  const plan = normalise({
    title: 'T',
    steps: [
      { id: 'a', tool: 'http', forEach: 'inputs.list', dependsOn: [], rollback: [{ id: 'undo', tool: 'shell' }] },
      { id: 'b', action: 'wait', dependsOn: ['a', 'a'] },
      { id: 'c', skill: 'deploy', dependsOn: [] },
    ],
  });
  expect(plan.steps).toMatchObject([
    {
      kind: 'tool',
      action: 'request',
      title: 'a',
      idx: 0,
      forEach: { items: 'inputs.list', limit: 10 },
      rollback: [{ kind: 'tool', action: 'run', title: 'undo', idx: 0 }],
    },
    { kind: 'system', action: 'wait', idx: 1, dependsOn: ['a'] },
    { kind: 'skill', idx: 2 },
  ]);
});

test(verifies('PLAN-03', 'the digest is pinned, and free of id and time'), () => {
  const digest = planDigest(normalise(seed));
  expect(digest).toBe('3f932507085119bc5ebd3963aa3d926cf6c7976dff4febf026f4e560d7cf6fc1');
  expect(planDigest(normalise({ ...seed, id: 'other', created_at: '2030-01-01T00:00:00Z' }))).toBe(digest);
  expect(planDigest(normalise({ ...seed, title: 'Deploy!' }))).not.toBe(digest);
});

test('a normalised plan is its own normal form', () => {
  const plan = normalise(seed);
  expect(normalise(plan)).toEqual(plan);
  expect(planDigest(normalise(JSON.parse(JSON.stringify(plan)) as PlanSource))).toBe(planDigest(plan));
});
