import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
/** Of each step its command, with the value that it is run for. */
const steps = async (text: string, heading = 'Release') => {
  const { plan } = await compileRunbook({ text: `# R\n\n## ${heading}\n\n${text}`, file: 'r.md' }, contracts);
  return plan.steps.map((step) => [step.args['run'] ?? 'person', /"(\w+)"/.exec(step.if ?? '')?.[1] ?? '']);
};

test('all blocks of a way belong to it', async () => {
  const text = `For staging:\n\n${block('make a')}${block('make b')}For production:\n\n${block('make c')}${block('make d')}`;
  const each = [
    ['make a', 'staging'],
    ['make b', 'staging'],
    ['make c', 'production'],
    ['make d', 'production'],
  ];
  expect(await steps(text)).toEqual(each);
  expect(await steps(`${text}Then tell:\n\n${block('make e')}`)).toEqual([...each, ['make e', '']]);
});

test('between two ways all belongs to the first; behind the last, as many as the others have', async () => {
  const text = `For staging:\n\n${block('make a')}Then:\n\n${block('make b')}For production:\n\n${block('make c')}Then:\n\n${block('make d')}`;
  expect((await steps(`${text}Last:\n\n${block('make e')}`)).map(([, way]) => way)).toEqual([
    'staging',
    'staging',
    'production',
    'production',
    '',
  ]);
});

test('of a list below "Pick what fits:" one is done', async () => {
  const item = (says: string, code: string) => `- ${says}:\n\n  \`\`\`bash\n  ${code}\n  \`\`\`\n\n`;
  const text = `Pick what fits:\n\n${item('A bad deploy', 'make back')}${item('Overload', 'make more')}`;
  const ways = (await steps(text)).map(([, way]) => way);
  expect(new Set(ways).size).toBe(2);
  expect(ways).not.toContain('');
});

const BY_BREW = 'brew install shop/tap/shop';
const BY_GO = 'go install shop.test/shop@latest';
const FROM_RELEASE = 'tar xzf shop.tar.gz\ninstall shop /usr/local/bin/shop';

test('all blocks of an item of such a list are one way', async () => {
  const inItem = (code: string) => `  \`\`\`bash\n  ${code}\n  \`\`\`\n\n`;
  const text = `Pick what fits:\n\n- A bad deploy:\n\n  Go back:\n\n${inItem('make back')}  Start it:\n\n${inItem('make start')}- Overload:\n\n${inItem('make more')}`;
  const [back, start, more] = (await steps(text)).map(([, way]) => way);
  expect(start).toBe(back);
  expect(more).not.toBe(back);
  expect([back, more]).not.toContain('');
});

test('"use what matches" within a sentence offers nothing', async () => {
  const text = `Set the region, use what matches your cluster:\n\n${block('export REGION=eu')}${block('make deploy')}`;
  expect((await steps(text)).map(([, way]) => way)).toEqual(['', '']);
});

test.each(['**With Homebrew**', 'With Homebrew:', '### With Homebrew'])(
  'below "Install" a manager, a tool and a release are ways: %s',
  async (first) => {
    const told = (name: string) => first.replace('With Homebrew', name);
    const text = `${first}\n\n${block(BY_BREW)}${told('With Go')}\n\n${block(BY_GO)}${told('From a release')}\n\n${block(FROM_RELEASE)}`;
    expect(await steps(text, 'Install')).toEqual([
      [BY_BREW, 'homebrew'],
      [BY_GO, 'go'],
      [FROM_RELEASE, 'release'],
    ]);
  },
);

test('packages of the system come before those of a language; elsewhere "From" names a place', async () => {
  const both = `On Ubuntu:\n\n${block('apt-get install -y libpq-dev')}With pip:\n\n${block('pip install shop')}`;
  expect((await steps(both, 'Install')).map(([, way]) => way)).toEqual(['', '']);
  const folders = `From the server folder:\n\n${block('npm ci')}From the client folder:\n\n${block('npm ci --omit=dev')}`;
  expect((await steps(folders, 'Install')).map(([, way]) => way)).toEqual(['', '']);
  const places = `From the old folder:\n\n${block('make old')}From the new folder:\n\n${block('make new')}`;
  expect((await steps(places)).map(([, way]) => way)).toEqual(['', '']);
});

test('a way that a person goes is one of them', async () => {
  const text = `For staging:\n\n${block('make a')}For production:\n\n${block('vim /etc/shop.conf')}${block('make c')}`;
  expect(await steps(text)).toEqual([
    ['make a', 'staging'],
    ['person', 'production'],
    ['make c', 'production'],
  ]);
});

test('the same ways once more are another choice of the same', async () => {
  const ways = (a: string, b: string) => `Using npm:\n\n${block(a)}Using yarn:\n\n${block(b)}`;
  expect(await steps(`${ways('npm ci', 'yarn')}Build it:\n\n${ways('npm run build', 'yarn build')}`)).toEqual([
    ['npm ci', 'npm'],
    ['yarn', 'yarn'],
    ['npm run build', 'npm'],
    ['yarn build', 'yarn'],
  ]);
});

test('of two folders, one is gone to', async () => {
  const text = `Go to the old one:\n\n${block('cd a')}Or to the new one:\n\n${block('cd b')}Then:\n\n${block('make up')}`;
  const found = await steps(text);
  expect(found.map(([run]) => run)).toEqual(['cd a', 'cd b', 'make up']);
  expect(found.map(([, way]) => way !== '')).toEqual([true, true, false]);
});
