import { Worker } from 'node:worker_threads';

/** What became of a job: what the thread said of it, or why it said nothing. */
export type Done<Answer> = { readonly answer: Answer } | { readonly ended: 'late' | 'memory' | 'crash' };

export interface ThreadTerms {
  /** A module that answers each message that it gets with one. */
  readonly file: URL;
  /** Of a job. */
  readonly mostMs: number;
  readonly mostMemoryMb: number;
  /** How long a thread waits for another job: to start one takes longer than most jobs. */
  readonly idleMs: number;
}

/** Does work in threads, each of which has one job at a time. One that takes too long, or too much, ends alone. */
export class Threads<Job, Answer> {
  private readonly idle = new Map<Worker, NodeJS.Timeout>();

  constructor(private readonly terms: ThreadTerms) {}

  async do(job: Job): Promise<Done<Answer>> {
    const thread = this.takeIdle() ?? this.started();
    thread.ref();
    const done = await this.spoken(thread, job);
    if ('ended' in done) await thread.terminate();
    else this.keep(thread);
    return done;
  }

  private takeIdle(): Worker | undefined {
    for (const [thread, end] of this.idle) {
      clearTimeout(end);
      this.idle.delete(thread);
      return thread;
    }
    return undefined;
  }

  private started(): Worker {
    const thread = new Worker(this.terms.file, {
      resourceLimits: { maxOldGenerationSizeMb: this.terms.mostMemoryMb },
      env: {},
      // Those of a program that uses this as a library may be for its main file alone.
      execArgv: [],
      stdout: true,
      stderr: true,
    });
    // What a thread says after it was given up is nobody's error.
    return thread.on('error', () => undefined).once('exit', () => this.forget(thread));
  }

  /** It does not keep the process, and ends when nothing comes. */
  private keep(thread: Worker): void {
    thread.unref();
    const end = setTimeout(() => {
      this.forget(thread);
      void thread.terminate();
    }, this.terms.idleMs);
    this.idle.set(thread, end.unref());
  }

  private forget(thread: Worker): void {
    clearTimeout(this.idle.get(thread));
    this.idle.delete(thread);
  }

  private async spoken(thread: Worker, job: Job): Promise<Done<Answer>> {
    const done = new AbortController();
    try {
      return await new Promise<Done<Answer>>((resolve) => {
        const late = setTimeout(() => resolve({ ended: 'late' }), this.terms.mostMs);
        const said = (answer: Answer) => resolve({ answer });
        const failed = (error: NodeJS.ErrnoException) =>
          resolve({ ended: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : 'crash' });
        const gone = () => resolve({ ended: 'crash' });
        thread.once('message', said).once('error', failed).once('exit', gone);
        done.signal.addEventListener('abort', () => {
          clearTimeout(late);
          thread.off('message', said).off('error', failed).off('exit', gone);
        });
        thread.postMessage(job);
      });
    } finally {
      done.abort();
    }
  }
}
