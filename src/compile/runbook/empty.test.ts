import { expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { builtIn } from '../../operations/contracts.js';
import { compileRunbook } from './runbook.js';

const { contracts } = builtIn();
const compile = (text: string) => compileRunbook({ text, file: 'r.md' }, contracts);

test(
  verifies('COMPILE-03', 'a document of which nothing can be run says why of the first blocks, with their lines'),
  async () => {
    const block = '```\nunheard-of --now\n```\n\n';
    await expect(compile(`# R\n\n${block}`)).rejects.toMatchObject({
      code: 'RUNBOOK_EMPTY',
      message: expect.stringMatching(/^Nothing of its only block can be run: line 3: \S.*\. \(r\.md\)$/),
      where: 'r.md',
    });
    await expect(compile(`# R\n\n${block.repeat(7)}`)).rejects.toMatchObject({
      message: expect.stringContaining('; and 2 more'),
    });
    await expect(compile('# R\n\n## Helm rollback\n\n```bash\nhelm rollback app\n```\n')).rejects.toMatchObject({
      mend: expect.stringContaining('r.md#SECTION'),
    });
    await expect(compile('# R\n\nText only.\n')).rejects.toMatchObject({
      message: 'Nothing in the runbook can be run. (r.md)',
    });
  },
);
