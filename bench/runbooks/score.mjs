// node runbooks/score.mjs --labels FILE --documents FOLDER [--misses]: how well the compiler decides, against labels made by people.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { load } from '../lib/product.mjs';
import { contracts } from './contracts.mjs';

const { values: options } = parseArgs({
  options: {
    labels: { type: 'string' },
    documents: { type: 'string' },
    /** Prints each block that was decided otherwise than labelled. */
    misses: { type: 'boolean', default: false },
  },
});
if (!options.labels || !options.documents) throw new Error('Give --labels FILE and --documents FOLDER.');

const { compileRunbook } = await load('compile/runbook/runbook.js');
const LABELS = ['run', 'verify', 'rollback', 'precondition', 'manual', 'choice', 'leave_out'];

/** Questions and background steps count as run; what a labeller would accept as well is no mistake. */
const plain = (label) => (label === 'ask' || label === 'background' ? 'run' : label);
const wanted = ({ label, base, accept = [] }) => [label, ...(base ? [base] : []), ...accept].map(plain);

/** First line → decision. A document in which nothing can be run, or which is refused, leaves everything out. */
async function decide(text, file) {
  try {
    const { explanation } = await compileRunbook({ text, file }, contracts);
    const done = explanation.steps.map((step) => [step.lines.from, step]);
    return new Map([...done, ...explanation.leftOut.map((gap) => [gap.lines.from, { ...gap, label: 'leave_out' }])]);
  } catch (error) {
    if (typeof error.mend !== 'string') throw error;
    return new Map();
  }
}

const counts = Object.fromEntries(LABELS.map((label) => [label, { right: 0, said: 0, labelled: 0, found: 0 }]));
const misses = [];
const { documents } = JSON.parse(await readFile(options.labels, 'utf8'));
const files = await readdir(options.documents);
for (const document of documents) {
  const name = files.find((file) => file.startsWith(`${document.id}-`)) ?? `${document.id}.md`;
  const text = await readFile(join(options.documents, name), 'utf8');
  const decided = await decide(text, document.path);
  for (const block of document.blocks) {
    const decision = decided.get(block.lines[0]) ?? { label: 'leave_out', rule: 'no-block', firstLine: '' };
    const said = decision.label;
    const right = wanted(block);
    const main = plain(block.label);
    counts[main].labelled += 1;
    counts[said].said += 1;
    if (right.includes(said)) {
      counts[said].right += 1;
      counts[main].found += 1;
    } else
      misses.push({
        document: document.path,
        lines: block.lines,
        labelled: right,
        said,
        rule: decision.rule,
        firstLine: decision.firstLine,
      });
  }
}

const share = (part, whole) => (whole === 0 ? null : Math.round((1000 * part) / whole) / 1000);
const report = Object.fromEntries(
  Object.entries(counts).map(([label, { right, said, labelled, found }]) => [
    label,
    { labelled, said, precision: share(right, said), recall: share(found, labelled) },
  ]),
);
process.stdout.write(
  `${JSON.stringify({ documents: documents.length, labels: report, ...(options.misses ? { misses } : {}) })}\n`,
);
console.error('label         labelled  said  precision  recall');
for (const [label, { labelled, said, precision, recall }] of Object.entries(report))
  console.error(
    `${label.padEnd(13)} ${String(labelled).padStart(8)} ${String(said).padStart(5)} ${String(precision ?? '–').padStart(10)} ${String(recall ?? '–').padStart(7)}`,
  );
