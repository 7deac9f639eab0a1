import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sleep } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import { processStart } from './process-start.js';

const servingSchema = z.object({
  pid: z.int().positive(),
  /** 0 while it starts. */
  port: z.int().min(0).max(65_535),
  host: z.string(),
  /** ISO 8601, for people. */
  startedAt: z.string(),
  /** See `processStart`: tells this process from a later one of the same number. */
  process: z.string(),
});

/** Who serves a data directory, as its `server.json` says. */
export type Serving = z.infer<typeof servingSchema>;

const FILE = 'server.json';

/** The process that serves the data directory; undefined when none does, whatever a crashed one left behind. */
export async function findServing(home: string): Promise<Serving | undefined> {
  return living(await readText(join(home, FILE)));
}

/**
 * Puts this process's name on the data directory. A file that a crashed server left is put away.
 * @throws OpsroomError DATA_DIR_IN_USE with pid and port when another process serves it
 */
export async function claimServing(home: string, host: string, now: Date): Promise<Serving> {
  const { pid } = process;
  const serving = { pid, port: 0, host, startedAt: now.toISOString(), process: (await processStart(pid)) ?? '' };
  const path = join(home, FILE);
  const mine = `${path}.${pid}`;
  await writeFile(mine, text(serving), { mode: 0o600 });
  try {
    // A link fails when the name exists, and brings the whole content at once.
    while (!(await linked(mine, path))) await clearStale(path, home);
  } finally {
    await rm(mine, { force: true });
  }
  return serving;
}

/** Adds the port once it is known; only for the holder of the claim. */
export async function publishServing(home: string, serving: Serving): Promise<void> {
  const part = join(home, `${FILE}.${serving.pid}`);
  await writeFile(part, text(serving), { mode: 0o600 });
  await rename(part, join(home, FILE));
}

/** Takes the claim back. */
export async function endServing(home: string): Promise<void> {
  await rm(join(home, FILE), { force: true });
}

/** An address that stands for all of the machine's is no address to call. */
export function reachable(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}

/** Where browsers of this machine reach the room that serves a data directory; undefined while none does, or its port is not known. */
export async function servedAt(home: string): Promise<string | undefined> {
  const serving = await findServing(home);
  if (!serving || serving.port === 0) return undefined;
  const host = serving.host.includes(':') ? `[${serving.host}]` : serving.host;
  return reachable(`http://${host}:${serving.port}`);
}

const POLL_MS = 50;

/** Resolves when the process is gone, however long it drains. */
export async function waitForEnd({ pid, process: start }: Serving): Promise<void> {
  while ((await processStart(pid)) === start) await sleep(POLL_MS);
}

const text = (serving: Serving): string => `${JSON.stringify(serving)}\n`;

async function linked(from: string, to: string): Promise<boolean> {
  return link(from, to).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return false;
      throw error;
    },
  );
}

/** Renamed and read again, because another starter may have claimed between our look and our move; then it goes back. */
async function clearStale(path: string, home: string): Promise<void> {
  const before = await readText(path);
  const other = await living(before);
  if (other) throw inUse(other, home);
  const aside = `${path}.stale-${process.pid}`;
  await rename(path, aside).catch(ignoreMissing);
  const moved = await readText(aside);
  if (moved !== undefined && moved !== before) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

function inUse({ pid, port, startedAt }: Serving, home: string): OpsroomError {
  const at = port === 0 ? 'is starting' : `serves it on port ${port}`;
  return new OpsroomError('DATA_DIR_IN_USE', {
    what: `Process ${pid} ${at}, since ${startedAt}.`,
    where: home,
    mend: 'Use that one, stop it with `opsroom stop`, or choose another directory with OPSROOM_HOME.',
  });
}

async function living(content: string | undefined): Promise<Serving | undefined> {
  const parsed = content === undefined ? undefined : servingSchema.safeParse(parseJson(content));
  if (!parsed?.success) return undefined;
  return (await processStart(parsed.data.pid)) === parsed.data.process ? parsed.data : undefined;
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(ignoreMissing);
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
