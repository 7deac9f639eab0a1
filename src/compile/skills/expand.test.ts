import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { contracts } from '../../../test/harness/contracts.js';
import { verifies } from '../../../test/harness/requirements.js';
import { compilePlan } from '../compile.js';
import { PlanProblems } from '../problems.js';
import { readSkill } from './read.js';
import { bound, boundExpression, celOf } from './substitute.js';

const text = (more = '') => `
slug: greet
name: Greet
description: Say it and look.
tools: [shell, noop]
constraints: { max_runtime_ms: 100000, allowed_envs: [dev, staging] }
inputSchema:
  type: object
  required: [who]
  properties: { who: { type: string }, how: { type: string, default: gently }, loud: { type: boolean, default: false } }
outputSchema: { type: object, properties: { said: { type: string } } }
steps:
  - id: say
    tool: shell
    timeoutMs: 20000
    retryPolicy: { maxAttempts: 2 }
    args: { run: 'echo "$WHO"', env: { WHO: '{{ args.who }}', HOW: 'so {{ args.how }}' } }
    verifiers: [{ id: heard, kind: shell, config: { run: 'test -n "$WHO"', env: { WHO: '{{ args.who + "!" }}' } } }]
  - id: look
    tool: noop
    dependsOn: [say]
    if: '!args.loud'
    args: { heard: '{{ steps.say.output.stdout }}' }
outputs: { said: '{{ steps["say"].output.stdout }}' }
verifiers: [{ id: whole, kind: json_schema, config: { schema: { required: [said] } } }]
${more}`;
const greet = readSkill(text(), 'skills/greet.yaml', 'greet');
const skills = { get: (name: string) => (name === 'greet' ? greet : undefined), names: () => ['greet'] };
const noTool = {
  id: 'skill',
  summary: '',
  defaultAction: 'begin',
  actions: ['begin', 'finish'],
  literal: [],
  isReadOnly: () => false,
};
const noop = contracts.tools.get('noop');
const known = {
  ...contracts,
  skills,
  tools: new Map([...contracts.tools, ['skill', { ...noTool, args: noop?.args }]] as never),
} as typeof contracts;
const plan = (steps: JsonObject[], more: JsonObject = {}) => ({
  apiVersion: 'opsroom/v1',
  title: 'T',
  target: { environment: 'dev' },
  inputs: { name: 'Ada' },
  ...more,
  steps,
});
const compile = (steps: JsonObject[], more: JsonObject = {}) =>
  compilePlan({ value: plan(steps, more) as JsonValue }, known);
const refusal = (steps: JsonObject[], more: JsonObject = {}): string => {
  try {
    compile(steps, more);
  } catch (error) {
    if (error instanceof PlanProblems) return error.problems.map(({ what, mend }) => `${what} | ${mend}`).join('\n');
    throw error;
  }
  return '';
};

