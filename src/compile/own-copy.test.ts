import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { readMarkdown } from './runbook/markdown/markdown.js';
import { roleOf } from './runbook/words/roles.js';
import { loadShellGrammar, shellFacts } from './shell/parse.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const DOCUMENTS = 20;
const LENGTH = 1_000_000;

/** Bytes that are still held after the use of some documents of a megabyte each. */
function heldAfter(use: (document: string) => void): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < DOCUMENTS; n += 1)
    use(
      `## Restart the service number ${n}\n\n\`\`\`sh\nsystemctl restart service-number-${n}\n\`\`\`\n\n${'x'.repeat(LENGTH)}\n`,
    );
  collect();
  return process.memoryUsage().heapUsed - before;
}

test('what is remembered of scripts and headings keeps no document alive', async () => {
  const grammar = await loadShellGrammar();
  const held = heldAfter((text) => {
    const { blocks, sections } = readMarkdown(text, 'r.md');
    for (const block of blocks) if (block.kind === 'code') shellFacts(block.text, grammar);
    for (const { heading } of sections) roleOf(heading);
  });
  expect(held).toBeLessThan((DOCUMENTS * LENGTH) / 4);
});
