import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually } from '../harness/processes.js';

const folder = fileURLToPath(new URL('./newer-node/node_modules/', import.meta.url));
const NODE = `node-${process.platform}-${process.arch}`;

/** For `describe.skipIf`: says how to install what is missing. */
export function missingPart(...packages: readonly string[]): boolean {
  const lacks = [NODE, ...packages].filter((name) => !existsSync(`${folder}${name}`));
  if (lacks.length > 0)
    console.warn(`skipped: ${lacks.join(', ')} is not installed: npm ci --prefix test/parts/newer-node`);
  return lacks.length > 0;
}

/** Runs a program of a part with its own Node; what it writes to stdout, whatever its exit code is. */
export async function runPart(script: string, args: readonly string[], cwd: string): Promise<string> {
  const options = { cwd, maxBuffer: 64 * 1024 * 1024 };
  const ran = promisify(execFile)(`${folder}${NODE}/bin/node`, [`${folder}${script}`, ...args], options);
  const { stdout } = await ran.catch((failed: { stdout: string }) => failed);
  return stdout;
}

/** Where a file of an installed part is. */
export const partFile = (path: string): string => `${folder}${path}`;

export interface StartedPart {
  stop(): Promise<void>;
}

/** Starts a server of a part with its own Node, and waits until the port of loopback answers. */
export async function startPart(script: string, args: readonly string[], port: number): Promise<StartedPart> {
  const child = spawn(partFile(`${NODE}/bin/node`), [partFile(script), ...args], { cwd: tmpdir(), stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4000);
    });
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  const stop = async () => {
    const ended = isOver() ? undefined : once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  };
  const answers = () => {
    if (isOver()) throw new Error(`${script} ended: ${said}`);
    return fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    );
  };
  try {
    await eventually(answers, 120_000);
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}
