import { expect, test } from 'vitest';
import type { Intent, Step } from './model.js';
import {
  approveWord,
  claimedWords,
  digestWords,
  doneWords,
  glassWords,
  grouped,
  heldUpWords,
  lineWords,
  mayBreakGlass,
  ruleWords,
  statusShown,
  undoWords,
  voidWords,
  whyNotYet,
} from './words.js';

const may = (approve: string | null, reject: string | null = approve): Intent['actions'] => [
  { action: 'approve', allowed: approve === null, why: approve },
  { action: 'reject', allowed: reject === null, why: reject },
  { action: 'withdraw', allowed: false, why: 'Only who proposed it, or an owner, withdraws it.' },
];
const rule = {
  policy: 'p',
  reason: 'r',
  roles: ['approver', 'owner'],
  count: 1,
  given: [],
  missing: 1,
  window: null,
  form: null,
};
const intent = (of: Partial<Intent> = {}): Intent => ({
  intentId: 'i1',
  shortId: 'i1',
  intent: 'deploy',
  title: 'Deploy',
  status: 'waiting',
  word: '',
  reason: '',
  claimed: {},
  target: { app: 'shop', environment: 'production' },
  inputs: {},
  planDigest: 'sha256:3e91aaaaaaaaaaaac07a',
  source: { kind: 'inline', name: 'plan.yaml' },
  proposer: { by: 'key:gpt-ops', kind: 'agent', agent: 'gpt', role: null, client: null },
  decision: { effect: 'needs_approval', reason: null, policies: ['p'], policyDigest: '5f2c' },
  rules: [rule],
  wanted: '',
  approvals: [],
  glassBrokenBy: [],
  form: {},
  createdAt: '2026-11-21T13:00:00Z',
  expiresAt: null,
  startsAt: null,
  endedAt: null,
  runId: null,
  supersedes: null,
  supersededBy: null,
  actions: may(null),
  ...of,
});
const step = (warnings: string[], verifiers: Step['verifiers'] = []): Step => ({
  id: 's',
  title: 's',
  tool: 'http',
  args: {},
  verifiers,
  isolation: 'none',
  warnings,
});

test('what one may agree to stands apart from what others must, which says why', () => {
  const [mine, own] = [intent(), intent({ intentId: 'i2', actions: may('Nobody approves their own.') })];
  expect(grouped([own, mine])).toEqual({ you: [mine], others: [own] });
  expect([lineWords(mine), lineWords(own)]).toEqual(['1 of approver, owner', 'Nobody approves their own.']);
  expect([statusShown(mine).look, statusShown(own).word]).toEqual(['waiting', 'waiting for others']);
  expect(lineWords(intent({ rules: [rule, { ...rule, policy: 'q' }] }))).toBe('1 of approver, owner');
  expect(ruleWords({ ...rule, given: ['person:ada'], window: 'weekdays' })).toBe(
    'takes 1 of approver, owner; agreed: ada; begins in the window weekdays',
  );
  expect(lineWords(intent({ status: 'approved' }))).toContain('window');
  expect(statusShown(intent({ status: 'rolled_back' }))).toEqual({ look: 'rolled', word: 'rolled back' });
});

test('the button says what the yes leads to', () => {
  expect(approveWord(intent(), undefined)).toBe('Approve and run');
  expect(approveWord(intent({ rules: [{ ...rule, missing: 2 }] }), undefined)).toBe('Approve');
  expect(approveWord(intent({ rules: [{ ...rule, window: 'FREQ=WEEKLY' }] }), undefined)).toBe('Approve');
});

test('who has agreed already, or does not count for every rule, starts nothing by it', () => {
  const second = intent({ rules: [{ ...rule, given: ['person:ada'] }], actions: may('You have agreed already.') });
  expect(approveWord(second, 'owner')).toBe('Approve');
  const both = [rule, { ...rule, policy: 'q', roles: ['owner'] }];
  expect(approveWord(intent({ rules: both }), 'approver')).toBe('Approve');
  expect(approveWord(intent({ rules: both }), 'owner')).toBe('Approve and run');
});

