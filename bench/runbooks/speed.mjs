// node runbooks/speed.mjs --documents FOLDER [--documents FOLDER …] [--processes 5] [--repeats 10]: processor time, of all threads, that
// it takes to compile 1 MB of Markdown, and the single documents when cold. Prints the figures and writes results/runbooks.json.
// Beside it, what the two parsers alone take of the same texts, without any rule: Markdown, and bash once for each block in a shell's language.
// 1 MB are the documents one after the other, again and again, each block changed so that none comes twice, nor in another repeat.
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { quantile } from '../lib/numbers.mjs';
import { load, loadDependency, ROOT } from '../lib/product.mjs';
import { contracts } from './contracts.mjs';
import { generator, megabyte, renewed } from './megabyte.mjs';

const { values: options } = parseArgs({
  options: {
    documents: { type: 'string', multiple: true },
    processes: { type: 'string', default: '5' },
    repeats: { type: 'string', default: '10' },
    /** Given to the processes that this one starts: what each compiles. */
    one: { type: 'string' },
  },
});
if (options.documents === undefined) throw new Error('Give --documents FOLDER.');
const self = fileURLToPath(import.meta.url);

/** The documents of the folders, in the order of their names, without front matter: a file has but one. */
async function documents() {
  const folders = await Promise.all(
    options.documents.map(async (folder) => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.md')).sort();
      return Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    }),
  );
  const texts = folders.flat().map((text) => text.replace(/^---\n[\s\S]*?\n---\n/, ''));
  if (texts.length === 0) throw new Error('There is no .md file in the folders that --documents names.');
  return texts;
}

async function compileTimes(textOf, repeats) {
  const { compileRunbook } = await load('compile/runbook/runbook.js');
  const times = [];
  let facts = {};
  for (let n = 0; n < repeats; n++) {
    const text = textOf(n);
    const before = process.cpuUsage();
    const compiled = await compileRunbook({ text, file: 'runbook.md' }, contracts).catch((error) => {
      if (error.code !== 'RUNBOOK_EMPTY') throw error;
    });
    const { user, system } = process.cpuUsage(before);
    times.push(Math.round((user + system) / 1000));
    const { steps = [], leftOut = [] } = compiled?.explanation ?? {};
    facts = { blocks: steps.length + leftOut.length, steps: compiled?.plan.steps.length ?? 0 };
  }
  return { ...facts, times };
}

const SHELLS = new Set(['', 'bash', 'sh', 'shell', 'zsh', 'console']);

/** Processor time of both parsers, in ms, with no more made of what they give. */
async function parserTimes(textOf, repeats) {
  const { default: MarkdownIt } = await loadDependency('markdown-it');
  const { Parser, Language } = await loadDependency('web-tree-sitter');
  await Parser.init();
  const grammar = createRequire(join(ROOT, 'package.json')).resolve('@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm');
  const parser = new Parser().setLanguage(await Language.load(grammar));
  const times = [];
  for (let n = 0; n < repeats; n++) {
    const text = textOf(n);
    const before = process.cpuUsage();
    const fences = new MarkdownIt().parse(text, {}).filter(({ type }) => type === 'fence');
    for (const { info, content } of fences) {
      if (SHELLS.has(info.trim().split(/\s/)[0])) parser.parse(content)?.delete();
    }
    const { user, system } = process.cpuUsage(before);
    times.push(Math.round((user + system) / 1000));
  }
  return { times };
}

function timesOf(one, texts) {
  const whole = (n) => megabyte(texts, n);
  if (one === 'megabyte') return compileTimes(whole, Number(options.repeats));
  if (one === 'parsers') return parserTimes(whole, Number(options.repeats));
  return compileTimes((n) => renewed(texts[Number(one)], generator(n)), 2);
}

if (options.one !== undefined) {
  const found = await timesOf(options.one, await documents());
  console.log(JSON.stringify(found));
} else {
  const inProcess = async (one) => {
    const folders = options.documents.flatMap((folder) => ['--documents', folder]);
    const args = [self, ...folders, '--repeats', options.repeats, '--one', String(one)];
    return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
  };
  const large = [];
  const parsers = [];
  for (let n = 0; n < Number(options.processes); n++) {
    large.push(await inProcess('megabyte'));
    parsers.push((await inProcess('parsers')).times);
  }
  const count = (await documents()).length;
  const small = [];
  for (let n = 0; n < count; n += Math.max(1, Math.floor(count / 12))) small.push((await inProcess(n)).times);
  const spread = (times) => ({
    least: Math.min(...times),
    median: Math.round(quantile(times, 0.5)),
    most: Math.max(...times),
  });
  const figures = {
    machine: { cores: availableParallelism(), node: process.version },
    blocks: large[0].blocks,
    steps: large[0].steps,
    megabyteMs: large.map(({ times }) => times),
    first: spread(large.map(({ times }) => times[0])),
    second: spread(large.map(({ times }) => times[1])),
    fromTheFifth: spread(large.flatMap(({ times }) => times.slice(4))),
    parsersMs: parsers,
    parsersFirst: spread(parsers.map(([first]) => first)),
    parsersFromTheFifth: spread(parsers.flatMap((times) => times.slice(4))),
    oneDocumentFirst: spread(small.map(([first]) => first)),
    oneDocumentSecond: spread(small.map(([, second]) => second)),
  };
  console.log(JSON.stringify(figures));
  await writeFile(new URL('../results/runbooks.json', import.meta.url), `${JSON.stringify(figures, undefined, 2)}\n`);
}
