import { expect, test } from 'vitest';
import { contracts } from '../../test/harness/contracts.js';
import { verifies } from '../../test/harness/requirements.js';
import { type Compiled, compilePlan } from './compile.js';
import { PlanProblems } from './problems.js';

const compile = (text: string): Compiled => compilePlan({ text, file: 'p.yaml' }, contracts);

/** `CODE line:column step what` of every problem. */
function problems(text: string): string[] {
  try {
    compile(text);
    return [];
  } catch (error) {
    if (!(error instanceof PlanProblems)) throw error;
    return error.problems.map(
      ({ code, line, column, step, what, mend }) => `${code} ${line}:${column} ${step ?? '-'} | ${what} | ${mend}`,
    );
  }
}

test(verifies('PLAN-02', 'what a question of a rollback guards stands behind it in the list'), () => {
  const ask = (guards: string) => `{ id: ask, action: manual, args: { instructions: Really?, guards: [${guards}] } }`;
  const undo = (...list: string[]) =>
    problems(`title: T\nsteps:\n  - { id: a, tool: noop, rollback: [${list.join(', ')}] }\n`).map((one) =>
      one.replace(/^.* \| /, ''),
    );
  const rm = '{ id: rm, tool: noop }';
  expect(undo(ask('rm'), rm)).toEqual([]);
  expect(undo(rm, ask('rm'))).toEqual(['Put it behind this one in the list.']);
  expect(undo(ask('ask'), rm)).toEqual(['Name what is done only after it.']);
  expect(undo(ask('rmm'), rm)).toEqual(['Did you mean "rm"?']);
});

test(verifies('PLAN-02', 'what a rollback takes back beside its own step is there'), () => {
  const plan = (own: string, also: string) => `apiVersion: opsroom/v1
title: T
steps:
  - { id: a, tool: noop, ${own}rollback: [{ id: undo, tool: noop, alsoUndoes: [${also}] }] }
  - { id: b, tool: noop, dependsOn: [a] }
`;
  expect(problems(plan('', 'b'))).toEqual([]);
  expect(problems(plan('', 'b, bb'))).toEqual([
    expect.stringMatching(/^PLAN_INVALID 4:\d+ a \| there is no step "bb" to take back \| /),
  ]);
  expect(problems(plan('forEach: { items: [1, 2] }, ', 'b'))).toEqual([
    expect.stringContaining('what takes back each item of a step cannot take back other steps'),
  ]);
  expect(problems(plan('', 'b, a'))).toEqual([expect.stringContaining('"a" is the step whose rollback it is')]);
  expect(problems(plan('', 'b, b'))).toEqual([expect.stringContaining('"b" is named twice')]);
});

test(
  verifies('PLAN-02', 'what takes back further steps cannot read what its own put out, which may be left out'),
  () => {
    const plan = (undo: string) => `apiVersion: opsroom/v1
title: T
steps:
  - { id: a, tool: noop, rollback: [{ id: undo, tool: noop, ${undo} }] }
  - { id: b, tool: noop, dependsOn: [a] }
`;
    const args = `args: { was: '{{ output.was }}' }`;
    expect(problems(plan(args))).toEqual([]);
    expect(problems(plan(`alsoUndoes: [b], ${args}`))).toEqual([
      expect.stringMatching(/"output" is not available here.*a rollback without alsoUndoes/),
    ]);
  },
);

test.each([
  ['{ unlessDone: a }', undefined],
  ['{ unlessDone: b }', 'there is no step "b"'],
])(verifies('PLAN-02', 'what a question of a rollback asks about is a step: %s'), (asks, problem) => {
  const text = `apiVersion: opsroom/v1
title: Restore
steps:
  - id: a
    tool: noop
    rollback:
      - { id: ask, action: manual, args: { instructions: Really?, guards: [back], asks: ${asks} } }
      - { id: back, tool: noop }
`;
  const found = problems(text);
  expect(found).toEqual(problem === undefined ? [] : [expect.stringContaining(problem)]);
});

