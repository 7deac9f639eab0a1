// node documents.mjs [--pages 100] [--rounds 7]: how long a PDF of so many pages takes to become text with its places, and that text a
// draft's requirements. Prints the figures and writes results/documents.json. Needs a build, no database and no peers.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readDocument } from '../dist/compile/document/read.js';
import { requirementsByRule } from '../dist/compile/document/requirements.js';
import { quantile } from './lib/numbers.mjs';

const { values: options } = parseArgs({
  options: { pages: { type: 'string', default: '100' }, rounds: { type: 'string', default: '7' } },
});
const [pages, rounds] = [Number(options.pages), Number(options.rounds)];
const LINES = 45;

/** A page of a handbook: numbered sentences, of which some say what has to be. */
const lineOf = (page, line) =>
  line === 0
    ? `Chapter ${page + 1}: restart of service ${page + 1}`
    : `${page + 1}.${line} The operator must check the health of node-${page}-${line} before the next one is drained.`;

/** A PDF of text alone (ISO 32000-1, 7.5): catalog, pages, one font, a stream of text for each page, and the table of all of them. */
function pdfOf(count) {
  const objects = ['<< /Type /Catalog /Pages 2 0 R >>', '', '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'];
  const kids = [];
  for (let page = 0; page < count; page++) {
    const text = Array.from(
      { length: LINES },
      (_, line) => `(${lineOf(page, line).replaceAll(/[()\\]/g, '\\$&')}) Tj T*`,
    );
    const stream = `BT /F1 10 Tf 50 780 Td 16 TL\n${text.join('\n')}\nET`;
    objects.push(`<< /Length ${stream.length} >>\nstream\n${stream}\nendstream`);
    const contents = `${objects.length} 0 R`;
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents ${contents} >>`,
    );
    kids.push(`${objects.length} 0 R`);
  }
  objects[1] = `<< /Type /Pages /Count ${count} /Kids [${kids.join(' ')}] >>`;
  let text = '%PDF-1.4\n';
  const places = objects.map((object, n) => {
    const at = text.length;
    text += `${n + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(at).padStart(10, '0')} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  return Buffer.from(
    `${text}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`,
    'latin1',
  );
}

const bytes = pdfOf(pages);
const times = [];
let found = 0;
for (let round = 0; round < rounds; round++) {
  const began = performance.now();
  const { text } = await readDocument('handbook.pdf', bytes);
  if (!text.includes(`node-${pages - 1}-${LINES - 1}`)) throw new Error('the last line is missing');
  found = requirementsByRule(text).length;
  times.push(performance.now() - began);
}
const [first] = times;
times.sort((a, b) => a - b);
const figures = {
  pages,
  kib: Math.round(bytes.length / 1024),
  requirements: found,
  firstMs: first,
  medianMs: quantile(times, 0.5),
  mostMs: times.at(-1),
};
console.log(JSON.stringify(figures));
await writeFile(new URL('./results/documents.json', import.meta.url), `${JSON.stringify(figures, undefined, 2)}\n`);
