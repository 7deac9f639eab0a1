// Masking of logs: bytes per second of processor time through a mask over 200 secrets, in chunks as a pipe gives them. Needs a
// build, no database. Processor time, so that what else the machine does strikes its caches alone.
// node masking.mjs [--rounds 7] prints the figures and writes results/masking.json.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { createMask } from '../dist/observe/redact.js';
import { median } from './lib/numbers.mjs';

const { values: options } = parseArgs({ options: { rounds: { type: 'string', default: '7' } } });
const SECRETS = 200;
const CHUNK = 64 * 1024;
const SIZE = 32 * 1024 * 1024;

/** The same bytes in every run. */
function* digests(seed) {
  for (let n = 0; ; n++) yield createHash('sha512').update(`${seed} ${n}`).digest();
}

/** A third each: tokens, keys in hex, connection strings. */
function secrets() {
  const source = digests('secret');
  return Array.from({ length: SECRETS }, (_, n) => {
    const bytes = source.next().value;
    const forms = [
      bytes.subarray(0, 30).toString('base64url'),
      bytes.subarray(0, 16).toString('hex'),
      `postgres://app${n}:${bytes.subarray(0, 12).toString('base64url')}@db-${n}.example:5432/app`,
    ];
    return [`SECRET_${n}`, forms[n % forms.length]];
  });
}

const LINES = [
  '2026-03-04T10:11:12.345Z info  worker-2 step "build" attempt 1 started in /srv/app',
  'GET /v1/runs/0198c0de-5eed-7000-8000-00000000beef 200 12.4 ms 5123 bytes "Mozilla/5.0"',
  'dist/assets/index-D3f9aQ2x.js  412.07 kB │ gzip: 131.55 kB │ map: 1,802.11 kB',
  '{"level":"warn","time":"2026-03-04T10:11:13Z","msg":"retrying","attempt":2,"delayMs":500,"host":"db.internal"}',
  '    at processTicksAndRejections (node:internal/process/task_queues:95:5)',
  'npm warn deprecated glob@7.2.3: Glob versions prior to v9 are no longer supported',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 layer already exists',
];

function textOf(line) {
  const parts = [];
  for (let size = 0, n = 0; size < SIZE; n++) {
    const text = Buffer.from(`${line(n)}\n`);
    parts.push(text);
    size += text.length;
  }
  return Buffer.concat(parts).subarray(0, SIZE);
}

const known = secrets();
const blobs = digests('blob');
const TEXTS = {
  'log lines': textOf((n) => `${LINES[n % LINES.length]} #${n}`),
  'log lines, a secret in each thousandth': textOf((n) =>
    n % 1000 === 0 ? `token ${known[n % SECRETS][1]}` : `${LINES[n % LINES.length]} #${n}`,
  ),
  'base64, 76 a line': textOf(() => blobs.next().value.toString('base64').slice(0, 76)),
};

function rate(mask, text) {
  const stream = mask.stream();
  const began = process.cpuUsage();
  for (let at = 0; at < text.length; at += CHUNK) stream.write(text.subarray(at, at + CHUNK));
  stream.end();
  const { user, system } = process.cpuUsage(began);
  return text.length / (user + system);
}

const began = performance.now();
const mask = createMask(known);
const buildMs = performance.now() - began;
const result = { secrets: SECRETS, buildMs: Math.round(buildMs), megabytesPerSecond: {} };
for (const [name, text] of Object.entries(TEXTS)) {
  rate(mask, text);
  const rounds = Array.from({ length: Number(options.rounds) }, () => rate(mask, text)).sort((a, b) => a - b);
  const [low, high] = [rounds.at(0), rounds.at(-1)];
  result.megabytesPerSecond[name] = { median: median(rounds), low, high };
  console.log(`${name}: ${median(rounds).toFixed(0)} MB/s (${low.toFixed(0)}–${high.toFixed(0)})`);
}
console.log(`the mask itself: ${result.buildMs} ms, once`);
await writeFile(new URL('./results/masking.json', import.meta.url), `${JSON.stringify(result, undefined, 2)}\n`);
