import { expect, test, vi } from 'vitest';
import { draftOf, fileFor, forgetDraft, isRunbook, keepDraft, keptDraft, planOf } from './draft.js';
import { type Drafted, draftedFor } from './drafted.js';
import { markAt, marksOf } from './marks.js';

test('a pasted text is read as what it looks like', () => {
  expect(fileFor('{"title": "x"}')).toBe('plan.json');
  expect(fileFor('apiVersion: opsroom/v1\ntitle: x\nsteps: []')).toBe('plan.yaml');
  expect(fileFor('# Rotate\n\nsteps: do this\n\n```sh\nls\n```')).toBe('runbook.md');
  expect(fileFor('Restart it:\n\n```sh\nsystemctl restart app\n```')).toBe('runbook.md');
  expect([isRunbook('a.MD'), isRunbook('a.markdown'), isRunbook('a.md.yaml')]).toEqual([true, true, false]);
});

test('files that are dropped together are one task list with its documents', () => {
  expect(fileFor('# Tasks: X\n\n## Phase 1\n\n- [ ] T001 [P] Create it')).toBe('tasks.md');
  expect(isRunbook('tasks.md')).toBe(false);
  const draft = draftOf([
    { path: 'spec.md', text: 'spec' },
    { path: 'tasks.md', text: 'tasks' },
    { path: 'x.png', text: '' },
  ]);
  expect(draft).toEqual({ text: 'tasks', file: 'tasks.md', beside: [{ path: 'spec.md', text: 'spec' }] });
  expect(draft && planOf(draft)).toEqual({
    bundle: [
      { path: 'tasks.md', text: 'tasks' },
      { path: 'spec.md', text: 'spec' },
    ],
  });
  expect(planOf({ text: 'x', file: 'a.md' })).toEqual({ text: 'x', file: 'a.md' });
});

test('a draft is kept for this tab, until whoever wrote it signs out', () => {
  const kept = new Map<string, string>();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  keepDraft({ text: 'title: mine', file: 'plan.yaml' });
  expect(keptDraft().text).toBe('title: mine');
  forgetDraft();
  expect([keptDraft().text, kept.size]).toEqual(['', 0]);
  vi.unstubAllGlobals();
});

test('each line shows what became of its block, and why', () => {
  const marks = marksOf({
    steps: [
      { id: 'a', label: 'run', lines: { from: 9, to: 11 }, why: 'a step', ask: 'it deletes', weak: false },
      { id: 'a', label: 'verify', lines: { from: 13, to: 13 }, why: 'a check', ask: null, weak: true },
    ],
    leftOut: [
      { lines: { from: 2, to: 4 }, why: 'sample output', rule: 'output', firstLine: 'x' },
      { lines: { from: 8, to: 8 }, why: 'the code in it is what is done', rule: 'item-holds-code', firstLine: 'y' },
    ],
    questions: [{ lines: { from: 9, to: 9 }, text: 'Which one?' }],
  });
  expect(marks.map(({ from, word }) => `${from} ${word}`)).toEqual(['2 left out', '9 question', '9 run', '13 verify']);
  expect(markAt(marks, 3)).toMatchObject({ word: 'left out', why: 'sample output' });
  expect(markAt(marks, 10)?.why).toBe('a step; a person is asked first: it deletes');
  expect(markAt(marks, 13)?.why).toBe('a check; it states no expectation');
  expect(markAt(marks, 5)).toBeUndefined();
});

test('what was drafted says where values came from, what is asked beside them, and what policies say to it', () => {
  const asked = { name: 'unit', from: 'asked', value: null, question: 'unit?' } as const;
  const drafted = {
    text: 'title: x\n',
    why: null,
    model: 'openai:gpt',
    questions: ['Which shop?', 'unit?'],
    steps: [{ id: 'a', from: 'model', because: '', isTemplate: true }],
    inputs: [asked],
    policy: { effect: 'deny', reason: 'nobody may' },
  } as unknown as Drafted;
  const draft = draftedFor(drafted);
  expect(draft).toMatchObject({
    text: '# Drafted by openai:gpt.\n# ? Which shop?\n# ? unit?\ntitle: x\n',
    values: [asked],
    questions: ['Which shop?'],
    policy: 'Policy lets nobody run it so: nobody may',
  });
  expect(draftedFor({ ...drafted, policy: { effect: 'allow', reason: null } })).not.toHaveProperty('policy');
  expect(draftedFor({ ...drafted, text: null })).toBeUndefined();
});
