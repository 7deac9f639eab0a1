import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from './processes.js';

const PROGRAM = fileURLToPath(new URL('../../bin/opsroom.mjs', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as JSON; throws when it is not. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as `JSON.parse`, it believes the test
  json<T>(): T;
}

export interface Going {
  readonly child: ChildProcess;
  /** Resolves once stderr or stdout has shown the text; rejects after a bounded time, with what they showed. */
  saw(text: string, withinMs?: number): Promise<void>;
  /** What it has shown on stdout so far. */
  stdout(): string;
  readonly finished: Promise<Finished>;
}

/** The command line as people start it: real processes, in a folder and with an environment of the test's. */
export class Cli {
  constructor(
    private readonly cwd: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  start(...args: string[]): Going {
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.cwd, ...this.env };
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    const finished = new Promise<Finished>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ ...said, code, json: () => JSON.parse(said.stdout) }));
    });
    const saw = async (text: string, withinMs?: number) => {
      const found = () => said.stdout.includes(text) || said.stderr.includes(text);
      await eventually(() => found() || child.exitCode !== null, withinMs);
      if (!found()) throw new Error(`"${text}" was never shown:\n${said.stderr}\n${said.stdout}`);
    };
    return { child, saw, stdout: () => said.stdout, finished };
  }

  call(...args: string[]): Promise<Finished> {
    return this.start(...args).finished;
  }
}