describe('a step that uses a skill', () => {
  test(
    verifies('SKILL-01', 'becomes its steps, between one that begins and one that puts out what it promises'),
    () => {
      const { plan: made } = compile([
        { id: 'first', tool: 'noop' },
        {
          id: 'hello',
          skill: 'greet',
          dependsOn: ['first'],
          if: 'inputs.name != ""',
          args: { who: 'Ms {{ inputs.name }}' },
        },
        { id: 'after', tool: 'noop', dependsOn: ['hello'], args: { x: '{{ steps.hello.output.said }}' } },
      ]);
      expect(made.steps.map(({ id, dependsOn, skill }) => [id, dependsOn, skill])).toEqual([
        ['first', [], undefined],
        ['hello-begin', ['first'], 'greet'],
        ['hello-say', ['hello-begin'], 'greet'],
        ['hello-look', ['hello-say'], 'greet'],
        ['hello', ['hello-say', 'hello-look'], 'greet'],
        ['after', ['hello'], undefined],
      ]);
      const [, begin, say, look, end] = made.steps;
      expect(begin?.args).toMatchObject({ skill: 'greet', digest: greet.digest, allowed: ['dev', 'staging'] });
      expect(say).toMatchObject({
        kind: 'tool',
        timeoutMs: 20_000,
        args: { env: { WHO: 'Ms {{ inputs.name }}', HOW: 'so gently' } },
      });
      expect(say?.verifiers[0]?.config).toMatchObject({
        env: { WHO: '{{ ("Ms " + string( inputs.name )) + "!" }}' },
      });
      expect(look).toMatchObject({
        if: '(inputs.name != "") && (!(false))',
        args: { heard: '{{ steps["hello-say"].output.stdout }}' },
      });
      expect(end).toMatchObject({
        args: { outputs: { said: '{{ steps["hello-say"].output.stdout }}' } },
        outputSchema: greet.skill.outputSchema,
      });
      expect(end?.verifiers.map(({ id }) => id)).toEqual(['whole']);
      expect(made.metadata['skills']).toEqual([
        { step: 'hello', skill: 'greet', version: '1.0.0', digest: greet.digest },
      ]);
    },
  );

  test('what a compensation of the skill takes back beside its own step is the skill’s step, as the plan calls it', () => {
    const back = `dependsOn: [say]
    rollback: [{ id: undo, tool: noop, alsoUndoes: [say], args: { heard: '{{ args.who }}' } }]`;
    const undoing = readSkill(text().replace('dependsOn: [say]', back), 'f', 'greet');
    const { plan: made } = compilePlan(
      { value: plan([{ id: 'a', skill: 'greet', args: { who: 'x' } }]) as JsonValue },
      { ...known, skills: { get: () => undoing, names: () => [] } },
    );
    expect(made.steps.flatMap(({ rollback = [] }) => rollback)).toMatchObject([
      { id: 'undo', alsoUndoes: ['a-say'], args: { heard: 'x' } },
    ]);
  });

  test('in the seed’s form, a sequence, steps keep their order', () => {
    const { apiVersion: _, ...seed } = plan([
      { id: 'a', tool: 'noop' },
      { id: 'b', skill: 'greet', args: { who: 'x' } },
      { id: 'c', tool: 'noop' },
    ]);
    const { plan: made } = compilePlan({ value: seed as JsonValue }, known);
    expect(made.steps.map(({ id, dependsOn }) => [id, ...dependsOn])).toEqual([
      ['a'],
      ['b-begin', 'a'],
      ['b-say', 'b-begin'],
      ['b-look', 'b-say'],
      ['b', 'b-say', 'b-look'],
      ['c', 'b'],
    ]);
  });

  test('another skill text is another plan', () => {
    const other = readSkill(text().replace('gently', 'loudly'), 'f', 'greet');
    const steps = [{ id: 'a', skill: 'greet', args: { who: 'x' } }];
    const changed = compilePlan(
      { value: plan(steps) as JsonValue },
      { ...known, skills: { get: () => other, names: () => [] } },
    );
    expect(changed.digest).not.toBe(compile(steps).digest);
  });

  test.each([
    ['a skill that is not there', { skill: 'great' }, 'there is no skill "great" | Did you mean "greet"'],
    ['an argument that is missing', { args: {} }, 'greet needs "who"'],
    ['an argument that it does not know', { args: { who: 'x', hwo: 'y' } }, 'has no argument "hwo"'],
    ['an argument of another type', { args: { who: 'x', loud: 'yes' } }, 'loud'],
    ['a loop', { forEach: '[1]' }, 'has no forEach'],
    ['a limit of its own', { timeoutMs: 5 }, 'has no timeoutMs'],
  ])('%s is refused', (_, more, said) => {
    expect(refusal([{ id: 'a', skill: 'greet', args: { who: 'x' }, ...(more as JsonObject) }])).toContain(said);
  });

  test(verifies('SKILL-01', 'it is refused where it may not be used'), () => {
    const steps = [{ id: 'a', skill: 'greet', args: { who: 'x' } }];
    expect(refusal(steps, { target: { environment: 'production' } })).toContain('may not be used on production');
    expect(refusal(steps, { target: {} })).toContain('needs a target with an environment');
    // Not known before the run: then the step that begins looks.
    expect(refusal(steps, { inputs: { e: 'dev', name: '' }, target: { environment: '{{ inputs.e }}' } })).toBe('');
  });
});

