import { describe, expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compileSpecKit, type SpecKitInput } from './speckit.js';

const { contracts } = builtIn();

const TASKS = `# Tasks: Bookshop

## Phase 1: Setup
- [x] T001 Create the project
- [ ] T002 Configure

**Checkpoint**: it builds

## Phase 2: User Story 1 - Search
- [ ] T003 [P] [US1] Create model in src/book.py
- [ ] T004 [P] [US1] Create index in src/index.py
- [ ] T005 [P] [US1] Extend src/book.py
- [ ] T006 [US1] Service (depends on T003)

**Checkpoint**: search works

## Phase 3: Polish
- [ ] T007 [P] Docs in {{ docs }}
- [ ] T008 [P] Clean up (depends on T001)
`;

const SPEC = `# Feature Specification: Bookshop

### User Story 1 - Search (Priority: P1)

**Acceptance Scenarios**:

1. **Given** a shop with books, **When** I search "sea", **Then** I see "The Sea"
2. **Given** none, **When** I search, **Then** I am told so

### User Story 2 - Buy

1. **Given** a basket
   **When** I pay
   **Then** it is empty
`;

function compile(tasks: string, options: Omit<SpecKitInput, 'files'> = {}) {
  const files = [
    { path: 'specs/001-shop/tasks.md', text: tasks },
    { path: 'specs/001-shop/spec.md', text: SPEC },
    { path: 'specs/001-shop/plan.md', text: '# Plan' },
    { path: '.specify/memory/constitution.md', text: '# Constitution' },
    { path: '.specify/templates/tasks.md', text: '- [ ] T001 sample' },
  ];
  return compileSpecKit({ files, ...options }, contracts);
}

const graph = ({ plan }: ReturnType<typeof compile>) =>
  plan.steps.map(({ id, dependsOn }) => `${id} < ${dependsOn.join(' ')}`);

test(verifies('COMPILE-02', 'phases, checkpoints, acceptance, parallel tasks and boxes become the graph'), () => {
  const compiled = compile(TASKS);
  expect(graph(compiled)).toEqual([
    'T002 < ',
    'checkpoint-1 < T002',
    'T003 < checkpoint-1',
    'T004 < checkpoint-1',
    'T005 < checkpoint-1 T003',
    'T006 < T003 T004 T005',
    'accept-US1 < T006',
    'checkpoint-2 < accept-US1',
    'T007 < checkpoint-2',
    'T008 < checkpoint-2',
  ]);
  const { explanation, plan, source, warnings } = compiled;
  expect(plan.title).toBe('Bookshop');
  expect(plan.steps.every(({ kind, action }) => kind === 'system' && action === 'manual')).toBe(true);
  expect(plan.steps[6]?.args['instructions']).toContain('I see "The Sea"');
  expect(source.get('T006')).toEqual({ file: 'specs/001-shop/tasks.md', line: 13, column: 1 });
  expect(source.get('accept-US1')).toEqual({ file: 'specs/001-shop/spec.md', line: 7, column: 1 });
  expect(explanation.leftOut.map(({ rule, firstLine }) => [rule, firstLine])).toEqual([
    ['done', 'T001 Create the project'],
    ['no-story-to-accept', 'Given a basket When I pay Then it is empty'],
  ]);
  expect(explanation.steps.map(({ rule }) => rule)).toContain('checkpoint');
  expect(warnings).toEqual([
    'specs/001-shop/tasks.md:12: T005 is marked [P], and names src/book.py as T003 does: it waits for that',
  ]);
});

test('what is ticked becomes a step when all is asked for', () => {
  expect(graph(compile(TASKS, { all: true })).slice(0, 2)).toEqual(['T001 < ', 'T002 < T001']);
});

