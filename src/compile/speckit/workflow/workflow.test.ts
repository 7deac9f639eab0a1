import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { verifies } from '../../../../test/harness/requirements.js';
import { builtIn } from '../../../operations/contracts.js';
import { isWorkflow } from '../bundle.js';
import { compileSpecKit } from '../speckit.js';
import { asCel, asCondition, asScript, Untold } from './expressions.js';

const { contracts } = builtIn();
const PATH = '.specify/workflows/build/workflow.yml';
const compile = (text: string, doer?: Parameters<typeof compileSpecKit>[0]['doer']) =>
  compileSpecKit({ files: [{ path: PATH, text }], ...(doer === undefined ? {} : { doer }) }, contracts);

const BUILD = `schema_version: "1.0"
workflow:
  id: build
  name: Build it
  version: 1.2.0
  description: Specify, look, check, build.
  integration: claude
requires:
  speckit_version: ">=0.8.5"
inputs:
  spec: { type: string, required: true, prompt: What to build }
  scope: { type: string, default: full, enum: [full, small] }
  strict: { type: boolean, default: false }
steps:
  - id: specify
    command: speckit.specify
    integration: claude
    input: { args: "{{ inputs.spec }} in {{ context.run_id }}" }
  - id: look
    type: gate
    message: "Look at {{ inputs.spec }}."
    options: [approve, reject]
    on_reject: abort
  - id: check
    type: shell
    run: npm test -- "{{ inputs.spec }}" {{ inputs.scope }} 'only {{ inputs.scope }}'
    timeout: 60
    continue_on_error: true
  - id: which
    type: if
    condition: "{{ steps.check.output.exit_code != 0 and inputs.strict }}"
    then:
      - { id: mend, type: prompt, prompt: "Mend {{ inputs.spec }}" }
    else:
      - id: route
        type: switch
        expression: "{{ inputs.scope }}"
        cases:
          full: [{ id: plan-all, command: speckit.plan, options: { quick: false } }]
        default: [{ id: plan-some, command: speckit.plan }]
  - id: again
    type: while
    condition: "{{ steps.check.output.exit_code != 0 }}"
    max_iterations: 3
    steps: [{ id: retry, command: speckit.implement }]
  - { id: collect, type: fan-in, wait_for: [again], output: {} }
  - { id: implement, command: speckit.implement }
`;

