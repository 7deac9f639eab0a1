import { Worker } from 'node:worker_threads';
import { abortReason } from '#sandbox/deadline.js';
import type { Answers, Job } from './reader-thread.js';

/** What a thread found, or why nothing. */
export type Read<T> = { readonly found: T } | { readonly failed: string };

const MOST_MS = 15_000;
const MOST_MEMORY_MB = 512;

/** Node loads no TypeScript into a thread: under the test runner the built file serves. */
function threadFile(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts')
    ? new URL('../../../dist/tools/site/reader-thread.js', here)
    : new URL('./reader-thread.js', here);
}

/** Reads pages one after the other in a thread of its own. One that takes too long, or too much, costs its own findings only. */
export class Reader {
  #thread: Worker | undefined;

  /** @throws OpsroomError when the signal aborts */
  async read<K extends Job['kind']>(job: Job & { readonly kind: K }, signal: AbortSignal): Promise<Read<Answers[K]>> {
    if (signal.aborted) throw abortReason(signal);
    const thread = (this.#thread ??= started());
    const said = await spoken(thread, job, signal);
    if ('ended' in said) {
      await this.close();
      if (signal.aborted) throw abortReason(signal);
      return { failed: said.ended };
    }
    return said as Read<Answers[K]>;
  }

  async close(): Promise<void> {
    const thread = this.#thread;
    this.#thread = undefined;
    await thread?.terminate();
  }
}

function started(): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: MOST_MEMORY_MB };
  const thread = new Worker(threadFile(), { resourceLimits, env: {}, stdout: true, stderr: true });
  // What a thread says after it was given up is nobody's error.
  return thread.on('error', () => undefined);
}

/** `ended`: the thread can be used no more. */
async function spoken(thread: Worker, job: Job, signal: AbortSignal): Promise<{ ended: string } | Read<unknown>> {
  const done = new AbortController();
  try {
    return await new Promise((resolve) => {
      const late = setTimeout(
        () => resolve({ ended: `it takes longer than ${MOST_MS / 1000} seconds to read` }),
        MOST_MS,
      );
      const stop = () => resolve({ ended: 'the step was stopped' });
      const died = () => resolve({ ended: 'it needs more memory than there is for one page' });
      signal.addEventListener('abort', stop, { signal: done.signal });
      thread.once('message', resolve).once('error', died).once('exit', died);
      done.signal.addEventListener('abort', () => {
        clearTimeout(late);
        thread.off('message', resolve).off('error', died).off('exit', died);
      });
      thread.postMessage(job);
    });
  } finally {
    done.abort();
  }
}
