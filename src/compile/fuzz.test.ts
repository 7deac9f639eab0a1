import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { contracts } from '../../test/harness/contracts.js';
import { compilePlan, type PlanInput } from './compile.js';

const seed = `apiVersion: opsroom/v1
title: "Deploy {{ inputs.ref }}"
inputSchema: { type: object, properties: { ref: { type: string }, list: { type: array } } }
steps:
  - id: build
    tool: shell
    args: { run: "make", env: { REF: "{{ inputs.ref + 'x' }}" } }
    verifiers: [{ id: v, kind: file, config: { path: dist } }]
  - id: each
    tool: http
    forEach: "inputs.list.filter(x, x != null)"
    args: { url: "https://x.example/{{ item }}", body: { a: &a [1, 2.5, null], b: *a } }
    dependsOn: [build]
    rollback: [{ id: undo, tool: noop, args: { x: "{{ output.body }}" } }]
`;

/** A plan or a clear error: anything else is a bug. */
function survives(input: PlanInput): void {
  try {
    expect(compilePlan(input, contracts).digest).toHaveLength(64);
  } catch (error) {
    if (!(error instanceof OpsroomError)) throw error;
    expect(error.code).toMatch(/^PLAN_/);
    expect(error.message).not.toBe('');
  }
}

const snippet = fc.oneof(
  fc.constantFrom(
    '{{',
    '}}',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ': ',
    '\n',
    '\n  ',
    '- ',
    '&a ',
    '*a',
    '|\n',
    '>',
    '#',
    '!!',
    '? ',
    '\t',
    '---\n',
    '%',
    '\\',
    'null',
    '.inf',
    '1e999',
    '<<: ',
  ),
  fc.constantFrom(
    'dependsOn: [each]',
    'if: "true"',
    'steps',
    'tool: sql',
    '{{ steps.each.output }}',
    '__proto__',
    'constructor',
    'toString',
    '"\\ud800"',
    '{{{{',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const edit = fc.record({ at: fc.nat(seed.length), cut: fc.nat(40), put: snippet });

test('mutated documents', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      const text = edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), seed);
      survives({ text, file: 'p.yaml' });
    }),
    { numRuns: 2500 },
  );
});

const names = fc.constantFrom(
  'title',
  'steps',
  'id',
  'tool',
  'args',
  'run',
  'dependsOn',
  'if',
  'forEach',
  'items',
  'verifiers',
  'kind',
  'config',
  'inputs',
  'inputSchema',
  'type',
  'rollback',
  'outputs',
  'expectedOutputs',
  '__proto__',
);
const words = fc.constantFrom(
  'a',
  'b',
  'shell',
  'noop',
  'http',
  'tool',
  'system',
  'wait',
  '{{ inputs.a }}',
  '{{ steps.a.output }}',
  '{{',
  'true',
  'object',
);
const tree = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    words,
    fc.oneof(
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'binary' }),
    ) as fc.Arbitrary<JsonValue>,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(names, tie('value'), { maxKeys: 6 }),
  ),
})).value;

test('random trees, bare and inside a plan', () => {
  const step = fc.record(
    {
      id: words,
      tool: words,
      args: tree,
      if: tree,
      forEach: tree,
      outputs: tree,
      verifiers: tree,
      rollback: tree,
      dependsOn: tree,
    },
    { requiredKeys: ['id', 'tool'] },
  );
  const plan = fc.record(
    {
      title: fc.constant('T'),
      steps: fc.array(step, { minLength: 1, maxLength: 4 }),
      inputs: tree,
      inputSchema: tree,
      expectedOutputs: tree,
    },
    { requiredKeys: ['title', 'steps'] },
  );
  fc.assert(
    fc.property(fc.oneof(tree, plan as fc.Arbitrary<JsonValue>), (value) => {
      survives({ value });
      survives({ text: JSON.stringify(value), file: 'p.json' });
    }),
    { numRuns: 1500 },
  );
});

test('arbitrary text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => survives({ text, file: 'p' })),
    { numRuns: 1500 },
  );
});