test(verifies('COMPILE-02', 'a program gets the task as data, and what the task makes is looked at'), () => {
  const { plan } = compile(TASKS, { doer: { argv: ['claude', '-p', '$(id)'] } });
  const step = plan.steps.find(({ id }) => id === 'T003');
  expect(step).toMatchObject({
    tool: 'shell',
    args: {
      argv: ['claude', '-p', '$(id)'],
      env: { OPSROOM_TASK_ID: 'T003', OPSROOM_TASK_STORY: 'US1', OPSROOM_TASK_FILES: 'src/book.py' },
    },
    verifiers: [{ kind: 'file', config: { path: 'src/book.py', newerThanStep: true }, required: true }],
  });
  expect(step?.args['stdin']).toContain('.specify/memory/constitution.md');
  // Braces in a document are words, not an expression.
  expect(plan.steps.find(({ id }) => id === 'T007')?.args['stdin']).toContain('{{{{ docs }}');
});

test(verifies('COMPILE-02', 'circles are refused at their lines'), () => {
  const list = '## Phase 1\n- [ ] T001 A (depends on T002)\n- [ ] T002 B (depends on T001)\n';
  expect(() => compile(list)).toThrow(
    expect.objectContaining({
      problems: [expect.objectContaining({ code: 'PLAN_CYCLE', file: 'specs/001-shop/tasks.md', line: 2 })],
    }),
  );
});

const ODD = `## Phase 1
- [ ] T001 A (depends on T099)
- [ ] T001 B
- [~] T002 C (depends on T003)
- [ ] T003 D
## Dependencies
- T003 depends on T002
`;

test(verifies('COMPILE-02', 'what is odd is told with its line, and refused when asked to be strict'), () => {
  const { warnings, plan } = compile(ODD);
  expect(warnings).toEqual([
    'specs/001-shop/tasks.md:2: T001 depends on T099, and there is no such task',
    'specs/001-shop/tasks.md:3: two tasks are called T001: here and at line 2, which is the one that others mean',
    'specs/001-shop/tasks.md:4: T002 is marked “~”, which is not taken for done',
    'specs/001-shop/tasks.md:4: T002 depends on a task further down, so it comes after that',
    'specs/001-shop/tasks.md:7: T003 after T002 contradicts what else is said about them; it is not taken',
  ]);
  expect(plan.steps.map(({ id }) => id)).toEqual(['T001', 'T001-2', 'T003', 'T002']);
  expect(() => compile(ODD, { strict: true })).toThrow(
    expect.objectContaining({
      problems: expect.arrayContaining([expect.objectContaining({ code: 'SPECKIT_FLAGGED' })]),
    }),
  );
});

test.each([
  ['', 'SPECKIT_EMPTY'],
  ['- [x] T001 done', 'SPECKIT_EMPTY'],
  ['\0', 'PLAN_UNREADABLE'],
  ['x'.repeat(9 * 1024 * 1024), 'PLAN_TOO_LARGE'],
])('a list of %#', (text, code) => {
  expect(() => compile(text)).toThrow(expect.objectContaining({ code }));
});

test('one list at a time', () => {
  const file = (path: string) => ({ path, text: '- [ ] T001 A' });
  expect(() => compileSpecKit({ files: [] }, contracts)).toThrow(expect.objectContaining({ code: 'SPECKIT_NONE' }));
  const files = [file('specs/a/tasks.md'), file('specs/b/tasks.md')];
  expect(() => compileSpecKit({ files }, contracts)).toThrow(expect.objectContaining({ code: 'SPECKIT_SEVERAL' }));
});

test(verifies('COMPILE-02', 'an agent gets each task as its prompt'), () => {
  const { plan } = compile(TASKS, { doer: { agent: true } });
  expect(plan.steps.find(({ id }) => id === 'T003')).toMatchObject({
    tool: 'agent',
    args: { preset: 'claude-code', message: 'T003 Create model in src/book.py' },
  });
});