describe('a workflow of Spec Kit', () => {
  test(verifies('COMPILE-02', 'becomes a plan: commands, gates, scripts and branches, each with its line'), () => {
    const { plan, explanation } = compile(BUILD, { argv: ['claude', '-p'] });
    expect(plan).toMatchObject({ title: 'Build it', description: 'Specify, look, check, build.', kind: 'spec' });
    expect(plan.inputSchema).toMatchObject({
      required: ['spec'],
      properties: { spec: { description: 'What to build' }, scope: { enum: ['full', 'small'], default: 'full' } },
    });
    expect(plan.steps.map(({ id, tool, action, if: when }) => [id, tool ?? action, when])).toEqual([
      ['specify', 'shell', undefined],
      ['look', 'manual', undefined],
      ['check', 'shell', undefined],
      ['mend', 'shell', 'steps.check.output.exitCode != 0 && inputs.strict'],
      [
        'plan-all',
        'shell',
        '(!(steps.check.output.exitCode != 0 && inputs.strict)) && (string(inputs.scope) == "full")',
      ],
      [
        'plan-some',
        'shell',
        '(!(steps.check.output.exitCode != 0 && inputs.strict)) && (!(string(inputs.scope) == "full"))',
      ],
      ['again', 'manual', undefined],
      ['implement', 'shell', undefined],
    ]);
    expect(plan.steps.slice(1).every(({ dependsOn }, place) => dependsOn[0] === plan.steps[place]?.id)).toBe(true);
    const [specify, look, check] = plan.steps;
    expect(specify?.args).toMatchObject({
      argv: ['claude', '-p'],
      stdin: '/speckit.specify {{ inputs.spec }} in {{ run.id }}',
    });
    expect(look?.args['instructions']).toContain('Look at {{ inputs.spec }}.');
    expect(check).toMatchObject({ timeoutMs: 60_000, args: { shell: 'sh' } });
    expect(explanation.steps.map(({ id, rule, lines }) => `${id} ${rule} ${lines.from}`)).toEqual([
      'specify command 15',
      'look gate 19',
      'check shell 24',
      'mend prompt 33',
      'plan-all command 39',
      'plan-some command 40',
      'again by-hand 41',
      'implement command 47',
    ]);
  });

  test(verifies('COMPILE-02', 'tells with its line what a plan has nothing of, and invents nothing'), () => {
    const { explanation, warnings, plan } = compile(BUILD);
    expect(explanation.leftOut.map(({ rule, lines, firstLine }) => `${rule} ${lines.from} ${firstLine}`)).toEqual([
      'member 7 integration: "claude"',
      'member 8 requires: {"speckit_version":">=0.8.5"}',
      'member 17 integration: "claude"',
      'member 39 options: {"quick":false}',
      'fan-in 46 collect',
    ]);
    expect(warnings[0]).toMatch(/workflow\.yml:41: again: a person does it: a step of type while has no counterpart/);
    // Nobody was named who does them.
    expect(plan.steps[0]).toMatchObject({ kind: 'system', action: 'manual' });
    expect(plan.steps[0]?.args['instructions']).toContain('/speckit.specify {{ inputs.spec }}');
    expect(plan.steps[6]?.args['instructions']).toContain('max_iterations: 3');
  });

  test('the values of a script stand in its environment, wherever they were quoted', () => {
    const { plan } = compile(BUILD);
    expect(plan.steps[2]?.args).toMatchObject({
      run: `npm test -- "\${OPSROOM_VALUE_1}" "\${OPSROOM_VALUE_2}" 'only '"\${OPSROOM_VALUE_3}"''`,
      env: { OPSROOM_VALUE_1: '{{ inputs.spec }}', OPSROOM_VALUE_2: '{{ inputs.scope }}' },
    });
  });

  test.each([
    ['a circle of ids', BUILD.replace('id: implement,', 'id: check,'), 'two steps are called "check"'],
    ['no id', BUILD.replace('- id: check', '- name: check'), 'a step has an `id`'],
    ['no list', 'workflow: { id: a }\nsteps: none\n'.replace('workflow: {', 'workflow:\n  {'), 'no list'],
    ['another schema', BUILD.replace('"1.0"', '"2.0"'), '"2.0" is not known'],
    ['an input of no type', BUILD.replace('type: boolean', 'type: file'), 'a string, a number or a boolean'],
    ['broken YAML', BUILD.replace('steps:', 'steps: ['), 'not valid YAML'],
  ])('with %s is refused with its line', (_, text, what) => {
    expect(() => compile(text)).toThrow(OpsroomError);
    expect(() => compile(text)).toThrow(what);
    expect(() => compile(text)).toThrow(/workflow\.yml:\d+/);
  });

  test('is known by what stands in it', () => {
    expect(isWorkflow({ path: PATH, text: BUILD })).toBe(true);
    expect(isWorkflow({ path: 'a.md', text: BUILD })).toBe(false);
    expect(isWorkflow({ path: 'ops/deploy.yml', text: 'title: x\nsteps:\n  - id: a\n' })).toBe(false);
  });

  test('any text of a step is data: it compiles, or is refused with a reason', () => {
    const words = fc.oneof(
      fc.string(),
      fc.constantFrom('{{', '}}', '{{ inputs.spec }}', '{{{{', "'", '"', '$(', '`', '{{ x | y }}'),
    );
    fc.assert(
      fc.property(words, words, words, (a, b, c) => {
        const text = `${a}${b}${c}`;
        const step = (more: JsonObject) => JSON.stringify({ id: 's', ...more });
        for (const one of [
          { type: 'shell', run: text },
          { type: 'gate', message: text },
          { command: 'x', input: { args: text } },
          { type: text },
        ]) {
          try {
            compile(`workflow: \n  name: x\ninputs: { spec: { type: string } }\nsteps:\n  - ${step(one)}\n`);
          } catch (error) {
            expect(error).toBeInstanceOf(OpsroomError);
          }
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe('an expression of a workflow', () => {
  const names = {
    inputs: new Map([
      ['spec', 'string'],
      ['feature-name', 'string'],
      ['n', 'number'],
      ['on', 'boolean'],
    ]),
    programs: new Map([['run-tests', 'run-tests']]),
  };

  test.each([
    ['inputs.spec', 'inputs.spec'],
    ['inputs.feature-name', 'inputs["feature-name"]'],
    ["inputs.spec == 'it''s'", undefined],
    ["inputs.spec == 'a and b' or not inputs.on", 'inputs.spec == "a and b" || ! inputs.on'],
    ['steps.run-tests.output.exit_code != 0', 'steps["run-tests"].output.exitCode != 0'],
    ['(inputs.n >= 2) and True', '( inputs.n >= 2 ) && true'],
    ["inputs.spec | default('x')", undefined],
    ['inputs.nobody', undefined],
    ['steps.look.output.choice', undefined],
    ["'a' not in inputs.spec", undefined],
    ['__import__("os")', undefined],
  ])('%s', (source, cel) => {
    if (cel === undefined) expect(() => asCel(source, names)).toThrow(Untold);
    else expect(asCel(source, names)).toBe(cel);
  });

  test.each([
    ['{{ inputs.spec }}', 'inputs.spec != ""'],
    ['{{ inputs.n }}', 'inputs.n != 0'],
    ['{{ inputs.on }}', 'inputs.on'],
    ['inputs.on', 'inputs.on'],
    [true, 'true'],
  ])('the condition %s', (value, cel) => {
    expect(asCondition(value, names)).toBe(cel);
  });

  test.each([
    'echo $(cat {{ inputs.spec }})',
    'cat <<E\n{{ inputs.spec }}\nE',
    'true # {{ inputs.spec }}',
    'echo `{{ inputs.spec }}`',
    "sh -c 'echo {{ inputs.spec }}'",
    '/bin/bash -lc "echo {{ inputs.spec }}"',
    'eval {{ inputs.spec }}',
    'X={{ inputs.spec }}; eval "$X"',
    'X={{ inputs.spec }}; $X',
    'ssh host echo {{ inputs.spec }}',
    'echo {{ inputs.spec }} | xargs echo',
    'echo {{ inputs.spec }} | sh',
    'echo {{ inputs.spec }} | sudo bash -s',
    'bash {{ inputs.spec }}',
    '{{ inputs.spec }} --now',
    'if {{ inputs.spec }}; then true; fi',
    'python3 -c "print({{ inputs.spec }})"',
    'node -e "{{ inputs.spec }}"',
    'find . -exec sh -c "echo {{ inputs.spec }}" +',
    'docker exec app sh -c "echo {{ inputs.spec }}"',
    'awk "{{ inputs.spec }}" file',
    'sed -e "s/a/{{ inputs.spec }}/" file',
    'make TITLE={{ inputs.spec }}',
    'env -S "echo {{ inputs.spec }}"',
    'psql -c "select {{ inputs.spec }}"',
    '[[ {{ inputs.spec }} -eq 1 ]]',
  ])('no value is put into such a script: %s', (script) => {
    expect(() => asScript(script, names)).toThrow(Untold);
  });

  test.each([
    'npm test -- {{ inputs.spec }}',
    'bash .specify/scripts/bash/check.sh --json "{{ inputs.spec }}"',
    'python -m pytest -k {{ inputs.spec }}',
    'git commit -m "{{ inputs.spec }}" && git push',
    'NAME={{ inputs.spec }} ./build.sh; test -n "$NAME"',
    'for f in *.sh; do echo "$f {{ inputs.spec }}"; done',
  ])('into such a one it is: %s', (script) => {
    expect(asScript(script, names).env).toEqual({ OPSROOM_VALUE_1: '{{ inputs.spec }}' });
  });

  test('a person does a step whose value would be read as a script after all', () => {
    const step = `  - { id: say, type: shell, run: "sh -c 'echo {{ inputs.spec }}'" }`;
    const { plan, warnings } = compile(`workflow:\n  name: x\ninputs: { spec: { type: string } }\nsteps:\n${step}\n`);
    expect(plan.steps[0]).toMatchObject({ kind: 'system', action: 'manual' });
    expect(warnings.join()).toContain('read as a program once more');
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('the type "%s" is one of others', (type) => {
    const more = JSON.stringify({ id: 's', type, [type]: 1 });
    const { plan } = compile(`workflow:\n  name: x\nsteps:\n  - ${more}\n`);
    expect(plan.steps[0]).toMatchObject({ kind: 'system', action: 'manual' });
  });

  test('a member that a prototype has is left out like any other', () => {
    const { explanation } = compile('workflow:\n  name: x\nsteps:\n  - { id: s, command: a, constructor: 1 }\n');
    expect(explanation.leftOut).toMatchObject([{ rule: 'member', why: 'a plan has nothing of the kind' }]);
  });
});
