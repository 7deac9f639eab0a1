import { expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { readTasks } from './tasks.js';

/** `ID phase story P deps state` of each task, with ids of tasks it waits for. */
function told(text: string): string[] {
  const { tasks } = readTasks(text);
  return tasks.map(({ id, phase, stories, parallel, after, before, state }) =>
    [
      id ?? '–',
      phase?.heading ?? '–',
      stories.join('+') || '–',
      parallel ? 'P' : '–',
      after.map((one) => tasks[one]?.id).join(',') || '–',
      ...(before.length > 0 ? [`before ${before.map((one) => tasks[one]?.id).join(',')}`] : []),
      ...(state === 'open' ? [] : [state]),
    ].join(' | '),
  );
}

test(verifies('COMPILE-02', 'the list as Spec Kit writes it'), () => {
  const text = `---
description: "Tasks"
---

# Tasks: Bookshop

## Format: \`[ID] [P?] [Story] Description\`

- **[P]**: Can run in parallel
- **[Story]**: e.g. US1

<!-- - [ ] T900 a sample -->

## Phase 1: Setup (Shared Infrastructure)

- [x] T001 Create the project
- [ ] T002 [P] Configure linting

**Checkpoint**: it builds

## Phase 3: User Story 1 - Search (Priority: P1) 🎯 MVP

### Tests for User Story 1

- [ ] T010 [P] [US1] Contract test in tests/contract/test_search.py
- [ ] T014 [US1] Service in src/search.py (depends on T010, T002)
- [ ] T015 Add logging

## Phase N: Polish

- [ ] T0XX [P] Docs

## Dependencies & Execution Order

- T015 can start after T010
- T014 blocks T015

## Parallel Example

\`\`\`bash
Task: "T010 Contract test"
- [ ] T777 in a fence
\`\`\`

## Validation Checklist

- [x] All tasks have ids
`;
  expect(told(text)).toEqual([
    'T001 | Phase 1: Setup (Shared Infrastructure) | – | – | – | done',
    'T002 | Phase 1: Setup (Shared Infrastructure) | – | P | –',
    'T010 | Phase 3: User Story 1 - Search (Priority: P1) 🎯 MVP | US1 | P | –',
    'T014 | Phase 3: User Story 1 - Search (Priority: P1) 🎯 MVP | US1 | – | T010,T002',
    'T015 | Phase 3: User Story 1 - Search (Priority: P1) 🎯 MVP | US1 | – | –',
    'T0XX | Phase N: Polish | – | P | –',
  ]);
  const { checkpoints, edges, remarks, tasks } = readTasks(text);
  expect(checkpoints).toMatchObject([{ text: 'it builds', line: 19 }]);
  expect(edges.map(({ before, after }) => [tasks[before]?.id, tasks[after]?.id])).toEqual([
    ['T010', 'T015'],
    ['T014', 'T015'],
  ]);
  expect(remarks).toMatchObject([{ rule: 'check-list' }]);
});

test.each([
  ['- [ ] **T001** [P] [US2] Do it', 'T001 | – | US2 | P | –'],
  ['- [ ] **T001 [P] [US2]** Do it', 'T001 | – | US2 | P | –'],
  ['- [ ] **T001: Do it**', 'T001 | – | – | – | –'],
  ['- [ ] T001: [US-02] Do it', 'T001 | – | US2 | – | –'],
  ['* [X] [T001] [P] Do it', 'T001 | – | – | P | – | done'],
  ['- [ ] [P] T001 Do it', 'T001 | – | – | P | –'],
  ['1. [ ] T001 - [P] [US1] Do it', 'T001 | – | US1 | P | –'],
  ['- [ ] T-001 (P) Do it', 'T-001 | – | – | P | –'],
  ['- [ ] T002a [BE] [US1] Do it', 'T002a | – | US1 | – | –'],
  ['- [ ] T041.1 [P] Do it', 'T041.1 | – | – | P | –'],
  ['- [ ] TASK-001-002：做', 'TASK-001-002 | – | – | – | –'],
  ['- [ ] 1.2 Do it', '1.2 | – | – | – | –'],
  ['- [ ] 3. Do it', '3 | – | – | – | –'],
  ['- [ ] 3 retries are made', '– | – | – | – | –'],
  ['- [ ] S3 bucket', '– | – | – | – | –'],
  ['- [ ] FR-001 is covered', '– | – | – | – | –'],
  ['- [ ] T001 Do it [P] [US3]', 'T001 | – | US3 | P | –'],
  ['- [→] T001 Do it', 'T001 | – | – | – | –'],
  ['- [ ] ~~T001 Do it~~', 'T001 | – | – | – | – | removed'],
  ['- ✅ T001 Do it', 'T001 | – | – | – | – | done'],
  ['- [ ] T001 [US1, US2] Do it', 'T001 | – | US1+US2 | – | –'],
  ['- [ ] T001 `[P]` Do it', 'T001 | – | – | P | –'],
  ['- [ ] T001 🔒 [P] Do it', 'T001 | – | – | P | –'],
])('%s', (line, expected) => {
  expect(told(line)).toEqual([expected]);
});

test(verifies('COMPILE-02', 'headings, bold lines, rows and boxes below them'), () => {
  expect(
    told(`# Tasks 002: Notes
## Phase 1: Setup
### Task 1.1: Add it
- [x] one
- [x] two
### Task 1.2: Configure [P]
- [ ] one
- **Dependencies**: Task 1.1
`),
  ).toEqual(['1.1 | Phase 1: Setup | – | – | – | done', '1.2 | Phase 1: Setup | – | P | 1.1']);
  expect(
    told(`# 任务拆解
| 任务编号 | 任务名称 |
|---|---|
| TASK-001 | 引入 |
| TASK-002 | 配置 |
## 2. 任务详情
### TASK-001：引入
**依赖任务**：无
### TASK-002：配置
**依赖任务**：TASK-001
`),
  ).toEqual(['TASK-001 | – | – | – | –', 'TASK-002 | – | – | – | TASK-001']);
  expect(
    told(`# Plan
## Milestone 2
### Phase 2.1 — Audio
**T2.1.0** ✅ **Segments** (COMPLETED)
- ✅ done
**T2.1.1** ~~Capture~~ ❌ REMOVED
**T2.1.2** Tracks
`),
  ).toEqual([
    'T2.1.0 | Phase 2.1 — Audio | – | – | – | done',
    'T2.1.1 | Phase 2.1 — Audio | – | – | – | removed',
    'T2.1.2 | Phase 2.1 — Audio | – | – | –',
  ]);
  expect(
    told(`# Platform – Tasks
## 2. Task Table
| id | title | depends on | status |
| --- | --- | --- | --- |
| T1 | Init | – | done |
| T2 | CI | T1 | open |
`),
  ).toEqual(['T1 | 2. Task Table | – | – | – | done', 'T2 | 2. Task Table | – | – | T1']);
});

test.each([
  ['フェーズ 1: セットアップ', 'ユーザーストーリー 2', '- [ ] **T002** [P] 実装（依存: T001、完了条件: 動く）', 'T001'],
  ['第一阶段：准备', '用户故事 2', '- [ ] T002 实现（依赖：T001）', 'T001'],
  ['1단계: 설정', '사용자 스토리 2', '- [ ] T002 구현 (T001 완료 후)', 'T001'],
  ['Fase 1: Configuração', 'História de Usuário 2', '- [ ] T002 Criar (depende de T001)', 'T001'],
  ['Fase 1: Configuración', 'Historia de usuario 2', '- [ ] T002 Crear (después de T001)', 'T001'],
  ['Étape 1 : Mise en place', 'Récit utilisateur 2', '- [ ] T002 Créer (dépend de T001)', 'T001'],
  ['Phase 1: Aufbau', 'US2', '- [ ] T002 Anlegen (hängt ab von T001)', 'T001'],
])(verifies('COMPILE-02', '%s'), (phase, story, line, after) => {
  const [, second] = told(`# X\n## ${phase}\n- [ ] T001 A\n### ${story}: B\n${line}\n`);
  expect(second?.split(' | ').slice(1)).toEqual([phase, 'US2', line.includes('[P]') ? 'P' : '–', after]);
});

test.each([
  ['(depends on T002-T004)', 'T002,T003,T004'],
  ['(depends on T002, T003 and T004)', 'T002,T003,T004'],
  ['**Depends on**: **T002** (model), `T004`', 'T002,T004'],
  ['Blocked by: T003', 'T003'],
  ['does not depend on T003', '–'],
  ['independent of T003', '–'],
  ['extends T003; parallel with T002', '–'],
  ['Dependencies: None', '–'],
  ['depends on T002–T003', 'T002,T003'],
  ['requires T2 / T3', 'T002,T003'],
  ['Dep: T002–T003.', 'T002,T003'],
])('%s', (words, expected) => {
  const last = told(`- [ ] T002 A\n- [ ] T003 B\n- [ ] T004 C\n- [ ] T005 D ${words}\n`).at(-1);
  expect(last).toBe(`T005 | – | – | – | ${expected}`);
});

test('what a section on dependencies draws', () => {
  const { edges, tasks } = readTasks(`## Phase 1
- [ ] T001 A
- [ ] T002 B
- [ ] T003 C
- [ ] T004 D
## Dependency Graph
\`\`\`
T001 → T002, T003
T002 + T003 → T004   # joined
Phase 1 (T001-T004) → Phase 2
\`\`\`
- Tests (T001-T002) before implementation (T003-T004)
- **Critical path**: T001 → T004
`);
  expect(edges.map(({ before, after }) => `${tasks[before]?.id}-${tasks[after]?.id}`)).toEqual([
    'T001-T002',
    'T001-T003',
    'T002-T004',
    'T003-T004',
    'T001-T003',
    'T001-T004',
    'T002-T003',
    'T002-T004',
  ]);
});
