// What the audit log costs with 100,000 entries: looking into it, proving, exporting and checking it, and noting a call. Needs a
// build; brings its own database. node audit.mjs [--entries 100000] prints the figures and writes results/audit.json. The machine
// must be otherwise idle.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadConfig } from '../dist/kit/config.js';
import { auditExport } from '../dist/operations/audit/export.js';
import { getAuditEntry } from '../dist/operations/audit/get.js';
import { auditConsistency, auditHead } from '../dist/operations/audit/head.js';
import { listAudit } from '../dist/operations/audit/list.js';
import { rotateAudit } from '../dist/operations/audit/rotate.js';
import { verifyAuditFile } from '../dist/operations/audit/verify.js';
import { invoke } from '../dist/operations/invoke.js';
import { startRun } from '../dist/operations/runs/start.js';
import { openRoom } from '../dist/operations/wire.js';
import { fillBlocks } from '../dist/record/audit-tree.js';
import { appendAudit } from '../dist/record/store.js';
import { quantile } from './lib/numbers.mjs';

const { values: options } = parseArgs({ options: { entries: { type: 'string', default: '100000' } } });
const ENTRIES = Number(options.entries);
const quiet = { debug() {}, info() {}, warn() {}, error: console.error, child: () => quiet };

const home = await mkdtemp(join(tmpdir(), 'opsroom-bench-audit-'));
const open = await openRoom(loadConfig({ OPSROOM_HOME: home, PATH: process.env.PATH }), home, quiet);
const { room } = open;
const result = { entries: ENTRIES, cases: {} };

const round = (ms) => Number(ms.toFixed(2));
async function measure(name, rounds, work) {
  for (let n = 0; n < Math.min(20, rounds); n++) await work(n);
  const times = [];
  for (let n = 0; n < rounds; n++) {
    const start = performance.now();
    await work(n);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const [p50, p95, p99] = [0.5, 0.95, 0.99].map((q) => round(quantile(times, q)));
  result.cases[name] = { p50, p95, p99 };
  console.log(`${name}: p50 ${p50}, p95 ${p95}, p99 ${p99} ms`);
}

const KINDS = ['call.runs.start', 'call.runs.cancel', 'run.sealed', 'query.ai.status', 'external:gpt/health'];
const began = new Date('2024-01-01T00:00:00Z').getTime();
const factOf = (n) => ({
  at: new Date(began + n * 60_000).toISOString(),
  kind: n % 5000 === 7 ? 'policy.changed' : KINDS[n % KINDS.length],
  actor: `key:agent-${n % 40}`,
  data: {
    operation: 'runs.start',
    who: { kind: 'agent', agent: 'gpt', key: '019ab3c0-9e02-7f44-8b13-5d1f0a7c2e31' },
    from: { door: 'http', address: '10.1.2.3' },
    subjects: { runId: `019ab3c0-7d5e-7c11-9a55-${String(n).padStart(12, '0')}` },
    outcome: n % 100 === 3 ? 'DENIED' : 'ok',
    ms: 12.5,
    input: '9f86d081884c7d65'.repeat(4),
  },
});
for (let from = 0; from < ENTRIES; from += 1000) {
  const facts = Array.from({ length: Math.min(1000, ENTRIES - from) }, (_, i) => factOf(from + i));
  await room.database.engineTx((tx) => appendAudit(tx, room.org, facts));
}
while ((await room.database.engineTx((tx) => fillBlocks(tx, room.org))) < Math.floor(ENTRIES / 256));
await room.database.engine.query('analyze opsroom.audit_entries');

const list = (input) => listAudit.run({ limit: 50, ...input }, room);
await measure('the newest page', 500, () => list({}));
await measure('a page far back', 500, (n) => list({ before: (n * 7919) % ENTRIES }));
await measure('one kind, by its beginning', 500, () => list({ kind: 'call.runs.' }));
await measure('a rare kind', 500, () => list({ kind: 'policy.' }));
await measure('one asker', 500, (n) => list({ actor: `key:agent-${n % 40}` }));
await measure('what was refused', 500, () => list({ refused: true }));
await measure('one day long ago', 500, (n) => {
  const day = began + (n % 60) * 86_400_000;
  return list({ since: new Date(day).toISOString(), until: new Date(day + 86_400_000).toISOString() });
});
await measure('an entry with its proof', 200, (n) => getAuditEntry.run({ seq: (n * 104_729) % ENTRIES }, room));
await measure('a signed head', 200, () => auditHead.run({}, room));
await measure('a consistency proof', 200, (n) => auditConsistency.run({ first: 1 + ((n * 7919) % ENTRIES) }, room));

await measure('a call noted, one at a time', 300, (n) => room.calls.note(room.org, factOf(n)));
const many = performance.now();
await Promise.all(Array.from({ length: 5000 }, (_, n) => room.calls.note(room.org, factOf(n))));
result.notedPerSecond = Math.round(5000 / ((performance.now() - many) / 1000));
console.log(`noted at once: ${result.notedPerSecond} calls a second`);

const plan = {
  value: { apiVersion: 'opsroom/v1', title: 'Bench', steps: [{ id: 'a', tool: 'shell', args: { run: 'true' } }] },
};
const started = { plan, inputs: {} };
await measure('a start without its note', 200, () => startRun.run({ ...started, seen: false }, room));
await measure('a start, noted', 200, () => invoke(startRun, started, room));

const file = join(home, 'audit.jsonl');
for (const format of ['json', 'csv']) {
  const start = performance.now();
  const pieces = [];
  for await (const piece of await auditExport(room, { format })) pieces.push(piece);
  const exportMs = performance.now() - start;
  await writeFile(file, pieces.join(''));
  const verifyStart = performance.now();
  const report = await verifyAuditFile(file);
  if (!report.ok) throw new Error(JSON.stringify(report));
  result[format] = {
    exportMs: Math.round(exportMs),
    verifyMs: Math.round(performance.now() - verifyStart),
    mb: round((await stat(file)).size / 1e6),
  };
  console.log(format, result[format]);
}
const rotating = performance.now();
const gone = await invoke(rotateAudit, { olderThanDays: 400, file: join(home, 'segment.jsonl') }, room);
result.rotate = { entries: gone.entries, ms: Math.round(performance.now() - rotating) };
console.log('rotate', result.rotate);
const newest = (await list({})).entries[0].seq;
await measure('after it: an entry with its proof', 200, () => getAuditEntry.run({ seq: newest }, room));

await writeFile(new URL('./results/audit.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
await open.close();
await rm(home, { recursive: true, force: true });
