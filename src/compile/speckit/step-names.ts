import { literal } from '../literal.js';
import { slug } from '../runbook/blocks/names.js';
import { clip } from './explanation.js';
import type { Join } from './order.js';
import type { Part } from './outline.js';
import type { Task } from './task.js';

/** A person types the id of a checkpoint to confirm it. */
const MOST_WORDS = 24;
/** "Phase 2: Foundational", "フェーズ 2": a word and a number. */
const NUMBERED = /^\P{L}{0,4}[\p{L}\p{M}]+[\s#:.]{0,3}(\d{1,3})(?![\d.]*\d)/u;

/** What the id of a task's step is made of: its own id, else its first words. */
export function taskHint(task: Task | undefined): string {
  if (task?.id === undefined)
    return slug((task?.text ?? '').split(/\s+/).slice(0, 5).join(' ')) || `line-${task?.lines.from}`;
  const id = task.id.replaceAll(/[^A-Za-z0-9_-]/g, '-');
  return /^\d/.test(id) ? `task-${id}` : id;
}

/** What the id of a join is made of: `accept-US1`, `checkpoint-2` of phase 2, else some words of the heading it stands under. */
export function joinHint({ kind, of }: Join, part: Part | undefined): string {
  if (kind === 'acceptance') return `accept-${of}`;
  const heading = part?.heading ?? '';
  const number = NUMBERED.exec(heading)?.[1];
  return `${kind}-${number ?? (firstWords(slug(heading)) || 'all')}`;
}

/** The task's own words; its id as well where the step is called otherwise. */
export function taskTitle({ id, text }: Task, step: string): string {
  const words = id === step && text !== '' ? [text] : [id, text];
  return literal(clip(words.filter((one) => one !== undefined && one !== '').join(' '), 200));
}

function firstWords(slugged: string): string {
  const whole = slugged.slice(0, MOST_WORDS + 1);
  if (whole.length <= MOST_WORDS) return whole;
  const end = whole.lastIndexOf('-');
  return end > 0 ? whole.slice(0, end) : whole.slice(0, MOST_WORDS);
}
