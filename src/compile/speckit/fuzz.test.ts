import { array, assert, boolean, constantFrom, nat, property, record, string, stringMatching, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compileSpecKit } from './speckit.js';
import { readTasks } from './tasks.js';

const { contracts } = builtIn();

/** Words without anything that a list gives a meaning. */
const words = stringMatching(/^(?:[a-z]{2,9} ){1,6}[a-z]{3,9}$/).filter(
  (text) => !/\b(?:after|needs?|requires?|po|nach|tras)\b/.test(text),
);
const task = record({
  parallel: boolean(),
  story: constantFrom(undefined, 1, 2, 30),
  done: boolean(),
  words,
  after: array(nat(), { maxLength: 3 }),
  bold: boolean(),
});

const idOf = (index: number) => `T${String(index + 1).padStart(3, '0')}`;

test(verifies('COMPILE-02', 'what a list says comes out as it was written'), () => {
  assert(
    property(array(array(task, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 }), (phases) => {
      let next = 0;
      const expected: object[] = [];
      const lines = phases.flatMap((tasks, phase) => [
        `## Phase ${phase + 1}: Part`,
        ...tasks.map((one) => {
          const index = next++;
          const after = [...new Set(one.after.filter(() => index > 0).map((n) => n % index))];
          const id = one.bold ? `**${idOf(index)}**` : idOf(index);
          const story = one.story === undefined ? '' : ` [US${one.story}]`;
          const depends = after.length === 0 ? '' : ` (depends on ${after.map(idOf).join(', ')})`;
          expected.push({
            id: idOf(index),
            parallel: one.parallel,
            stories: one.story === undefined ? [] : [`US${one.story}`],
            state: one.done ? 'done' : 'open',
            after,
            phase: { heading: `Phase ${phase + 1}: Part` },
          });
          return `- [${one.done ? 'x' : ' '}] ${id}${one.parallel ? ' [P]' : ''}${story} ${one.words}${depends}`;
        }),
      ]);
      expect(readTasks(lines.join('\n')).tasks).toMatchObject(expected);
    }),
  );
});

const pieces = constantFrom(
  '- [ ] ',
  '- [x] ',
  '* ',
  '1. ',
  '# ',
  '## Phase 1: ',
  '### T001: ',
  '## Dependencies',
  '| T001 | ',
  '|---|',
  '\n',
  '\n\n',
  '  ',
  '\t',
  '```',
  '~~~',
  '<!--',
  '-->',
  '---',
  'T001',
  'T002',
  'T003',
  'T1-T9',
  'T999',
  '[P]',
  '[US1]',
  '(depends on ',
  'blocks ',
  '→',
  ' + ',
  ', ',
  ')',
  '**',
  '`',
  '~~',
  '[',
  ']',
  'Checkpoint: ',
  '依存: ',
  '完了後',
  '{{ x }}',
  '\u0000',
  '\uD800',
  '\u200D',
  'Given ',
  '1.1',
  '✅',
);

test(verifies('COMPILE-02', 'whatever is in a list, it becomes a plan or is refused, and no task is lost'), () => {
  assert(
    property(
      array(
        constantFrom(0, 1).chain((n) => (n === 0 ? pieces : string({ maxLength: 6 }))),
        { maxLength: 60 },
      ),
      (parts) => {
        const text = parts.join('');
        const { tasks } = readTasks(text);
        try {
          const { plan, explanation } = compileSpecKit(
            {
              files: [
                { path: 'tasks.md', text },
                { path: 'spec.md', text },
              ],
            },
            contracts,
          );
          expect(new Set(plan.steps.map(({ id }) => id)).size).toBe(plan.steps.length);
          const told = [...explanation.steps, ...explanation.leftOut].map(({ lines }) => lines.from);
          for (const { lines } of tasks) expect(told).toContain(lines.from);
        } catch (error) {
          expect(error).toHaveProperty(
            'code',
            expect.stringMatching(/^(?:SPECKIT_EMPTY|PLAN_CYCLE|PLAN_UNREADABLE|PLAN_INVALID)$/),
          );
        }
      },
    ),
    { numRuns: 300 },
  );
});

/** Each would keep a backtracking expression busy for hours; the test's own limit would end it. */
test.each([
  ['one long line of brackets', '['.repeat(400_000)],
  ['one long line of stars', `- [ ] ${'*'.repeat(400_000)}T001`],
  ['marks without end', `- [ ] T001 ${'[P]'.repeat(100_000)}`],
  ['a range without end', `- [ ] T001 depends on ${'T001-T999, '.repeat(30_000)}`],
  ['words for after', `- [ ] T001 ${'after needs depends on '.repeat(20_000)}`],
  ['arrows', `## Dependencies\n- [ ] T001 A\n${'T001 → '.repeat(50_000)}`],
  ['comments', '<!--'.repeat(100_000)],
  ['many headings', '### T001: x\n'.repeat(5000)],
  ['tables', `|a|b|\n|-|-|\n${'| T001 | x |\n'.repeat(5000)}`],
  ['deep lists', Array.from({ length: 1000 }, (_, n) => `${' '.repeat(n)}- [ ] T${n} x`).join('\n')],
  ['checkpoint marks', `${'*'.repeat(100_000)}Checkpoint`],
  ['spaces', ' '.repeat(1_000_000)],
  ['scenarios', '1. **Given** '.repeat(50_000)],
])('%s are read in time', (_, text) => {
  expect(readTasks(text).tasks.length).toBeGreaterThanOrEqual(0);
  const files = [
    { path: 'tasks.md', text: `${text}\n- [ ] T5000 Last` },
    { path: 'spec.md', text },
  ];
  try {
    compileSpecKit({ files }, contracts);
  } catch (error) {
    expect(error).toHaveProperty('code');
  }
});

test('a chain of everything on everything has an order', () => {
  assert(
    property(array(tuple(nat({ max: 30 }), nat({ max: 30 })), { maxLength: 80 }), (edges) => {
      const lines = Array.from({ length: 31 }, (_, n) => {
        const after = edges.filter(([a, b]) => Math.max(a, b) === n && a !== b).map(([a, b]) => idOf(Math.min(a, b)));
        return `- [ ] ${idOf(n)}${n % 3 === 0 ? '' : ' [P]'} x${after.length === 0 ? '' : ` (depends on ${after.join(', ')})`}`;
      });
      const { plan } = compileSpecKit({ files: [{ path: 'tasks.md', text: lines.join('\n') }] }, contracts);
      const place = new Map(plan.steps.map(({ id }, index) => [id, index]));
      for (const step of plan.steps)
        for (const before of step.dependsOn) expect(place.get(before)).toBeLessThan(place.get(step.id) ?? -1);
    }),
    { numRuns: 50 },
  );
});
