// node report.mjs [results/peers.json] [results/product.json]: prints the tables of docs/benchmarks.md.
import { readFile } from 'node:fs/promises';
import { quantile } from './lib/numbers.mjs';
import { LAYERS } from './lib/tools.mjs';

const read = async (path) => JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));
const peersFile = await read(process.argv[2] ?? 'results/peers.json');
const product = await read(process.argv[3] ?? 'results/product.json').catch(() => undefined);

const NAMES = {
  opsroom: 'Opsroom',
  dbos: 'DBOS',
  dbosQueued: 'DBOS, queued',
  graphile: 'Graphile Worker',
  restate: 'Restate',
};
/** Name, how to read it, and whether more is better. */
const METRICS = [
  ['sequential steps/s', (r) => r.sequential.rate, true],
  ['1000 parallel steps, steps/s', (r) => r.parallel.rate, true],
  ['3-step runs/s, 16 in flight', (r) => r.runs16, true],
  ['3-step runs/s, 64 in flight', (r) => r.runs64, true],
  ['3-step run p50, ms', (r) => r.latency.p50, false],
  ['3-step run p95, ms', (r) => r.latency.p95, false],
  ['request → first step p50, ms', (r) => r.firstStep, false],
];

const figure = (n) => (n >= 1000 ? Math.round(n).toLocaleString('en') : n >= 100 ? n.toFixed(0) : n.toFixed(1));
const spread = (values) =>
  `${figure(quantile(values, 0.5))} (${figure(Math.min(...values))}–${figure(Math.max(...values))})`;
const valuesOf = (layer, peer, pick) =>
  peersFile.rounds.flatMap(({ results }) => {
    const result = results[layer]?.[peer];
    return result && !result.failed ? [pick(result)] : [];
  });
const times = (ratio) => `${ratio.toFixed(ratio < 9.95 ? 1 : 0)} ×`;
const row = (cells) => `| ${cells.join(' | ')} |`;
const table = (head, rows) => [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');

/** The median, and the median over the rounds of how many times better (or worse) Opsroom was in the same round. */
function cell(layer, peer, pick, moreIsBetter) {
  const values = valuesOf(layer, peer, pick);
  if (values.length === 0) return '–';
  if (peer === 'opsroom') return `**${spread(values)}**`;
  const ratios = peersFile.rounds.flatMap(({ results }) => {
    const [ours, theirs] = [results[layer]?.opsroom, results[layer]?.[peer]];
    if (!ours || !theirs || ours.failed || theirs.failed) return [];
    return [moreIsBetter ? pick(ours) / pick(theirs) : pick(theirs) / pick(ours)];
  });
  return `${spread(values)} · **${times(quantile(ratios, 0.5))}** (${times(Math.min(...ratios)).slice(0, -2)}–${times(Math.max(...ratios)).slice(0, -2)})`;
}

function layerTable(layer) {
  const peers = Object.keys(NAMES).filter((peer) => valuesOf(layer, peer, (r) => r.runs64).length > 0);
  const metrics = METRICS.map(([name, ...rest]) => [
    LAYERS[layer].tool === 'noop' ? name : name.replace('1000 parallel', '60 parallel'),
    ...rest,
  ]);
  const rows = metrics.map(([name, pick, more]) => [name, ...peers.map((peer) => cell(layer, peer, pick, more))]);
  return `${conditions(layer)}\n\n${table(['', ...peers.map((peer) => NAMES[peer])], rows)}`;
}

/** How often, on what, and how busy the machine was when the rounds began. */
function conditions(layer) {
  const own = peersFile.rounds.filter(({ results }) => results[layer]);
  const loads = own.map(({ load }) => load[0].toFixed(2)).join(', ');
  const commits = [...new Set(own.map(({ commit }) => commit))].join(', ');
  return `${own.length} rounds of ${commits}; load average as each began: ${loads}.`;
}

function overheadTable() {
  const perStep = (r) => 1000 / r.sequential.rate;
  const rows = Object.keys(LAYERS)
    .filter((layer) => layer !== 'crowded')
    .map((layer) => {
      const own = LAYERS[layer].tool === 'noop' ? [0] : valuesOf(layer, 'opsroom', (r) => r.bareToolMs);
      const engine = valuesOf(layer, 'opsroom', (r) => perStep(r) - (r.bareToolMs ?? 0));
      return [
        layer,
        spread(valuesOf(layer, 'opsroom', perStep)),
        spread(own),
        spread(engine),
        spread(valuesOf(layer, 'bare', perStep)),
      ];
    });
  return table(
    ['layer', 'a step, ms', 'its tool called directly, ms', 'engine overhead, ms', 'the plain program from Node, ms'],
    rows,
  );
}

function sealedTable() {
  const rows = ['noop', 'evidence'].map((layer) => [
    layer,
    ...[(r) => r.sequential.sealed, (r) => r.parallel.sealed, (r) => r.latency.sealedP50].map((pick) =>
      spread(valuesOf(layer, 'opsroom', pick)),
    ),
  ]);
  return table(['layer', 'sequential steps/s', '1000 parallel steps/s', '3-step run p50, ms'], rows);
}

function floorTable() {
  const widths = [1, 16, 64];
  return table(
    ['connections', ...widths.map(String)],
    [['commits/s', ...widths.map((width) => spread(valuesOf('noop', 'bare', (r) => r[`commits${width}`])))]],
  );
}

const { machine, versions } = peersFile;
const sections = [
  `${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}, PostgreSQL ${machine.postgres}, fsync on. ${Object.entries(
    versions,
  )
    .filter(([name]) => name !== 'opsroom')
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.`,
  ...Object.keys(LAYERS).map((layer) => `### ${layer}: ${LAYERS[layer].what}\n\n${layerTable(layer)}`),
  `### Overhead\n\n${overheadTable()}`,
  `### Opsroom until the bundle is sealed\n\n${sealedTable()}`,
  `### The floor\n\n${floorTable()}`,
];
if (product) {
  const { samples, large, clones } = product;
  const flat = large.map(({ rssMb }) => quantile(rssMb.slice(-5), 0.5) - quantile(rssMb.slice(0, 5), 0.5));
  const rows = [
    ['`opsroom --help`, ms', spread(samples.helpMs)],
    ['ready, new data directory, ms', spread(samples.coldReadyMs)],
    ['ready, used data directory, ms', spread(samples.warmReadyMs)],
    ['idle CPU, %', spread(samples.idleCpuPercent)],
    ['idle transactions/s', spread(samples.idleTransactionsPerS)],
    ['idle RSS of the room, MB', spread(samples.idleRssMb)],
    ['idle RSS of `opsroom worker`, MB', spread(samples.workerRssMb)],
    ['compile a plan of 10,000 steps: first time, ms', spread(large.map((one) => one.firstCompileMs))],
    ['the same again, ms', spread(large.map((one) => one.compileMs))],
    ['run it, steps/s', spread(large.map((one) => (one.steps * 1000) / one.runMs))],
    ['RSS at its end over RSS at its start, MB', spread(flat)],
    ['fresh clone to the end of `npm start -- --once`, s', clones.map(({ ms }) => (ms / 1000).toFixed(0)).join(', ')],
  ];
  sections.push(`### The product by itself\n\n${table(['', 'median (range)'], rows)}`);
}
process.stdout.write(`${sections.join('\n\n')}\n`);
