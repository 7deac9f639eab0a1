import { describe, expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { readMarkdown } from '../markdown/markdown.js';
import { decideBlocks } from './decide.js';

const grammar = await loadShellGrammar();

/** The rules that decide about the blocks of a README. */
function rulesOf(text: string) {
  const file = 'README.md';
  const document = readMarkdown(text, file);
  const decisions = decideBlocks({ document, file, settings: readSettings(document.frontMatter, file), grammar });
  return decisions.flatMap(({ block, rule }) => (block.kind === 'code' ? [rule] : []));
}

const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n`;

describe('in a README', () => {
  test.each([
    '* Database creation',
    '* How to run the server',
    '1. Installer les paquets',
    '3. Lancer le serveur',
    'Copiar la configuración',
  ])('a line like a heading tells of work: %s', (line) => {
    expect(rulesOf(`# Shop\n\n## Comment ça marche\n\n${line}\n\n${block('make it')}`)).toEqual(['procedure']);
  });

  test.each(['Run it:', 'The tool prints what it found.', 'Colours', 'Run'])('another line does not: %s', (line) => {
    expect(rulesOf(`# Shop\n\n## Colours\n\n${line}\n\n${block('make it')}`)).toEqual(['readme-elsewhere']);
  });

  test('"Using Docker" below "Run it" is a way to run it, elsewhere it is usage', () => {
    expect(rulesOf(`# Shop\n\n## Run Shop\n\n### Using docker compose\n\n${block('docker compose up -d')}`)).toEqual([
      'procedure',
    ]);
    expect(rulesOf(`# Shop\n\n## Commands\n\n### Using docker compose\n\n${block('docker compose up -d')}`)).toEqual([
      'reference-section',
    ]);
    expect(rulesOf(`# Shop\n\n## Run Shop\n\n### Using the interface\n\n${block('make it')}`)).toEqual([
      'usage-section',
    ]);
  });

  test('"Step 2" below "Usage" is done, its other parts are usage', () => {
    const usage = (heading: string) => rulesOf(`# Lint\n\n## Usage\n\n### ${heading}\n\n${block('make it')}`);
    expect(usage('Step 2: Install Lint')).toEqual(['procedure']);
    expect(usage('Workspaces')).toEqual(['usage-section']);
  });

  test.each(['Kurulum', 'Встановлення', 'Cài đặt', 'Cara menjalankan', 'Instalace', 'Kom igång'])(
    'headings are understood in more languages: %s',
    (heading) => {
      expect(rulesOf(`# Shop\n\n## ${heading}\n\n${block('make it')}`)).toEqual(['procedure']);
    },
  );

  test.each(['Kullanım', 'Використання', 'Cách sử dụng', 'Penggunaan', 'Použití', 'Användning'])(
    'usage is, too: %s',
    (heading) => {
      expect(rulesOf(`# Shop\n\n## ${heading}\n\n${block('make it')}`)).toEqual(['usage-section']);
    },
  );

  test('"Compiling" and "Creating the site" tell of work', () => {
    for (const heading of ['Compiling', 'Creating the site', 'Generate keys'])
      expect(rulesOf(`# Lint\n\n## ${heading}\n\n${block('make it')}`)).toEqual(['procedure']);
  });

  test('"Development" is how a checkout is started that has no other use', () => {
    const development = `## Local Development\n\n${block('make it')}`;
    const installed = (command: string) => rulesOf(`# Site\n\n## Installation\n\n${block(command)}\n${development}`);
    expect(installed('yarn')).toEqual(['procedure', 'procedure']);
    expect(installed('npm install site')).toEqual(['procedure', 'development-section']);
  });

  test('what its only heading tells to do is its task', () => {
    expect(rulesOf(`# Resize a disk with ext3\n\nThen:\n\n${block('sudo resize2fs /dev/sda3')}`)).toEqual([
      'procedure',
    ]);
    expect(rulesOf(`# Disks with ext3\n\nThen:\n\n${block('sudo resize2fs /dev/sda3')}`)).toEqual(['readme-elsewhere']);
    expect(rulesOf(`# Restore script for shops\n\nThen:\n\n${block('./restore.sh')}`)).toEqual(['readme-elsewhere']);
    expect(rulesOf(`Installation\n============\n\nThen:\n\n${block('make it')}`)).toEqual(['procedure']);
    expect(rulesOf(`# Installation\n\n${block('make it')}\n## Colours\n\n${block('it --red')}`)).toEqual([
      'procedure',
      'readme-elsewhere',
    ]);
  });

  test('"Run" below "Development" is no other use than that', () => {
    const run = `## Development\n\n### Build\n\n${block('make it')}\n### Run\n\n${block('./it')}`;
    expect(rulesOf(`# Gate\n\n${run}`)).toEqual(['procedure', 'procedure']);
    expect(rulesOf(`# Gate\n\n${run}\n## Quick start\n\n${block('npx gate')}`)).toEqual([
      'development-section',
      'development-section',
      'procedure',
    ]);
  });

  test('"TL;DR" says what to do where nothing says it at length', () => {
    const short = `## TL;DR\n\n${block('helm install shop shop/shop')}`;
    expect(rulesOf(`# Chart\n\n${short}`)).toEqual(['procedure']);
    expect(rulesOf(`# Chart\n\n${short}\n## Installing the chart\n\n${block('helm install a shop/shop')}`)).toEqual([
      'reference-section',
      'procedure',
    ]);
  });

  test('numbered steps with a command each, or a clone, make a procedure of a section that names none', () => {
    const steps = (...codes: string[]) =>
      codes.map((code, i) => `${i + 1}. It:\n   \`\`\`\n   ${code}\n   \`\`\`\n`).join('');
    const three = steps('mvn package', 'minikube start', 'kubectl apply -f web.yaml');
    for (const heading of ['The scene', 'Test scenario:'])
      expect(rulesOf(`# Shop\n\n## Configuration\n\n#### ${heading}\n\n${three}`)).toEqual(Array(3).fill('procedure'));
    expect(rulesOf(`# Shop\n\n## How it works\n\n${three}`)).toEqual(Array(3).fill('readme-elsewhere'));
    expect(rulesOf(`# Shop\n\n## Contributing\n\n${three}`)).toEqual(Array(3).fill('development-section'));
    const install = `## Install\n\n${block('npm ci')}`;
    expect(rulesOf(`# Shop\n\n${install}## The scene\n\n${steps('mvn package', 'minikube start')}`)).toEqual([
      'procedure',
      'readme-elsewhere',
      'readme-elsewhere',
    ]);
    const clone = block('git clone https://git.test/shop\ncd shop');
    const cloned = `${clone}\nThe rest\n\n${block('cp .env.example .env')}`;
    expect(rulesOf(`# Shop\n\n## Configuração Inicial\n\n${cloned}`)).toEqual(['procedure', 'procedure']);
    expect(rulesOf(`# Shop\n\n## Install\n\n${block('npm install -g shop')}## Usage\n\n${cloned}`).slice(1)).toEqual(
      Array(2).fill('usage-section'),
    );
  });

  test('"Configuration" below "Quick start" is a part of it', () => {
    const copied = block('cp .env.example .env');
    expect(rulesOf(`# Shop\n\n## Quick start\n\n### 2. Configuration\n\n${copied}`)).toEqual(['procedure']);
    expect(rulesOf(`# Shop\n\n## Configuration\n\n${copied}`)).toEqual(['usage-section']);
  });

  test('a title that names a task makes it the description of that', () => {
    const restored = `## The disk\n\n${block('make restore')}`;
    for (const title of [
      'Backup and restore',
      'How to restore a disk',
      'Installing the shop on Debian',
      'ディスクのバックアップとリストア',
    ])
      expect(rulesOf(`# ${title}\n\n${restored}`)).toEqual(['procedure']);
    const install = `## Install\n\n${block('npm ci')}`;
    expect(rulesOf(`# Disk tools\n\n${install}${restored}`)).toEqual(['procedure', 'readme-elsewhere']);
  });

  test('where nothing is a procedure by its heading, what changes something under another one is', () => {
    const only = (heading: string, ...codes: string[]) =>
      rulesOf(`# Shop\n\n## ${heading}\n\n${codes.map((code) => block(code)).join('\n')}`);
    expect(only('Kubernetes', 'kubectl create -f shop.yaml', 'shop migrate')).toEqual(['procedure', 'procedure']);
    expect(only('Development', 'npm run build')).toEqual(['procedure']);
    expect(only('Usage', 'git clone https://git.test/shop', 'terraform apply')).toEqual(['procedure', 'procedure']);
    // Samples of use, what is told, and what those do who change the program stay what they are.
    expect(only('Usage', 'shop sell --all')).toEqual(['usage-section']);
    expect(only('Themes', 'shop theme dark')).toEqual(['readme-elsewhere']);
    expect(only('How it works', 'kubectl apply -f shop.yaml')).toEqual(['readme-elsewhere']);
    expect(only('Contributing', 'git checkout -b x', 'git push origin x')).toEqual(
      Array(2).fill('development-section'),
    );
    expect(only('Commands', 'kubectl delete -f shop.yaml')).toEqual(['reference-section']);
  });

  const readme = (...sections: readonly (readonly [heading: string, ...codes: string[]])[]) =>
    rulesOf(`# Shop\n\n${sections.map(([heading, ...codes]) => `${heading}\n\n${codes.join('\n')}\n`).join('\n')}`);

  test('beside it, what those do who change the program is not done', () => {
    const applied = ['## Kubernetes', block('kubectl apply -f shop.yaml')] as const;
    const flow = block('git checkout -b x\ngit commit -am x\ngit push origin x');
    expect(readme(applied, ['## Git workflow', flow])).toEqual(['procedure', 'development-section']);
    expect(readme(applied, ['## Changes', flow])[1]).toBe('readme-elsewhere');
    const pushed = `Push:\n\n${block('docker push shop')}`;
    expect(readme(['## Containers', block('docker build -t shop .'), pushed])).toEqual(
      Array(2).fill('readme-elsewhere'),
    );
    const development = readme(
      ['## Development', ''],
      ['### Branching', block('git checkout -b x')],
      ['### Translations', block('npm install -g crowdin\ncrowdin upload')],
    );
    expect(development).toEqual(Array(2).fill('development-section'));
  });

  test('what is done to something that is there already is for another day', () => {
    for (const sections of [
      [
        ['## Replication', block('pg_basebackup -D /db')],
        ['## Failover', block('pg_ctl promote')],
        ['## Vacuum', block('vacuumdb --all')],
      ],
      [['## Power', block('systemctl suspend')]],
      [['## Users', block('shop user add ann'), block('shop user revoke ann')]],
      [
        ['## Installation', 'Get it from the store.'],
        ['## Kubernetes', block('kubectl apply -f shop.yaml')],
      ],
    ] as const)
      expect(readme(...sections)).toEqual(
        sections.flatMap(([, ...codes]) => codes.filter((code) => code.startsWith('`'))).map(() => 'readme-elsewhere'),
      );
  });

  test.each([
    ['## Stop', '## Reset everything'],
    ['## Start over', '## Wipe the data'],
    ['## Apagar', '## Zurücksetzen'],
    ['To tear everything down:', 'Shut everything down:'],
    ['3. Restore the world:', '4. Update:'],
    ['Delete a project:', 'Remove an organisation:'],
    ["When you're done, stop it:", 'Datenbank löschen:'],
  ])('what ends it, "%s" and "%s", is for another day', (one, other) => {
    const ends = `${one}\n\n${block('shop one acme')}\n${other}\n\n${block('shop two acme')}`;
    const [start, ...rest] = readme(['## Quick start', block('shop up'), ends]);
    expect(start).toBe('procedure');
    expect(rest).not.toContain('procedure');
    expect(rest).not.toContain('destructive');
  });

  test.each(['Stop the old one:', 'Restore the packages:', 'Update the path:', '2. Stop the old one'])(
    'what only prepares for the next step is done: %s',
    (text) =>
      expect(
        readme(['## Quick start', block('shop up'), text, block('shop quit'), 'Start it:', block('shop run')]),
      ).toEqual(Array(3).fill('procedure')),
  );

  test('of "Usage" only what gets the program, and goes on without a word, is done', () => {
    const samples = [`Remove a page:\n\n${block('gen rm page')}`, `Deploy it:\n\n${block('gen deploy --prod')}`];
    expect(readme(['## Usage', block('npm install -g gen'), ...samples])).toEqual([
      'procedure',
      'usage-section',
      'usage-section',
    ]);
    expect(readme(['## Usage', block('npm install -g gen'), `Then:\n\n${block('gen init')}`])).toEqual(
      Array(2).fill('procedure'),
    );
  });

  test.each(['Reset', 'Starting over', 'Alles zurücksetzen', 'Réinitialiser la base', 'Сброс', '重置'])(
    'what "%s" takes away is for another day, and no rollback',
    (heading) => {
      const text = `# Shop\n\n## Quick start\n\n${block('make env\ndocker compose up -d')}\n## ${heading}\n\n`;
      expect(rulesOf(`${text}${block('docker compose down -v')}`)).not.toContain('removes-what-was-made');
    },
  );

  test('what resets a single thing is a task like any other', () => {
    const text = `# Shop\n\n## Quick start\n\n${block('make env\ndocker compose up -d')}\n## Resetting the password file\n\n`;
    expect(rulesOf(`${text}${block('docker compose down -v')}`)).not.toContain('commands-listed');
  });

  test('what the last block takes away elsewhere is a rollback', () => {
    const text = `# Shop\n\n## Quick start\n\n${block('make env\ndocker compose up -d')}\n`;
    expect(rulesOf(`${text}## The end\n\n${block('docker compose down -v')}`)).not.toContain('commands-listed');
  });
});
