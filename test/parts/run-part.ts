import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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
