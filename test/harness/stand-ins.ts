import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { requestBody, startHttpServer } from './http-server.js';

export interface Called {
  readonly argv: readonly string[];
  readonly cwd: string;
}

export interface Told {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: string;
}

export type Program = (called: Called) => Promise<Told> | Told;

export interface StandIns {
  /** The folder to put first on PATH. */
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * Programs that a test machine cannot have (systemctl in a container, docker without a daemon), played by the test: a file of each
 * name asks here what to print and how to end. What they manage, HTTP servers and files, is real.
 */
export async function standIns(programs: Readonly<Record<string, Program>>): Promise<StandIns> {
  const server = await startHttpServer((request, response) => {
    const answer = async (): Promise<Told> => {
      const called = JSON.parse(await requestBody(request)) as Called & { name: string };
      return (await programs[called.name]?.(called)) ?? { code: 127 };
    };
    answer().then(
      (told) => response.end(JSON.stringify(told)),
      (error: unknown) => response.end(JSON.stringify({ code: 70, stderr: String(error) })),
    );
  });
  const folder = mkdtempSync(join(tmpdir(), 'opsroom-stand-ins-'));
  chmodSync(folder, 0o755);
  for (const name of Object.keys(programs)) {
    const file = join(folder, name);
    writeFileSync(file, script(name, server.url));
    chmodSync(file, 0o755);
  }
  return {
    folder,
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const script = (name: string, url: string): string => `#!${process.execPath}
const body = JSON.stringify({ name: ${JSON.stringify(name)}, argv: process.argv.slice(2), cwd: process.cwd() });
fetch(${JSON.stringify(url)}, { method: 'POST', body }).then((answer) => answer.json()).then((told) => {
  process.stdout.write(told.stdout ?? '');
  process.stderr.write(told.stderr ?? '');
  process.exitCode = told.code ?? 0;
});
`;
