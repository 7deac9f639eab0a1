import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const warned = async (info: string, heading = '## Do') => {
  const text = `# R\n\n${heading}\n\n\`\`\`${info}\nmake a\n\`\`\`\n`;
  return (await compileRunbook({ text, file: 'ops/r.md' }, contracts)).explanation.warnings;
};

test.each([
  ['bash {skp}', ['r.md:5: "skp" says nothing here. Did you mean "skip"?']],
  ['bash {verfy} tmeout=3s', [expect.stringContaining('"verify"'), expect.stringContaining('"timeout"')]],
  ['bash Timeout=3s', [expect.stringContaining('Did you mean "timeout"?')]],
  ['bash timeout=abc', ['r.md:5: "timeout=abc" is no duration such as 30s, so it is passed over.']],
])('%s is told to say nothing', async (info, warnings) => {
  expect(await warned(info)).toEqual(warnings);
});

test('a heading says it once', async () => {
  expect(await warned('bash', '## Do {verfy=1}')).toEqual([
    'r.md:3: "verfy" says nothing here. Did you mean "verify"?',
  ]);
});

test.each([
  'bash title="src/a" linenums {1,3-5} copy',
  'bash {"name":"b","cwd":".","closeTerminalOnSuccess":"false","mimeType":"text/plain","category":"x","tag":"y","id":"z"}',
  'bash {.numberLines startFrom="1"} hl_lines="2" showLineNumbers wrap theme={dark} test icon=x filename="a"',
  'bash {RUN} timeout=3s',
  'bash eval=false echo=true label=x no_run width=3 height=4 file=x collapse=true diff',
])('the keys of other tools may stand there: %s', async (info) => {
  expect(await warned(info)).toEqual([]);
});