describe('a pull request at the end', () => {
  const pullRequest = { repo: 'octo-org/shop' };

  test(
    verifies('COMPILE-02', 'a program works on the branch of the feature; all of it is committed, pushed and offered'),
    () => {
      const compiled = compile(TASKS, { doer: { argv: ['do'] }, pullRequest });
      const ids = compiled.plan.steps.map(({ id }) => id);
      expect(ids[0]).toBe('branch');
      expect(ids.slice(-3)).toEqual(['commit', 'push', 'pull-request']);
      expect(compiled.plan.steps.filter(({ dependsOn }) => dependsOn.length === 0).map(({ id }) => id)).toEqual([
        'branch',
      ]);
      expect(compiled.plan.inputSchema).toMatchObject({
        properties: { branch: { default: '001-shop' }, base: { default: 'main' } },
      });
      const { args } = compiled.plan.steps.at(-1) ?? {};
      expect(args).toMatchObject({ repo: 'octo-org/shop', title: 'Bookshop', head: '{{ inputs.branch }}' });
      expect(args?.['body']).toContain('- T003 Create model in src/book.py');
      expect(args?.['body']).not.toContain('- T001');
      expect(compiled.explanation.steps.map(({ id }) => id)).toEqual(ids);
    },
  );

  test('agents follow each other: what one did is on the branch before the next begins, wherever others waited for it', () => {
    const compiled = compile(TASKS, { doer: { agent: true }, check: ['npm', 'test'], pullRequest });
    const step = (id: string) => compiled.plan.steps.find((one) => one.id === id);
    expect(step('T003')).toMatchObject({ tool: 'agent', args: { base: 'refs/heads/{{ inputs.branch }}' } });
    expect(step('T003')?.verifiers).toMatchObject([{ config: { argv: ['npm', 'test'], cwd: '{{ output.result }}' } }]);
    expect(step('T003-apply')).toMatchObject({ dependsOn: ['T003'], action: 'apply', args: { from: 'T003' } });
    expect(step('T004')?.dependsOn).toContain('T003-apply');
    expect(step('T006')?.dependsOn).not.toContain('T003');
    const agents = compiled.plan.steps.filter(({ tool, action }) => tool === 'agent' && action !== 'apply');
    agents.slice(1).forEach(({ dependsOn }, at) => expect(dependsOn).toContain(`${agents[at]?.id}-apply`));
    expect(compiled.plan.steps.map(({ id }) => id)).not.toContain('commit');
  });

  test('what stands in a task list stays words, wherever it is put', () => {
    const list = TASKS.replace('# Tasks: Bookshop', '# Tasks: {{ secrets.A }} $(id)');
    const { plan } = compile(list, { doer: { argv: ['do'] }, check: ['{{ x }}'], pullRequest });
    expect(JSON.stringify(plan)).not.toMatch(/(?<!\{ ?)\{\{ secrets\.A/);
    const commit = plan.steps.find(({ id }) => id === 'commit');
    expect(JSON.stringify(commit?.args?.['run'])).not.toContain('$(id)');
    expect(plan.steps[1]?.verifiers).toMatchObject([{ config: { argv: ['{{{{ x }}'] } }]);
  });

  test('tasks that a program checks follow each other, and a person is not checked by one', () => {
    const { plan } = compile(TASKS, { doer: { argv: ['do'] }, check: ['npm', 'test'] });
    const tasks = plan.steps.filter(({ id }) => /^T\d+$/.test(id));
    tasks.slice(1).forEach(({ dependsOn }, at) => expect(dependsOn).toContain(tasks[at]?.id));
    expect(tasks.every(({ verifiers }) => verifiers.some(({ id }) => id === 'check'))).toBe(true);
    expect(() => compile(TASKS, { check: ['npm', 'test'] })).toThrow(/a person who does a task says so/);
  });

  test('a workflow is refused, as it says itself what comes after its steps', () => {
    const text =
      'schema_version: "1.0"\nworkflow: { id: a, name: A }\nsteps:\n  - { id: a, type: prompt, prompt: Do it }\n';
    const files = [{ path: 'workflow.yml', text }];
    expect(() => compileSpecKit({ files, pullRequest }, contracts)).toThrow(/for lists of tasks/);
  });
});
