import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n\n`;
const files = async (text: string) => (await compileRunbook({ text: `# R\n\n${text}`, file: 'r.md' }, contracts)).files;

test('files are named by their paths, and by programs that look for one', async () => {
  expect(await files(block('./deploy.sh prod main\nsudo bin/seal conf/a.yml'))).toEqual([
    'deploy.sh',
    'bin/seal',
    'conf/a.yml',
  ]);
  expect(await files(block('npm run build\nmake all\nnpm test'))).toEqual(['package.json', 'Makefile']);
});

test('what lies elsewhere, or is no file, is not named', async () => {
  expect(await files(block('npm install -g typescript\ncurl -fsS https://host.internal/a.yml'))).toEqual([]);
  expect(await files(block('cat /etc/hosts ~/a.txt ../b.txt "$DIR/c.txt"\nls -l --color=auto/x main'))).toEqual([]);
  expect(await files(`${block('touch ready')}${block('{"a": "b/c.json"}', 'json')}`)).toEqual([]);
});
