import type { IntentStatus } from '#ir/intent-state.js';
import { type Said, saidOf } from '#ir/said.js';
import { intentPage } from '#kit/pages.js';
import type { IntentView } from '#operations/intents/view.js';
import type { Room } from '#operations/room.js';
import { oneLine, table, time } from './format.js';
import type { Output } from './output.js';

const WORDS: Readonly<Record<IntentStatus, string>> = {
  waiting: 'waits for approval',
  approved: 'approved, waits for its window',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  rolled_back: 'rolled back',
  cancelled: 'cancelled',
  denied: 'denied by policy',
  rejected: 'rejected',
  expired: 'expired',
  withdrawn: 'withdrawn',
  superseded: 'superseded',
  void: 'void',
};

/** `rejected: person:ada@ops.example: Not on a Friday.` */
export function statusText({ status, word }: Pick<IntentView, 'status' | 'word'>): string {
  return word === '' ? WORDS[status] : `${WORDS[status]}: ${oneLine(word)}`;
}

const SAID: Readonly<Record<Said, string>> = {
  approved: 'approved by',
  rejected: 'rejected by',
  broke: 'glass broken by',
  askedToBreak: 'asked to break the glass:',
};

type Word = Pick<IntentView['approvals'][number], 'by' | 'role' | 'breakGlass' | 'reason' | 'at'> &
  Partial<Pick<IntentView['approvals'][number], 'verdict'>>;

/** `approved by person:ada as owner at 2026-11-21 10:00:00 +01:00: It is tested.` @param of the intent, or its run */
export function saidText(word: Word, of: Pick<IntentView, 'glassBrokenBy'>): string {
  const as = word.role === null ? '' : ` as ${word.role}`;
  return `${SAID[saidOf(word, of)]} ${oneLine(word.by)}${as} at ${time(word.at)}: ${oneLine(word.reason)}`;
}

/** What an intent waits for, and the ways to answer it. */
export function waitingText(intent: IntentView, room: Room): string[] {
  const { shortId, wanted, expiresAt, startsAt, status } = intent;
  if (status === 'approved') return [`Intent ${shortId} was approved and begins at ${time(startsAt ?? '')}.`];
  if (status !== 'waiting') return [`Intent ${shortId}: ${statusText(intent)}.`];
  const until = expiresAt === null ? '' : `, until ${time(expiresAt)}`;
  const own = intent.actions.some(({ action, allowed }) => action === 'approve' && allowed);
  return [
    `Intent ${shortId} waits for ${oneLine(wanted)}${until}.`,
    `${own ? 'Answer it' : 'Somebody else answers it'} at ${room.url()}${intentPage(intent.intentId)}, or: opsroom approve ${shortId} --reason "WHY"`,
  ];
}

export function intentTable(intents: readonly IntentView[], { colours }: Output): string {
  const head = ['intent', 'status', 'asked by', 'asked', 'title', 'wanted'].map((cell) => colours.dim(cell));
  const rows = intents.map((intent) => [
    intent.shortId,
    WORDS[intent.status],
    oneLine(intent.proposer.by),
    time(intent.createdAt),
    oneLine(intent.title),
    oneLine(intent.wanted),
  ]);
  return table([head, ...rows]);
}