test(verifies('PLAN-02', 'what a manual step guards must come after it'), () => {
  const plan = (guards: string, dependsOn: string) => `apiVersion: opsroom/v1
title: Ask first
steps:
  - { id: ask, action: manual, args: { instructions: Really?, guards: [${guards}] } }
  - { id: rm, tool: shell, args: { run: 'true' }, dependsOn: [${dependsOn}] }
`;
  expect(problems(plan('rm', 'ask'))).toEqual([]);
  expect(problems(plan('rm', ''))).toEqual([
    'PLAN_INVALID 4:72 ask | "rm" does not come after the step that guards it | Let it depend on this step.',
  ]);
  expect(problems(plan('rn', 'ask'))).toEqual([
    'PLAN_INVALID 4:72 ask | "rn" does not come after the step that guards it | There is: rm.',
  ]);
  expect(problems(plan('ask', 'ask'))).toEqual([
    'PLAN_INVALID 4:72 ask | "ask" does not come after the step that guards it | Name what is done only after it.',
  ]);
  const each = plan('rm', 'ask').replace('id: ask,', 'id: ask, forEach: "[1]",');
  expect(problems(each)).toEqual([
    expect.stringMatching(/^PLAN_INVALID 4:\d+ ask \| a step that asks once for each item/),
  ]);
});

const deploy = `# yaml-language-server: $schema=./plan.schema.json
apiVersion: opsroom/v1
kind: deploy
title: Deploy the shop
inputSchema: { type: object, required: [ref], properties: { ref: { type: string } } }
steps:
  - id: build
    tool: shell
    args: { run: "npm run build -- --ref \\"$REF\\"", env: { REF: "{{ inputs.ref }}" } }
    preconditions: [node_installed]
    verifiers:
      - { id: dist, kind: file, config: { path: dist/index.html, newerThanStep: true } }
  - id: release
    dependsOn: [build]
    tool: http
    args: { method: POST, url: "{{ secrets.DEPLOY_HOOK }}", body: { ref: "{{ inputs.ref }}", at: "{{ env.REGION }}" } }
    rollback:
      - { id: back, tool: http, args: { method: POST, url: "{{ secrets.ROLLBACK_HOOK }}" } }
`;

test(verifies('PLAN-02', 'a plan file compiles; what a run will need is known'), () => {
  const { plan, digest, needs, source, warnings } = compile(deploy);
  expect(plan.steps.map(({ id, kind, action }) => [id, kind, action])).toEqual([
    ['build', 'tool', 'run'],
    ['release', 'tool', 'request'],
  ]);
  expect(needs).toEqual({ secrets: ['DEPLOY_HOOK', 'ROLLBACK_HOOK'], env: ['REGION'], inputs: ['ref'] });
  expect(source.get('release')).toEqual({ file: 'p.yaml', line: 13, column: 5 });
  expect(source.get('nowhere')).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining('No required verifier: release')]);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

