import { Worker } from 'node:worker_threads';
import type { BeatMessage } from './beat.js';
import type { HeartbeatData } from './heartbeat-thread.js';

export interface Heartbeat {
  stop(): Promise<void>;
}

/** Starts beating on a thread of its own; `listener` is called on the main one, `onCrash` when the thread ends unasked. */
export function startHeartbeat(
  data: HeartbeatData,
  listener: (message: BeatMessage) => void,
  onCrash: (error: Error) => void,
): Heartbeat {
  // Options of a program that uses this as a library may be for its main file alone.
  const thread = new Worker(threadFile(), { workerData: data, execArgv: [] });
  // Asked for from the start: a thread that has crashed by the time it is to stop would never say so again.
  const exited = new Promise((resolve) => thread.once('exit', resolve));
  const ended = (code: number) => onCrash(new Error(`The heartbeat's thread ended with code ${code}.`));
  thread.on('message', listener);
  thread.once('error', (error) => {
    thread.off('exit', ended);
    onCrash(error);
  });
  thread.once('exit', ended);
  return {
    stop: async () => {
      thread.removeAllListeners('message');
      thread.off('exit', ended);
      thread.postMessage('stop');
      await exited;
    },
  };
}

/** Node loads no TypeScript into a thread: under the test runner the built file serves. */
function threadFile(): URL {
  const here = import.meta.url;
  return here.endsWith('.ts')
    ? new URL('../../../dist/execute/workers/heartbeat-thread.js', here)
    : new URL('./heartbeat-thread.js', here);
}
