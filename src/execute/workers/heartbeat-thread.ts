// The heartbeat's thread: a connection and a timer of its own, so that neither a busy event loop nor a stuck pool keeps a
// living worker from beating, or a worker that cannot beat from ending its step processes.
import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { Client } from 'pg';
import { type Beat, type BeatMessage, EXPIRING_AT, monotonicMs, TOO_MANY_TAKEOVERS, Watch } from './beat.js';
import { beat, depose, sweep } from './store.js';

export interface HeartbeatData {
  readonly url: string;
  readonly worker: string;
  readonly leaseMs: number;
  /** Descriptor of the keeper's channel and the line that ends all step processes; -1 when there is no keeper. */
  readonly keeperFd: number;
  readonly killAll: string;
}

const { url, worker, leaseMs, keeperFd, killAll } = workerData as HeartbeatData;
const EVERY_MS = leaseMs / 15;
const watch = new Watch(leaseMs);
let client: Client | undefined;
let lastBeat = monotonicMs();
let expired = false;

function tell(message: BeatMessage): void {
  parentPort?.postMessage(message);
}

async function connected(): Promise<Client> {
  if (client) return client;
  const fresh = new Client({
    connectionString: url,
    application_name: 'opsroom heartbeat',
    connectionTimeoutMillis: leaseMs / 5,
    query_timeout: leaseMs / 5,
  });
  fresh.on('error', () => undefined);
  await fresh.connect();
  client = fresh;
  return fresh;
}

async function once(): Promise<void> {
  // Taken before the question is sent: the lease counts from when the answer could have been true.
  const asked = monotonicMs();
  try {
    const sql = await connected();
    const answer = await beat(sql, worker);
    if (answer === null) return tell({ kind: 'deposed' });
    lastBeat = asked;
    expired = false;
    tell({ kind: 'beat', beat: answer, atMs: (asked + monotonicMs()) / 2 });
    await serve(sql, answer, asked);
  } catch {
    watch.interrupted();
    const broken = client;
    client = undefined;
    void broken?.end().catch(() => undefined);
  }
}

async function serve(sql: Client, { others }: Beat, nowMs: number): Promise<void> {
  const dead = watch.observe(others, nowMs);
  for (const { id, beats } of dead) await depose(sql, id, beats, TOO_MANY_TAKEOVERS);
  if (dead.length > 0) tell({ kind: 'survived' });
  await sweep(sql);
}

function checkLease(): void {
  if (expired || monotonicMs() - lastBeat < leaseMs * EXPIRING_AT) return;
  expired = true;
  tell({ kind: 'expiring' });
  try {
    if (keeperFd >= 0) writeSync(keeperFd, killAll);
  } catch {
    // The keeper is gone, and what it kept with it; the main thread ends its own.
  }
}

let beating = false;
setInterval(() => {
  checkLease();
  if (beating) return;
  beating = true;
  void once().finally(() => {
    beating = false;
  });
}, EVERY_MS);
void once();
parentPort?.on('message', () => {
  // A connection that fell silent never says that it has ended.
  setTimeout(() => process.exit(0), EVERY_MS);
  void Promise.resolve(client?.end()).finally(() => process.exit(0));
});
