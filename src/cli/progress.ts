import { NO_ITEMS } from '#ir/done-word.js';
import type { JsonValue } from '#ir/json.js';
import { duration, oneLine } from './format.js';

/** What progress needs of an event of a run. */
export interface Happening {
  readonly type: string;
  readonly step: string | null;
  readonly item: number | null;
  readonly data: JsonValue;
  readonly at: Date;
}

/** What is known of a run from its events: how much is done, what runs, and a line for each thing that happened. */
export class Progress {
  private readonly running = new Map<string, number>();
  private readonly waiting = new Set<string>();
  /** Steps whose `forEach` had an empty list. */
  private readonly empty = new Set<string>();
  private undoing = false;

  constructor(
    private done: number,
    private readonly total: number,
    private readonly startedMs: number,
    running: readonly { readonly id: string; readonly startedAt: string | null }[] = [],
  ) {
    for (const { id, startedAt } of running) this.running.set(id, Date.parse(startedAt ?? '') || startedMs);
  }

  /** Takes an event in; the line that tells it, undefined for what people need not see. */
  take(event: Happening): string | undefined {
    const unit = unitOf(event);
    const began = this.running.get(unit);
    if (event.type === 'run.rollback') this.undoing = true;
    if (event.type === 'step.expanded' && member(event.data, 'items') === 0) this.empty.add(unit);
    if (event.type === 'step.waiting') this.waiting.add(unit);
    else this.waiting.delete(unit);
    if (event.type === 'step.started') this.running.set(unit, event.at.getTime());
    else if (event.type.startsWith('step.') && !PACING.has(event.type)) this.running.delete(unit);
    const whole = event.step !== null && !event.step.includes('/') && (event.item ?? -1) < 0;
    if (whole && (event.type === 'step.done' || event.type === 'step.skipped')) this.done += 1;
    if (event.type === 'step.done' && this.empty.has(unit)) return oneLine(`✓ ${unit}  ${NO_ITEMS}`);
    return lineOf(event, unit, began === undefined ? undefined : event.at.getTime() - began);
  }

  /** `3/8  build, test  12 s`: for one line that is redrawn. */
  summary(nowMs: number): string {
    const parts = [`${this.done}/${this.total}`, this.doing(), duration(nowMs - this.startedMs)];
    return oneLine(parts.filter((part) => part !== '').join('  '));
  }

  /** Between two steps nothing runs and nothing is waited for. */
  private doing(): string {
    const names = [...this.running.keys()];
    if (names.length > 4) return `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
    if (names.length > 0) return names.join(', ');
    if (this.undoing) return 'rolling back';
    if (this.waiting.size > 0) return `waiting for ${[...this.waiting].slice(0, 4).join(', ')}`;
    return this.done >= this.total ? 'finishing' : '';
  }
}

/** A rate holds a step back that runs, and lets it go on. */
const PACING = new Set(['step.held', 'step.going']);

function unitOf({ step, item }: Happening): string {
  return step === null ? '' : item === null || item < 0 ? step : `${step}#${item}`;
}

function lineOf({ type, data }: Happening, unit: string, ms: number | undefined): string | undefined {
  const took = ms === undefined ? '' : `  ${duration(ms)}`;
  const word = text(data, 'word');
  const message = text(data, 'message') || text(member(data, 'error'), 'message');
  switch (type) {
    case 'step.started':
      return `… ${unit}`;
    case 'step.done':
      return oneLine(`✓ ${unit}${word === '' ? '' : `  ${word}`}${took}`);
    case 'step.skipped':
      return oneLine(`- ${unit}  skipped`);
    case 'step.failed':
      return oneLine(`✗ ${unit}${took}  ${message}`);
    case 'step.retrying':
      return oneLine(`↻ ${unit}${took}  tried again: ${message}`);
    case 'step.held':
      return oneLine(`⏸ ${unit}  waits for the rate of ${text(data, 'limit')}, about until ${text(data, 'until')}`);
    case 'step.waiting':
      return oneLine(`⏸ ${unit}  ${text(data, 'asks') === '' ? 'waits' : `asks: ${text(data, 'asks')}`}`);
    case 'step.answered':
      return oneLine(`↪ ${unit}  answered by ${text(data, 'by')}`);
    case 'step.unknown':
    case 'step.interrupted':
      return oneLine(`? ${unit}  cut short`);
    case 'run.rollback':
      return `↩ rolling back (${text(data, 'cause')})`;
    case 'run.signal':
      return oneLine(`! ${text(data, 'kind')} by ${text(data, 'by')}: ${text(data, 'outcome')}`);
    case 'run.taken':
      return '→ taken by a worker';
    default:
      return undefined;
  }
}

function member(data: JsonValue, name: string): JsonValue {
  if (data === null || typeof data !== 'object' || Array.isArray(data)) return null;
  return Object.hasOwn(data, name) ? (data[name] ?? null) : null;
}

function text(data: JsonValue, name: string): string {
  const value = member(data, name);
  return typeof value === 'string' ? value : '';
}
