// Compiles one plan after the other, in a thread of its own: a large one takes seconds, and the room goes on meanwhile.
import { parentPort } from 'node:worker_threads';
import { builtIn } from '../contracts.js';
import { withServers } from '../mcp/known-servers.js';
import type { CompileJob } from './compile-aside.js';
import { type Posted, posted, postedError } from './compiled.js';
import { compileHere, type PlanGiven } from './input.js';
import { machineWith } from './machine.js';

async function answerTo({ given, grounds, path }: CompileJob): Promise<Posted> {
  try {
    const contracts = withServers({ ...builtIn({ project: grounds.project }).contracts, grounds }, grounds.servers);
    return posted(await compileHere(JSON.parse(given) as PlanGiven, contracts, machineWith(path)));
  } catch (error) {
    return postedError(error);
  }
}

parentPort?.on('message', (job: CompileJob) => void answerTo(job).then((answer) => parentPort?.postMessage(answer)));
