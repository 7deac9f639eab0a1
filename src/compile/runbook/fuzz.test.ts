import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTemplate } from '#ir/template.js';
import { OpsroomError } from '#kit/errors.js';
import { runbookContracts } from '../../../test/harness/runbook-contracts.js';
import { type CompiledRunbook, compileRunbook, readRunbook } from './runbook.js';

const PIECES = [
  '# Title\n',
  '## Deploy\n',
  '## Rollback\n',
  '### Verify {if=inputs.x}\n',
  '## Prerequisites\n',
  '## Usage\n',
  '## 前提条件\n',
  '## Install\n',
  '### macOS\n',
  '### Linux\n',
  '```bash\n',
  '```\n',
  '~~~\n',
  '```console\n',
  '```sql database=DB\n',
  '```http\n',
  '```sh {verify}\n',
  '```sh {rollback name=../x}\n',
  '```python {run}\n',
  '``` {run timeout=9z}\n',
  'make a\n',
  '$ make b\nout\n',
  'rm -rf /\n',
  'npm ci\n',
  'npm run dev\n',
  '# or\n',
  'yarn install\n',
  'curl -f https://example.com/<x>\n',
  "echo '{{ secrets.A }}' {{name}}\n",
  'cat <<E\n<y>\nE\n',
  'if x; then\n',
  '...\n',
  'select 1; drop table x;\n',
  'GET https://a.example/\n',
  'export A=$B\n',
  'echo "$A${__proto__}"\n',
  '1. Do it\n',
  '- [ ] Tick it\n',
  '   ',
  '    ',
  '> ',
  'Or:\n',
  'For example:\n',
  'Expected output:\n',
  'If it fails:\n',
  'Check that it runs:\n',
  '\n',
  '=== "npm"\n',
  '=== "yarn"\n',
  '<details>\n',
  '</details>\n',
  '---\nopsroom: { run: true, inputs: { a: 1 } }\n---\n',
  // What patterns that backtrack would not come to an end with.
  '\n'.repeat(60),
  '#\n'.repeat(60),
  `# ${'-'.repeat(200)}\n`,
  `a${' '.repeat(200)}|\n`,
  '{{',
  '}}',
  '`',
  '|',
];

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((chosen) => chosen.join(''));
const documents = fc.oneof(
  { weight: 4, arbitrary: pieces },
  { weight: 4, arbitrary: pieces.map((text) => `# R\n\n\`\`\`bash\nmake a\n\`\`\`\n\n${text}`) },
  { weight: 1, arbitrary: fc.string({ maxLength: 300, unit: 'binary' }) },
);

/** Every script that something would run, as its step would hand it to an interpreter, placeholders put back to `?`. */
function scriptsOf({ plan }: CompiledRunbook): { readonly owner: string; readonly script: string }[] {
  return plan.steps.flatMap((step) => {
    const undos = step.rollback ?? [];
    const checks = [step, ...undos].flatMap(({ verifiers }) => verifiers);
    const conditions = step.preconditions.flatMap((one) => (typeof one === 'string' ? [] : [one]));
    const calls = [
      ...[step, ...undos].map(({ args }) => args),
      ...[...checks, ...conditions].map(({ config }) => config as Readonly<Record<string, unknown>>),
    ];
    return calls.flatMap(({ run, query }) =>
      [run, query].flatMap((text) => (typeof text === 'string' ? [{ owner: step.id, script: text }] : [])),
    );
  });
}

test('any document gives a plan or a clear error, and runs nothing that is not explained', {
  timeout: 120_000,
}, async () => {
  let plans = 0;
  await fc.assert(
    fc.asyncProperty(documents, async (text) => {
      const compiled = await compileRunbook({ text, file: 'x.md' }, runbookContracts).catch((error: unknown) => {
        expect(error).toBeInstanceOf(OpsroomError);
        expect((error as OpsroomError).code).not.toBe('INTERNAL');
      });
      if (!compiled) return;
      plans += 1;
      const { steps, leftOut } = compiled.explanation;
      const explained = new Set(steps.map(({ id }) => id));
      expect(
        compiled.plan.steps.filter(({ id }) => !explained.has(id) && !isQuestion(id) && !isWay(compiled, id)),
      ).toEqual([]);
      const { decisions } = await readRunbook({ text, file: 'x.md' });
      expect(steps.length + leftOut.length).toBe(decisions.length);
      const lines = text.replaceAll(/\r\n?/g, '\n').split('\n');
      const done = steps.map(({ lines: { from, to } }) => lines.slice(from - 1, to).join('\n')).join('\n');
      for (const { script } of scriptsOf(compiled)) expectFromDocument(script, done);
    }),
    { numRuns: 600 },
  );
  expect(plans).toBeGreaterThan(100);
});

/** Each kept a pattern busy for the square of its length, or more; the test's own limit would end it. */
const LONG = 400_000;
test.each([
  ['dashes', '- [ ] ', '-'],
  ['brackets', '- [ ] ', '('],
  ['links', '1. ', '[a]('],
  ['letters', '- [ ] ', 'é'],
  ['sentences', '', 'run v1.2 '],
  ['conditions', '', '(if '],
  ['spaces', '> ', ' x'],
  ['columns', '', 'a|'],
  ['words', '# ', 'verify - '],
  ['heredocs', '```bash\n', '<< E '],
  ['programs', '```bash\n', 'a | '],
  ['placeholders', '```console\n$ ', '[P] '],
  ['launchers', '```bash\necho', ' exec'],
])('a line of nothing but %s is read in time', async (_, begin, unit) => {
  const text = `${begin}${unit.repeat(LONG / unit.length)}\n${begin.includes('```') ? '```\n' : ''}\n\`\`\`bash\nmake a\n\`\`\`\n`;
  const { decisions } = await readRunbook({ text, file: 'x.md' });
  expect(decisions.at(-1)?.script).toBe('make a');
  await compileRunbook({ text, file: 'x.md' }, runbookContracts).catch((error: unknown) => {
    expect(error).toBeInstanceOf(OpsroomError);
  });
});

test('of what a person is to do nothing is cut, however long its line', async () => {
  const words = 'copy the value. '.repeat(500).trim();
  const { decisions } = await readRunbook({ text: `# Ops\n\n1. ${words}\n`, file: 'x.md' });
  expect(decisions[0]).toMatchObject({ label: 'manual', block: { text: words } });
});

const isQuestion = (id: string): boolean => id.startsWith('ask-');

/** Of a block that becomes several steps only the last is named; all of them stand in its lines. */
function isWay({ explanation, source }: CompiledRunbook, id: string): boolean {
  const line = source.get(id)?.line ?? 0;
  return explanation.steps.some(({ lines: { from, to } }) => from <= line && line <= to);
}

/** Line by line, the text of a script stands in the blocks that are said to be done, but for variables in place of placeholders. */
function expectFromDocument(script: string, text: string): void {
  const parts = parseTemplate(script);
  expect(parts.every(({ type }) => type === 'text')).toBe(true);
  const plain = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  // Whether a package is there is looked for by its name.
  if (/^command -v \S+ >\/dev\/null/.test(plain)) return;
  for (const line of plain.split('\n')) {
    const pieces = line.split(/"\$[A-Z_\d]+"|\$\{[A-Z_\d]+\}/).filter((piece) => piece.trim() !== '');
    for (const piece of pieces)
      if (!/^(?:python3 - <<'END_OF_BLOCK_*'|END_OF_BLOCK_*)$/.test(piece)) expect(text).toContain(piece.trim());
  }
}
