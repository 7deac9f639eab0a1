// node --expose-gc large.mjs URL STEPS: compiles and runs one large plan in this process; prints times and memory as one JSON line.
import { median, timed } from './lib/numbers.mjs';
import { LAYERS } from './lib/tools.mjs';
import { open } from './peers/opsroom.mjs';

const [url, steps] = [process.argv[2], Number(process.argv[3])];
const peer = await open({ url, layer: LAYERS.evidence });
const compile = [];
for (let n = 0; n < 5; n++) compile.push(await timed(() => peer.compile('fan', steps)));
await peer.run('fan', 100);
/** What is still in use once V8 has collected: between two collections it lets garbage pile up as it sees fit. */
const heldMb = () => {
  globalThis.gc();
  return Math.round(process.memoryUsage().heapUsed / 2 ** 20);
};
const held = [heldMb()];

const begin = performance.now();
const rss = [];
const heap = [];
const timer = setInterval(() => {
  const { rss: all, heapUsed } = process.memoryUsage();
  rss.push(Math.round(all / 2 ** 20));
  heap.push(Math.round(heapUsed / 2 ** 20));
}, 100);
let endedMs;
await peer.run('fan', steps, () => {
  endedMs = performance.now() - begin;
  clearInterval(timer);
});
const sealedMs = performance.now() - begin;
held.push(heldMb());
process.stdout.write(
  `${JSON.stringify({ steps, compileMs: median(compile), firstCompileMs: compile[0], runMs: endedMs, sealedMs, rssMb: rss, heapMb: heap, heldMb: held })}\n`,
);
await peer.close();
process.exit(0);
