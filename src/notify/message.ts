import type { NoticeEvent, NoticeFacts } from './rule.js';

/** A message, before it takes the form of a place. */
export interface Message {
  readonly event: NoticeEvent | 'test';
  /** One line. */
  readonly headline: string;
  readonly items: readonly MessageItem[];
  /** How many more there are than `items`. */
  readonly more: number;
}

export interface MessageItem extends NoticeFacts {
  /** Where to look, in full. */
  readonly url: string;
}

const ITEMS = 10;
const LONGEST = 300;

const ONE: Readonly<Record<NoticeEvent, (title: string) => string>> = {
  'run.failed': (title) => `Failed: ${title}`,
  'run.succeeded': (title) => `Succeeded: ${title}`,
  'run.waits': (title) => `Waits for a person: ${title}`,
  'approval.waits': (title) => `Approval wanted: ${title}`,
  'worker.lost': (title) => `Worker lost: ${title}`,
  'room.degraded': (title) => `The room cannot work: ${title}`,
};
const MANY: Readonly<Record<NoticeEvent, string>> = {
  'run.failed': 'runs failed',
  'run.succeeded': 'runs succeeded',
  'run.waits': 'runs wait for a person',
  'approval.waits': 'approvals are wanted',
  'worker.lost': 'workers were lost',
  'room.degraded': 'times the room could not work',
};

/** One message of everything that is told together, the newest last. Nothing in it decides anything: it leads to the room. */
export function messageOf(event: NoticeEvent, facts: readonly NoticeFacts[], roomUrl: string): Message {
  const [first] = facts;
  const shown = facts.slice(-ITEMS).map((one) => ({
    ...one,
    title: oneLine(one.title),
    detail: one.detail ? oneLine(one.detail) : null,
    url: `${roomUrl}${one.path}`,
  }));
  const headline = facts.length === 1 && first ? ONE[event](oneLine(first.title)) : `${facts.length} ${MANY[event]}`;
  return { event, headline, items: shown, more: facts.length - shown.length };
}

/** Titles and reasons come from plans and tools: no line breaks, no control characters, not without end. */
function oneLine(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST - 1).replace(/[\uD800-\uDBFF]$/, '')}…` : plain;
}

/** `production · shop · lane B · asked by person:ada@example.com`. */
export function aside({ environment, app, lane, by }: NoticeFacts): string {
  const parts = [environment, app, lane && `lane ${lane}`, by && `asked by ${by}`];
  return parts.filter((part): part is string => Boolean(part)).join(' · ');
}