describe('a skill file', () => {
  test.each([
    ['of another name', text(), 'other', 'the file is called "other"'],
    ['with a tool that is not listed', text().replace('[shell, noop]', '[shell]'), 'greet', 'a step uses "noop"'],
    [
      'with a tool that no step uses',
      text().replace('[shell, noop]', '[shell, noop, http]'),
      'greet',
      'no step uses "http"',
    ],
    ['with steps that may take longer than the whole', text().replace('100000', '30000'), 'greet', 'may take'],
    ['with a broken schema', text().replace('type: boolean', 'type: bool'), 'greet', 'inputSchema'],
    ['with a step that waits for a person', text().replace('tool: noop', 'action: manual'), 'greet', 'names no tool'],
    ['that is no YAML', 'a: [', 'greet', 'cannot be used'],
    ['with a field too many', text('surprise: 1'), 'greet', 'surprise'],
  ])(verifies('SKILL-03', '%s is refused'), (_, content, slug, said) => {
    let found: unknown;
    try {
      readSkill(content, 'f.yaml', slug);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(OpsroomError);
    expect(found).toMatchObject({ code: 'SKILL_INVALID', message: expect.stringContaining(said) });
  });

  test('what it reaches for beyond its arguments is refused where it is used', () => {
    const curious = readSkill(text().replace('{{ args.who }}', '{{ secrets.TOKEN }}'), 'f', 'greet');
    const use = () =>
      compilePlan(
        { value: plan([{ id: 'a', skill: 'greet', args: { who: 'x' } }]) as JsonValue },
        { ...known, skills: { get: () => curious, names: () => [] } },
      );
    expect(use).toThrow('a skill does not see "secrets"');
  });
});

describe('words of a skill in those of a plan', () => {
  const scope = { inputs: { a: 'A', n: 3 }, steps: new Map(), env: {}, run: {} };
  const stepId = (own: string) => `s-${own}`;

  test('a value becomes an expression that gives the same value, whatever it holds', () => {
    const value = fc.jsonValue({ maxDepth: 3, stringUnit: 'grapheme-ascii' }) as fc.Arbitrary<JsonValue>;
    const plain = value.filter(
      (one) =>
        !/\{\{|constructor|__proto__|prototype|\d\.\d|\d{15}/.test(JSON.stringify(one)) &&
        !/e[+-]\d/.test(JSON.stringify(one)),
    );
    fc.assert(
      fc.property(plain, (one) => {
        expect(evaluate(`[${celOf(one)}]`, scope as never)).toEqual([JSON.parse(JSON.stringify(one))]);
      }),
    );
  });

  test.each([
    ['args.x', { x: 'it is {{ inputs.a }}' }, 'it is A'],
    ['args.x + 1', { x: '{{ inputs.n }}' }, 4],
    ['args["x"] + " args.x"', { x: '"q"' }, '"q" args.x'],
    ['args.x.map(i, i + args.y)', { x: [1, 2], y: '{{ inputs.n }}' }, [4, 5]],
    ['args.x == null', {}, true],
  ])('%s', (source, args, result) => {
    expect(evaluate(boundExpression(source, { args, stepId }), scope as never)).toEqual(result);
  });

  test('braces that are text stay text, and what is not an argument stays out of reach', () => {
    expect(bound('{{{{ x }} {{ args.x }} {{ args.y }}', { args: { x: 1, y: [1] }, stepId })).toBe(
      '{{{{ x }} 1 {{ ([1]) }}',
    );
    for (const source of ['inputs.a', 'secrets.T', 'env.HOME', 'args', 'args[inputs.a]', 'steps[args.x].output'])
      expect(() => boundExpression(source, { args: { x: 'y' }, stepId })).toThrow();
  });
});
