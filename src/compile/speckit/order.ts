import type { Checkpoint, Task } from './task.js';

/** A task, or a place where all before it is joined, in the order in which they are done. */
export type Stop = { readonly task: number } | { readonly join: Join };

export interface Join {
  readonly kind: 'checkpoint' | 'acceptance' | 'phase';
  /** Number of the checkpoint; the story; the line of the phase's heading. */
  readonly of: number | string;
}

/** What each stop waits for: places in `stops`. */
export interface Order {
  readonly stops: readonly Stop[];
  readonly waits: ReadonlyMap<number, ReadonlySet<number>>;
  /** Tasks that come later than they stand, because they depend on one that stands below them. */
  readonly moved: readonly number[];
  /** Tasks marked as parallel that wait for another, because both name the same file. */
  readonly sameFile: readonly { readonly task: number; readonly other: number; readonly path: string }[];
}

export interface OrderInput {
  /** Places of the tasks that are to be done, in the order of the file. */
  readonly tasks: readonly number[];
  readonly all: readonly Task[];
  /** Of each task, those of `tasks` that it depends on; without circles. */
  readonly after: ReadonlyMap<number, ReadonlySet<number>>;
  readonly checkpoints: readonly Checkpoint[];
  /** Where the acceptance of stories is looked at: after this task, which is their last. */
  readonly acceptance: ReadonlyMap<number, readonly string[]>;
}

/** More that run at once are joined before the next phase, or the edges between two phases would be the product of both. */
const MANY = 12;

/**
 * The order of Spec Kit: phase after phase; within one, tasks one after another, except that neighbours marked `[P]` run at
 * once; a checkpoint waits for all that stands above it in its phase. A declared dependency comes on top of that.
 */
export function orderOf(input: OrderInput): Order {
  const sequence = sequenceOf(input);
  const builder = new OrderBuilder(input, new Set(sequence.moved));
  for (const one of sequence.items) builder.add(one);
  return { stops: builder.stops, waits: builder.waits, moved: sequence.moved, sameFile: builder.sameFile };
}

type Item = { readonly task: number } | { readonly checkpoint: number };

/** The order of the file; a task that depends on one further down comes right after that. */
function sequenceOf({ tasks, all, after, checkpoints }: OrderInput): { items: Item[]; moved: number[] } {
  const placed = new Set<number>();
  const items: Item[] = [];
  const moved = new Set<number>();
  const waiting = new Map<number, number[]>();
  const place = (first: number) => {
    const stack = [first];
    for (let task = stack.pop(); task !== undefined; task = stack.pop()) {
      const missing = [...(after.get(task) ?? [])].find((before) => !placed.has(before));
      if (missing !== undefined) {
        const others = waiting.get(missing);
        if (others === undefined) waiting.set(missing, [task]);
        else others.push(task);
        moved.add(task);
        continue;
      }
      placed.add(task);
      items.push({ task });
      stack.push(...(waiting.get(task) ?? []).toReversed());
    }
  };
  let next = 0;
  for (const task of tasks) {
    const line = all[task]?.lines.from ?? 0;
    for (; (checkpoints[next]?.line ?? Number.POSITIVE_INFINITY) < line; next++) items.push({ checkpoint: next });
    place(task);
  }
  for (; next < checkpoints.length; next++) items.push({ checkpoint: next });
  return { items, moved: [...moved] };
}

class OrderBuilder {
  readonly stops: Stop[] = [];
  readonly waits = new Map<number, Set<number>>();
  readonly sameFile: { task: number; other: number; path: string }[] = [];
  readonly #input: OrderInput;
  readonly #moved: ReadonlySet<number>;
  readonly #at = new Map<number, number>();
  /** What everything now waits for. */
  #barrier = new Set<number>();
  /** What runs at once since then. */
  #open = new Set<number>();
  #phase: number | undefined;
  /** Of files that open tasks name, the last task. */
  readonly #files = new Map<string, number>();

  constructor(input: OrderInput, moved: ReadonlySet<number>) {
    this.#input = input;
    this.#moved = moved;
  }

  add(item: Item): void {
    if ('checkpoint' in item) return this.#checkpoint(item.checkpoint);
    const task = this.#input.all[item.task];
    if (task === undefined) return;
    if (!this.#moved.has(item.task)) this.#enter(task.phase?.line ?? 0);
    if (task.parallel) this.#parallel(item.task, task);
    else this.#alone(item.task);
    for (const story of this.#input.acceptance.get(item.task) ?? []) this.#join({ kind: 'acceptance', of: story });
  }

  #enter(phase: number): void {
    if (this.#phase !== undefined && this.#phase !== phase && this.#open.size > 0) {
      if (this.#open.size > MANY) this.#join({ kind: 'phase', of: this.#phase });
      else this.#raise(this.#open);
    }
    this.#phase = phase;
  }

  #parallel(index: number, task: Task): void {
    const waits = this.#needs(index, this.#barrier);
    for (const path of task.paths) {
      const other = path.endsWith('/') ? undefined : this.#files.get(path);
      const at = other === undefined ? undefined : this.#at.get(other);
      if (other !== undefined && at !== undefined && !waits.has(at)) {
        waits.add(at);
        this.sameFile.push({ task: index, other, path });
      }
      this.#files.set(path, index);
    }
    this.#open.add(this.#stop({ task: index }, waits));
  }

  #alone(index: number): void {
    const at = this.#stop({ task: index }, this.#needs(index, this.#open.size > 0 ? this.#open : this.#barrier));
    this.#raise(new Set([at]));
  }

  #needs(index: number, base: ReadonlySet<number>): Set<number> {
    const declared = [...(this.#input.after.get(index) ?? [])].flatMap((task) => this.#at.get(task) ?? []);
    return new Set([...base, ...declared]);
  }

  #checkpoint(number: number): void {
    // A checkpoint of a phase that is done already has nothing to join.
    const phase = this.#input.checkpoints[number]?.phase?.line ?? 0;
    if (this.#phase === phase && this.stops.length > 0) this.#join({ kind: 'checkpoint', of: number });
  }

  #join(join: Join): void {
    this.#raise(new Set([this.#stop({ join }, new Set(this.#open.size > 0 ? this.#open : this.#barrier))]));
  }

  #raise(barrier: Set<number>): void {
    this.#barrier = barrier;
    this.#open = new Set();
    this.#files.clear();
  }

  #stop(stop: Stop, waits: Set<number>): number {
    const at = this.stops.push(stop) - 1;
    if ('task' in stop) this.#at.set(stop.task, at);
    this.waits.set(at, waits);
    return at;
  }
}
