import { expect, test } from 'vitest';
import { groupsOf } from '#ir/groups.js';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compileSpecKit, type SpecKitInput } from './speckit.js';

const { contracts } = builtIn();

const TASKS = `# Tasks: Bookshop

## Phase 1: Setup (Shared Infrastructure, prerequisites of all that follows)
- [ ] T001 Configure

**Checkpoint**: it builds

## Phase 2: User Story 1 - Search
- [ ] T002 [P] [US1] Create model in src/book.py
- [ ] T003 [US1] Service
- [ ] 1.2 Index

**Checkpoint**: search works

## Fase História de Usuário
- [ ] T004 Documentar
- [ ] T004 Publicar

**Checkpoint**: tudo certo
`;
const SPEC = `# Feature Specification: Bookshop

### User Story 1 - Search

1. **Given** a shop, **When** I search, **Then** I see a book
`;

function compile(options: Omit<SpecKitInput, 'files'> = {}) {
  const files = [
    { path: 'specs/001-shop/tasks.md', text: TASKS },
    { path: 'specs/001-shop/spec.md', text: SPEC },
  ];
  return compileSpecKit({ files, ...options }, contracts).plan;
}

const SETUP = 'Phase 1: Setup (Shared Infrastructure, prerequisites of all that follows)';
const SEARCH = 'Phase 2: User Story 1 - Search';
const LAST = 'Fase História de Usuário';

test(verifies('COMPILE-02', 'each step says its phase and its story, and which are looks of a person'), () => {
  expect(Object.fromEntries(groupsOf(compile().metadata))).toEqual({
    T001: { phase: SETUP, stories: [] },
    'checkpoint-1': { phase: SETUP, stories: [], mark: 'checkpoint' },
    T002: { phase: SEARCH, stories: ['US1'] },
    T003: { phase: SEARCH, stories: ['US1'] },
    'task-1-2': { phase: SEARCH, stories: ['US1'] },
    'accept-US1': { phase: SEARCH, stories: ['US1'], mark: 'acceptance' },
    'checkpoint-2': { phase: SEARCH, stories: ['US1'], mark: 'checkpoint' },
    T004: { phase: LAST, stories: [] },
    'T004-2': { phase: LAST, stories: [] },
    'checkpoint-fase-historia-de-usuario': { phase: LAST, stories: [], mark: 'checkpoint' },
  });
});

test('the title of a step names the task once: its id is there where the step is called otherwise', () => {
  const titles = compile().steps.map(({ id, title }) => `${id}: ${title}`);
  expect(titles).toContain('T001: Configure');
  expect(titles).toContain('task-1-2: 1.2 Index');
  expect(titles).toContain('T004-2: T004 Publicar');
});

test('what an agent did is applied within its phase; branch and pull request are parts of their own', () => {
  const groups = groupsOf(compile({ doer: { agent: true }, pullRequest: { repo: 'octo/shop' } }).metadata);
  expect(groups.get('T002-apply')).toEqual({ phase: SEARCH, stories: ['US1'] });
  expect(['branch', 'push', 'pull-request'].map((id) => groups.get(id)?.phase)).toEqual([
    'Branch',
    'Pull request',
    'Pull request',
  ]);
});
