interface Asked<In, Out> {
  readonly input: In;
  readonly resolve: (output: Out) => void;
  readonly reject: (error: unknown) => void;
}

export interface GatherOptions<In, Out> {
  /** Does the work for several at once: one output for each input, in their order. */
  readonly work: (inputs: readonly In[]) => Promise<readonly Out[]>;
  /** The most that go together. */
  readonly most: number;
  /** Whether an error leaves everything undone, so that each may be tried alone and only the one at fault fails. Default: never. */
  readonly splits?: (error: unknown) => boolean;
}

/**
 * Lets what is asked for in one turn of the event loop, or while the work is under way, go together: a round trip and a commit
 * for all. Without the turn, the first of many that are asked for at once would go alone, and the rest wait for it.
 */
export class Gather<In, Out> {
  private readonly asked: Asked<In, Out>[] = [];
  private busy = false;

  constructor(private readonly options: GatherOptions<In, Out>) {}

  /** @throws what `work` throws */
  ask(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.asked.push({ input, resolve, reject });
      if (!this.busy) setImmediate(() => void this.pump());
      this.busy = true;
    });
  }

  private async pump(): Promise<void> {
    while (this.asked.length > 0) await this.together(this.asked.splice(0, this.options.most));
    this.busy = false;
  }

  private async together(batch: readonly Asked<In, Out>[]): Promise<void> {
    try {
      const outputs = await this.options.work(batch.map(({ input }) => input));
      batch.forEach(({ resolve }, n) => resolve(outputs[n] as Out));
    } catch (error) {
      if (batch.length > 1 && this.options.splits?.(error)) for (const one of batch) await this.together([one]);
      else for (const { reject } of batch) reject(error);
    }
  }
}
