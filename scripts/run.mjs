import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The checkout's top folder, without a trailing slash. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** A failure that a person can mend: its message is shown as it is, without a stack. */
export class Refusal extends Error {}

/**
 * Progress goes to stderr: stdout belongs to the command that follows.
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a program at the checkout's top; no shell. Its output goes to our stderr, or is caught when `quiet`.
 * @param {string} program
 * @param {string[]} args
 * @param {{quiet?: boolean, env?: NodeJS.ProcessEnv}} [options]
 * @returns {Promise<{code: number, output: string}>} code 128 when a signal ended it; `output` is empty unless quiet
 */
export function run(program, args, { quiet = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 2, 2],
    });
    /** @type {Buffer[]} */
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 128, output: Buffer.concat(chunks).toString('utf8') }));
  });
}

/**
 * Runs a script's main function when that script is what Node was started with; a Refusal ends it with its message.
 * @param {ImportMeta} meta of the script
 * @param {() => Promise<void>} main
 */
export async function runAsMain(meta, main) {
  if (process.argv[1] !== fileURLToPath(meta.url)) return;
  await withRefusals(main);
}

/**
 * @param {() => Promise<void>} main
 */
export async function withRefusals(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
