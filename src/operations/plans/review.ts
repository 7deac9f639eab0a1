import { rename, writeFile } from 'node:fs/promises';
import { tasksText } from '#compile/runbook/assemble/separate-tasks.js';
import type { Label } from '#compile/runbook/blocks/decision.js';
import {
  type LockEntry,
  lockEntry,
  lockText,
  makeLock,
  type ReviewState,
  readLock,
} from '#compile/runbook/review/review.js';
import { type ReadRunbook, readRunbook } from '#compile/runbook/runbook.js';
import { OpsroomError } from '#kit/errors.js';
import { lockPath, readLockText, splitName } from './file.js';
import { isRunbook } from './input.js';
import { readText } from './read-text.js';

/** A block as it is put before a person. */
export interface ReviewItem {
  readonly lines: { readonly from: number; readonly to: number };
  readonly label: Label;
  readonly rule: string;
  readonly why: string;
  readonly text: string;
  readonly state: ReviewState;
  /** What was said last time; undefined for a block that is new or has changed. */
  readonly answer: LockEntry['decision'] | undefined;
  readonly background: boolean;
  readonly ask: string | undefined;
  /** Whether a person may say that it runs: a code block that was left out. */
  readonly mayRun: boolean;
}

export interface Review {
  readonly title: string;
  /** One per block, in document order. */
  readonly items: readonly ReviewItem[];
  /** The lock beside the file is complete: there is nothing to review. */
  readonly complete: boolean;
  /** What is to be known of all of it. */
  readonly warnings: readonly string[];
  /** Writes the lock. One answer per item. Returns its path. */
  write(answers: readonly LockEntry['decision'][]): Promise<string>;
}

/**
 * Opens a runbook for review, together with the lock that lies beside it.
 *
 * @throws OpsroomError USAGE for a file that is no runbook or a section; PLAN_UNREADABLE, RUNBOOK_*
 */
export async function openReview(name: string): Promise<Review> {
  const { path, section } = splitName(name);
  if (!isRunbook(path) || section !== undefined)
    throw new OpsroomError('USAGE', {
      what: section === undefined ? 'Only runbooks are reviewed.' : 'A runbook is reviewed as a whole.',
      where: name,
      mend: section === undefined ? 'Name a Markdown file.' : `Run \`opsroom review ${path}\`.`,
    });
  const text = await readText(path, 'PLAN_UNREADABLE');
  const former = await readLockText(path);
  const lock = former === undefined ? undefined : readLock(former, lockPath(path));
  const read = await readRunbook({ text, file: path, lock });
  return {
    title: read.document.title,
    items: itemsOf(read),
    complete: read.review?.complete === true,
    warnings: read.tasks.length === 0 ? [] : [`${tasksText(read.tasks)}. A review lets no run do them all.`],
    write: (answers) => writeLock(path, read, answers),
  };
}

function itemsOf({ decisions, review }: ReadRunbook): ReviewItem[] {
  return decisions.map((decision, i) => {
    const { block, label, rule, why, background, ask } = decision;
    const state = review?.blocks[i]?.state ?? 'new';
    return {
      lines: block.lines,
      label,
      rule,
      why,
      text: block.text,
      state,
      answer: state === 'unchanged' ? review?.blocks[i]?.entry?.decision : undefined,
      background: background !== undefined,
      ask,
      mayRun: label === 'leave_out' && block.kind === 'code',
    };
  });
}

/** Whole or not at all: a lock that is cut short must not be read. */
async function writeLock(path: string, read: ReadRunbook, answers: readonly LockEntry['decision'][]): Promise<string> {
  const entries = read.decisions.map((decision, i) => lockEntry(decision, answers[i] ?? decision.label));
  const target = lockPath(path);
  const draft = `${target}.new`;
  await writeFile(draft, lockText(makeLock(entries, read.settings)));
  await rename(draft, target);
  return target;
}
