import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { LogOf } from '#execute/logs/store.js';
import type { AttemptId } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';

/** Longer ones would not fit into the header in which they come back. Enough for a thousand attempts. */
const MOST_CHARACTERS = 6000;
/** A place unpacks to no more, whatever it claims. */
const MOST_BYTES = 1024 * 1024;
const placesSchema = z.array(z.tuple([z.string().max(500), z.int().positive()]));

/** The next line of each attempt of a run, for a reader of its logs. */
export class Places {
  private readonly next: Map<string, number>;

  /**
   * @param tail of attempts that are there at the first look, so many lines are shown; what comes later is shown whole
   * @param after where a reader was before, as `toString` told it; then nothing is left out for `tail`
   * @throws OpsroomError USAGE for a place that is none
   */
  constructor(
    private tail: number | undefined,
    after?: string,
  ) {
    this.next = new Map(after === undefined ? [] : unpacked(after));
    if (after !== undefined) this.tail = undefined;
  }

  of({ id, lines }: LogOf): number {
    const first = this.tail === undefined ? 1 : Math.max(1, lines - this.tail + 1);
    return this.next.get(keyOf(id)) ?? first;
  }

  passed({ id }: LogOf, next: number): void {
    this.next.set(keyOf(id), next);
  }

  /** The first look is over. Lines that `tail` left out stay left out, also for a reader who comes back. */
  known(logs: readonly LogOf[]): void {
    if (this.tail === undefined) return;
    for (const log of logs) this.passed(log, this.of(log));
    this.tail = undefined;
  }

  /** As text of `A-Za-z0-9_-`; empty when it would be too long to be sent back. */
  toString(): string {
    const text = deflateRawSync(JSON.stringify([...this.next])).toString('base64url');
    return text.length <= MOST_CHARACTERS ? text : '';
  }
}

function unpacked(text: string): readonly (readonly [string, number])[] {
  try {
    const packed = Buffer.from(text.slice(0, MOST_CHARACTERS), 'base64url');
    return placesSchema.parse(JSON.parse(inflateRawSync(packed, { maxOutputLength: MOST_BYTES }).toString('utf8')));
  } catch (cause) {
    const what = 'The place to go on from is not one that this room gave.';
    throw new OpsroomError('USAGE', { what, mend: 'Send the `id:` of the last event, or leave it out.', cause });
  }
}

const keyOf = ({ stepId, item, revision, attempt }: AttemptId): string => `${stepId}#${item}.${revision}.${attempt}`;