test(verifies('PLAN-03', 'YAML, JSON and a value in any key order have one digest'), () => {
  const { digest, plan } = compile(deploy);
  const reversed = JSON.parse(JSON.stringify(plan), (_, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
  ) as never;
  expect(compile(JSON.stringify(reversed, null, 2)).digest).toBe(digest);
  expect(compilePlan({ value: reversed }, contracts).digest).toBe(digest);
});

test(verifies('PLAN-04', 'cycles, unknown and duplicate ids are refused with the path of the cycle'), () => {
  const steps = (list: string) => problems(`title: T\nsteps:\n${list}`);
  expect(steps('  - {id: a, tool: noop, dependsOn: [b]}\n  - {id: b, tool: noop, dependsOn: [a]}')).toEqual([
    'PLAN_CYCLE 3:25 a | the steps depend on each other in a circle: a → b → a | Remove one dependsOn of the circle.',
  ]);
  expect(steps('  - {id: build, tool: noop}\n  - {id: b, tool: noop, dependsOn: [biuld]}')).toEqual([
    'PLAN_INVALID 4:37 b | there is no step "biuld" | Did you mean "build"?',
  ]);
  expect(steps('  - {id: a, tool: noop}\n  - {id: a, tool: noop}')).toEqual([
    expect.stringContaining('two steps are called "a"'),
  ]);
  const outputs = problems('title: T\nexpectedOutputs: {url: "{{ steps.gone.output }}"}\nsteps: [{id: a, tool: noop}]');
  expect(outputs).toEqual([expect.stringContaining('there is no step "gone"')]);
});

test(verifies('PLAN-02', 'all problems are told at once, each with its place, step and mend'), () => {
  const text = `title: t
kindd: x
steps:
  - id: a
    tool: shel
    preconditions: [docker_runing]
  - id: b
    agrs: {}
    tool: shell
    args: {run: "echo {{ inputs.x }}", env: {C: "{{ inputs.y + }}"}}
    dependsOn: [aa]
    verifiers: [{id: v, kind: http, config: {url: "nope", expectedStatus: "{{ 1 }}"}}]
  - id: c
    action: waitt
  - {id: d, action: notify}
`;
  expect(problems(text)).toEqual([
    'PLAN_INVALID 2:1 - | the plan has no field "kindd" | Did you mean "kind"?',
    'PLAN_INVALID 5:5 a | there is no tool "shel" | Did you mean "shell"?',
    expect.stringMatching(/^PLAN_INVALID 6:21 a \| there is no precondition "docker_runing"/),
    'PLAN_INVALID 8:5 b | steps[1] has no field "agrs" | Did you mean "args"?',
    expect.stringMatching(/^PLAN_EXPRESSION 10:23 b \| an interpreter reads this text, .*`env:`/),
    expect.stringMatching(/^PLAN_EXPRESSION 10:\d+ b \| .*unexpected token: EOF/),
    'PLAN_INVALID 11:17 b | there is no step "aa" | There is: a, b, c, d.',
    expect.stringMatching(/^PLAN_INVALID 12:46 b \| url must be a URL/),
    expect.stringMatching(/^PLAN_INVALID 14:5 c \| there is no system action "waitt" .*Did you mean "wait"/),
    expect.stringMatching(/^PLAN_INVALID 15:13 d \| notify steps are not available in this version/),
  ]);
  expect(() => compile(text)).toThrow('and 9 more (p.yaml:2:1)');
});

test.each<[string, string]>([
  ['if: "1 + 1"', 'must be true or false'],
  ['if: "secrets.X == 1"', '"secrets" is not available here'],
  ['forEach: "inputs.count"', 'must be a list'],
  ['forEach: "a {{ inputs.list }}"', 'must be one expression'],
  ['args: {x: "{{ item }}"}', 'only in a step with forEach'],
  ['args: {x: "{{ output }}"}', 'once the tool has run'],
  ['args: {x: "{{ inputs.count + \'a\' }}"}', 'no such overload: int + string'],
  ['args: {x: "{{ inputs.cout }}"}', 'Did you mean "count"?'],
  ['args: {x: "n {{ inputs.list }}"}', 'to stand inside text'],
  ['args: {x: "{{ steps.first.output.ulr }}"}', 'Did you mean "url"?'],
  ['args: {x: "{{ steps.aside.output }}"}', 'Add "aside" to dependsOn of "last"'],
  ['args: {x: "{{ steps.my.output }}"}', 'steps["my-step"]'],
  ['args: {x: "{{ steps[run.id] }}"}', 'needs the id of a step'],
  ['args: {x: "{{ secrets }}"}', '"secrets" needs a name'],
  ['args: {x: "{{ step.startedAt }}"}', 'known in verifiers, outputs and artefacts'],
  ['preconditions: [{id: p, kind: http, config: {url: "{{ step.startedAt }}"}}]', '"step.startedAt" is not known here'],
  ['rollback: [{id: u, tool: noop, args: {x: "{{ step.startedAt }}"}}]', '"step.startedAt" is not known here'],
  ['args: {x: "{{ step.kee }}"}', 'Did you mean "key"?'],
  ['args: {x: "{{ step[inputs.list[0]] }}"}', '"step" needs a field'],
  ['args: {x: "{{ run.idd }}"}', '"run" has no "idd" | Did you mean "id"?'],
  ['args: {x: "{{ run[\'intent\'] }}"}', 'There is: id, planDigest, startedAt, requestedBy, target, title.'],
  ['args: {x: "{{ nope }}"}', 'there is no "nope" here'],
  ['args: {x: "{{ now() }}"}', 'no function now()'],
  ['outputs: {x: "{{ secrets.T }}"}', 'kept in the ledger'],
  ['title: "{{ secrets.T }}"', 'kept in the ledger'],
  ['outputSchema: {type: strin}', 'not JSON Schema'],
  ['sandbox: {level: uid}', 'the level uid cannot keep the step off the network | Ask for `level: bubblewrap`'],
  ['sandbox: {level: none, network: false}', 'the level none cannot keep the step off the network'],
  ['skill: x', 'there is no skill "x"'],
  ['kind: skill', 'no skill can be used here'],
])(verifies('PLAN-05', 'refused before a run: %s'), (field, message) => {
  const text = `apiVersion: opsroom/v1
title: T
inputSchema: {properties: {count: {type: integer}, list: {type: array, items: {type: string}}}}
steps:
  - {id: first, tool: noop, outputs: {url: "{{ output.url }}"}}
  - {id: my-step, tool: noop}
  - {id: aside, tool: noop}
  - id: last
    dependsOn: [first, my-step]
    ${field.includes('skill') ? '' : 'tool: noop'}
    ${field}
`;
  expect(problems(text).join('\n')).toContain(message);
});

test.each([
  ['retries: 3', '', 'Did you mean "retry"?'],
  ['', 'retries: 3', 'Did you mean "retryPolicy"?'],
  ['', 'needs: [b]', 'Did you mean "dependsOn"?'],
  ['', 'when: "true"', 'Did you mean "if"?'],
  ['', 'constructor: 1', 'There is: id, '],
])('a field that is called otherwise elsewhere leads to ours: %s %s', (ofPlan, ofStep, mend) => {
  const own = problems(`title: T\n${ofPlan}\nsteps:\n  - id: a\n    tool: noop\n    ${ofStep}\n`);
  expect(own).toEqual([expect.stringContaining(mend)]);
});

const workspaceProblems = (path: string) =>
  problems(`title: T\ninputs: {site: a}\nworkspace: {kind: inplace, path: "${path}"}\nsteps: [{id: a, tool: noop}]`);

test('the path of the workspace is known before the run', () => {
  expect(workspaceProblems('{{ inputs.site }}/{{ env.SITE }}')).toEqual([]);
  for (const name of ['run.id', 'secrets.T', 'steps.a.output', 'step.key'])
    expect(workspaceProblems(`{{ ${name} }}`)).toEqual([expect.stringContaining('is not available here')]);
});

test.each([
  [
    'manual',
    '{instructions: look}',
    'verifiers: [{id: v, kind: http, config: {url: "http://x/", expectedStatus: 200}}]',
  ],
  ['wait', '{durationMs: 1}', 'outputSchema: {type: object}'],
])(verifies('PLAN-05', 'a %s step has nothing that could be verified'), (action, args, check) => {
  const own = `apiVersion: opsroom/v1\ntitle: T\nsteps:\n  - {id: s, action: ${action}, args: ${args}, ${check}}\n`;
  expect(problems(own)).toEqual([expect.stringMatching(/^PLAN_INVALID 4:\d+ s \| a \w+ step calls no tool/)]);
  const undo = `apiVersion: opsroom/v1\ntitle: T\nsteps:\n  - {id: s, tool: noop, rollback: [{id: u, action: ${action}, args: ${args}, ${check}}]}\n`;
  expect(problems(undo)).toEqual([expect.stringMatching(/^PLAN_INVALID 4:\d+ s \| a \w+ step calls no tool/)]);
});

test(verifies('PLAN-06', 'if, forEach, wait and manual steps compile'), () => {
  const { plan } = compile(`apiVersion: opsroom/v1
title: T
inputs: {hosts: [a, b]}
steps:
  - {id: each, tool: noop, forEach: {items: "inputs.hosts", limit: 2}, args: {host: "{{ item }}", n: "{{ index + 1 }}", key: "{{ step.key }}"}}
  - {id: pause, action: wait, args: {durationMs: 1000}, dependsOn: [each]}
  - {id: look, action: manual, args: {instructions: "Look at {{ inputs.hosts[0] }}"}, if: "size(steps.each.output) > 1", dependsOn: [each]}
`);
  expect(plan.steps.map(({ kind, action }) => `${kind} ${action}`)).toEqual([
    'tool run',
    'system wait',
    'system manual',
  ]);
});

const httpStep = (args: string) => problems(`title: T\ninputs: {u: x}\nsteps: [{id: a, tool: http, args: ${args}}]`);

test('arguments that only a run can know are left to it, the rest is checked', () => {
  expect(httpStep('{url: "{{ inputs.u }}"}')).toEqual([]);
  expect(httpStep('{url: "https://{{ inputs.u }}", method: "{{ inputs.u }}"}')).toEqual([]);
  expect(httpStep('{url: "{{ inputs.u }}", method: PUSH}')).toEqual([expect.stringContaining('method')]);
  expect(httpStep('{url: "{{ inputs.u }}", methd: GET}')).toEqual([expect.stringContaining('Did you mean "method"?')]);
  expect(httpStep('{method: GET}')).toEqual([expect.stringContaining('url')]);
});