test('a step says what proves it, and a plan whether it can be undone', () => {
  expect(doneWords(step([], [{ id: 'up', kind: 'http', required: true }]))).toBe('up (http)');
  expect(doneWords(step([], [{ id: 'up', kind: 'http', required: false }]))).toBe('up (http, for information)');
  expect(doneWords(step(['counts on its exit code alone: nothing checks its effect']))).toBe('exit code only');
  expect(undoWords(0, 1)).toBe('');
  expect(undoWords(1, 1)).toBe('Cannot be rolled back');
  expect(undoWords(1, 2)).toBe('One step cannot be rolled back');
  expect(undoWords(500, 600)).toBe('500 steps cannot be rolled back');
});

test('what the request claims is told, what has changed as well, and digests are short', () => {
  expect(claimedWords({ claimed: { approved: true, initiator: 'gpt' } })).toEqual(['approved: true', 'initiator: gpt']);
  expect(voidWords({ status: 'waiting', holds: { now: false, why: 'the plan changed', mend: null } })).toBe(
    'the plan changed',
  );
  expect(voidWords({ status: 'waiting', holds: { now: true, why: null, mend: null } })).toBeUndefined();
  const held = {
    status: 'waiting',
    holds: { now: false, why: 'No policies (a.cedar, line 1).', mend: 'Mend them.' },
  } as const;
  expect([voidWords(held), heldUpWords(held)]).toEqual([undefined, 'No policies (a.cedar, line 1). Mend them.']);
  expect(voidWords({ status: 'void', holds: { now: false, why: 'the plan changed', mend: null } })).toBeUndefined();
  expect([digestWords('sha256:3e91aaaaaaaaaaaac07a'), digestWords('3e91aaaaaaaaaaaac07a')]).toEqual([
    'sha256:3e91…c07a',
    'sha256:3e91…c07a',
  ]);
});

test('whoever may say no may break the glass, once, where an ordinary yes is not enough', () => {
  const other = intent({ actions: may('It takes 1 of owner.', null) });
  expect(mayBreakGlass(other, { by: 'person:a', role: undefined })).toBe(true);
  expect(mayBreakGlass(intent({ actions: may('Only people approve.') }), { by: 'person:a', role: undefined })).toBe(
    false,
  );
  expect(mayBreakGlass(intent(), { by: 'person:a', role: undefined })).toBe(false);
  expect(mayBreakGlass(intent({ rules: [{ ...rule, missing: 2 }] }), { by: 'person:a', role: undefined })).toBe(true);
  const yes = { by: 'person:a', role: null, verdict: 'approve', reason: '', breakGlass: true, at: '' } as const;
  expect(mayBreakGlass({ ...other, approvals: [yes] }, { by: 'person:a', role: undefined })).toBe(false);
  expect(mayBreakGlass({ ...other, approvals: [yes] }, { by: 'person:b', role: undefined })).toBe(true);
});

test('one person alone asks for the glass to be broken, and breaks none', () => {
  expect(glassWords([])).toBe('You asked to break the glass. A second person has to, too.');
  expect(glassWords(['person:a', 'person:b'])).toBe('You broke the glass.');
});

test('what cannot be said now says why: first what is not for the reader to mend', () => {
  const given = { reason: 'fine', missing: undefined, busy: false };
  expect(whyNotYet(intent(), 'approve', given)).toBeUndefined();
  expect(whyNotYet(intent(), 'approve', { ...given, reason: '' })).toBe('Give a reason first.');
  expect(whyNotYet(intent(), 'approve', { ...given, missing: 'Fill it in.' })).toBe('Fill it in.');
  expect(whyNotYet(intent(), 'reject', { ...given, missing: 'Fill it in.' })).toBeUndefined();
  expect(whyNotYet(intent({ actions: may('Only people approve.') }), 'approve', given)).toBe('Only people approve.');
  expect(whyNotYet(intent(), 'reject', { ...given, busy: true })).toBe('It is being done.');
});
