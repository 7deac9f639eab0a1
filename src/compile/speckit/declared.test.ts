import { describe, expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { readTasks } from './tasks.js';

const LIST = Array.from({ length: 9 }, (_, n) => `- [ ] T00${n + 1} Do part ${n + 1}`).join('\n');

/** `T002←T001` for each dependency that a section with this line states. */
function stated(line: string): string[] {
  const { tasks, edges } = readTasks(`# Tasks\n\n## Phase 1: All\n\n${LIST}\n\n## Dependencies\n\n${line}\n`);
  return edges.map(({ before, after }) => `${tasks[after]?.id}←${tasks[before]?.id}`);
}

/** `ID: phase, story, P, ids` of each task. */
const told = (text: string): string[] => {
  const { tasks } = readTasks(text);
  return tasks.map(({ id, phase, stories, parallel, after }) =>
    [`${id}: ${phase?.heading}`, ...stories, ...(parallel ? ['P'] : []), ...after.map((one) => tasks[one]?.id)].join(
      ', ',
    ),
  );
};

describe(verifies('COMPILE-02', 'dependencies that are declared elsewhere than in the words of a task'), () => {
  test.each([
    [
      '- **US1 (T003, T004)**: T003 (scripts) is a prerequisite for the check (T005) and the gate (T006).',
      'T005←T003 T006←T003',
    ],
    [
      '- **US2 (T003–T006)**: T003 (lint) blocks T004 (all of it). T005 blocks T006, T007 and T009 (verify).',
      'T004←T003 T006←T005 T007←T005 T009←T005',
    ],
    ['- **T001-T002**: before T003', 'T003←T001 T003←T002'],
    ['- T001/T002 可并行；T003 依赖 T001/T002；T004/T005 依赖 T003。', 'T003←T001 T003←T002 T004←T003 T005←T003'],
    ['```\nT001 ──► T002 ──► T003\n```', 'T002←T001 T003←T002'],
    ['- T001 ⇒ T002', 'T002←T001'],
    [
      '| Task | Depends on |\n|---|---|\n| T001 | — |\n| T002 | T001 + T003 |\n| T004–T005 | T002（best after T006）|',
      'T002←T001 T002←T003 T004←T002 T005←T002',
    ],
  ])('in a section: %s', (line, expected) => {
    expect(stated(line)).toEqual(expected.split(' '));
  });

  test('in the heading above it, which names other phases and stories only in passing', () => {
    const text = `# Tasks
## Phase 3: Story 1 (depends on Phase 2)
### Models (depends on Phase 2)
- [ ] T001 One
- [ ] T002 Two
### Views (의존: T001~T002)
- [ ] T003 Three
## Phase 4: 核心（User Story 1-3）
### US2 标签（先做：US1 依赖它）
- [ ] T004 Four
`;
    expect(told(text)).toEqual([
      'T001: Phase 3: Story 1 (depends on Phase 2), US1',
      'T002: Phase 3: Story 1 (depends on Phase 2), US1',
      'T003: Phase 3: Story 1 (depends on Phase 2), US1, T001, T002',
      'T004: Phase 4: 核心（User Story 1-3）, US2',
    ]);
  });

  test('over the end of a line', () => {
    const text = `# Tasks
## Phase 1: Setup
- [ ] T001 One
- [ ] T002 [P con T001] Two
- [ ] T003 Write it in \`lib/a.ts\`, called by the page (dépend de T001,
      T002 ; see the contract)
  - T001 is named here only
`;
    expect(told(text)).toEqual(['T001: Phase 1: Setup', 'T002: Phase 1: Setup, P', 'T003: Phase 1: Setup, T001, T002']);
  });

  test('on a line that stands for several tasks', () => {
    const text = `# Tasks
## Phase 1: Setup
- [ ] T001..T004 Later
- [ ] T005+T007 [P] These two
- [ ] T008 Then (depends on T003, T007)
- [ ] T009-fix The end (depends on T002–T008)
`;
    expect(told(text)).toEqual([
      'T001..T004: Phase 1: Setup',
      'T005+T007: Phase 1: Setup, P',
      'T008: Phase 1: Setup, T001..T004, T005+T007',
      'T009: Phase 1: Setup, T001..T004, T005+T007, T008',
    ]);
  });

  test('in the remarks beside it in a table', () => {
    const text = `# Tasks
## Phase 1: Setup
| ID | Task | Notes |
|----|------|-------|
| [X] T001 | Rules | [P] 可并行 |
| [ ] T002 | Gateway | 顺序执行（依赖 T001） |
| [ ] T003 | Inspector | [P] with T002, depends on T001 |
`;
    expect(told(text)).toEqual([
      'T001: Phase 1: Setup, P',
      'T002: Phase 1: Setup, T001',
      'T003: Phase 1: Setup, P, T001',
    ]);
  });
});
