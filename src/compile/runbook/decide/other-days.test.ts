import { describe, expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { readMarkdown } from '../markdown/markdown.js';
import { offerChoices } from '../ways/alternatives.js';
import { decideBlocks, decideNamed } from './decide.js';

const grammar = await loadShellGrammar();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const section = (heading: string, ...codes: string[]) => `${heading}\n\n${codes.map(block).join('')}`;

function decided(file: string, title: string, ...sections: string[]) {
  const document = readMarkdown(`# ${title}\n\n${sections.join('')}`, file);
  return decideBlocks({ document, file, settings: readSettings({}, file), grammar });
}

const rulesOf = (file: string, title: string, ...sections: string[]) =>
  decided(file, title, ...sections).map(({ rule }) => rule);
const START = section('## Quick start', 'make it');

describe('sections for another day', () => {
  test.each([
    'Clean-up after a week',
    'Nacharbeiten (am nächsten Tag)',
    'Una semana después, borrar la copia',
    'Monthly maintenance',
    'Daily',
    'Yearly',
    'End of month',
    'Escalation',
  ])('"%s" is a case', (heading) =>
    expect(rulesOf('ops.md', 'Shop', START, section(`## ${heading}`, 'make old'))).toEqual([
      'procedure',
      'case-section',
    ]),
  );

  test.each(['Install the daily backup', 'After the deployment', 'Wait a few days of traffic in five minutes'])(
    '"%s" is none',
    (heading) => expect(rulesOf('ops.md', 'Shop', section(`## ${heading}`, 'make old'))).toEqual(['procedure']),
  );

  test('in a document whose title says the same they are what it is for', () =>
    expect(rulesOf('ops.md', 'Monthly maintenance', section('## Monthly', 'make it'))).toEqual(['procedure']));

  test('an appendix refers, and what is set up is decommissioned or uninstalled another day', () => {
    const last = (heading: string, file = 'INSTALL.md') =>
      rulesOf(file, 'Shop', START, section(`## ${heading}`, 'make old'))[1];
    expect(last('Appendix: useful commands')).toBe('reference-section');
    expect(last('Uninstall')).toBe('uninstall-section');
    expect(rulesOf('ops.md', 'Shop', section('## Set up', 'make it'), section('## Decommission', 'make old'))[1]).toBe(
      'uninstall-section',
    );
    expect(last('Remove the old node', 'ops.md')).toBe('procedure');
  });

  test('restoring is beside making a backup, unless the document moves something', () => {
    const both = [section('### Creating Backups', 'make dump'), section('### Restoring from Backup', 'make restore')];
    expect(rulesOf('ops.md', 'Shop', ...both)).toEqual(['procedure', 'case-section']);
    expect(rulesOf('ops.md', 'Moving the shop', ...both)).toEqual(['procedure', 'procedure']);
  });
});

describe('what those do who change the program', () => {
  test.each(['Contributing', 'Submitting changes', 'Opening a pull request', 'Make a change', 'Cutting a release'])(
    '"%s" is not done beside a start, in a file of any name',
    (heading) =>
      expect(rulesOf('docs/development.md', 'Shop', START, section(`## ${heading}`, 'make old'))).toEqual([
        'procedure',
        'development-section',
      ]),
  );

  test('is not done in a README: a release, translations, what pushes', () => {
    for (const heading of ['Release', 'Translations', 'Uploading to the hub', 'Git workflow'])
      expect(rulesOf('README.md', 'Shop', START, section(`## ${heading}`, 'make old'))[1]).toBe('development-section');
    const pushed = section('## Getting started', 'git push origin main');
    expect(rulesOf('README.md', 'Shop', pushed)).toEqual(['readme-pushes']);
    expect(rulesOf('README.md', 'Deploying by git', pushed)).toEqual(['procedure']);
    expect(rulesOf('release.md', 'Release', START, section('## Cutting a release', 'git push'))[1]).toBe('procedure');
  });

  test.each([
    'docker build -t me/model . && docker push me/model',
    'huggingface-cli upload me/model .',
    'vercel --prod',
    'mvn release:prepare release:perform',
    'npm version patch',
    'npx changeset',
    'mkdocs gh-deploy',
    'git commit -am "feat: something"',
  ])('what publishes is not done in a README, either: %s', (script) => {
    const shared = section('## Getting started', script);
    expect(rulesOf('README.md', 'Shop', shared)).toEqual(['readme-pushes']);
  });

  test.each(['npx prisma db push', 'npm version', 'mkdir -p upload', 'docker compose up -d'])(
    'what names it only is: %s',
    (script) =>
      expect(rulesOf('README.md', 'Shop', section('## Getting started', script))).not.toEqual(['readme-pushes']),
  );

  test.each(['mkdir -p upload', 'grep push app.log', 'cp a upload'])('`%s` in a rollback asks nobody', (script) => {
    const [, back] = decided('ops.md', 'Shop', START, section('## Rollback', script));
    expect(back?.ask).toBeUndefined();
  });

  test('to undo a change is no rollback of a README, and to push asks when things are taken back', () => {
    const undone = section('### Undo the last commit', 'git revert HEAD\ngit push');
    expect(rulesOf('README.md', 'Shop', section('## Installation', 'npm ci'), undone, '## License\n')).toEqual([
      'procedure',
      'usage-section',
    ]);
    const [, back] = decided('ops.md', 'Shop', START, section('## Rollback', 'git revert HEAD\ngit push'));
    expect(back).toMatchObject({ label: 'rollback', askEachRun: expect.stringContaining('it pushes or publishes') });
  });
});

describe('of several things that may be wrong', () => {
  const choices = (title: string, ...headings: string[]) => {
    const decisions = decided('ops.md', title, ...headings.map((heading, i) => section(heading, `make fix-${i}`)));
    return offerChoices(decisions, { platform: 'linux', has: () => true }, () => {
      throw new Error('no ways within a block');
    }).choices;
  };

  test.each([
    ['Shop', '## Scenario: region lost', '## Scenario: database corrupted'],
    ['Disaster recovery', '## Loss of the primary', '## Corrupted data', '## Compromised keys'],
    ['Alerts', '## HighCPU', '## DiskFull', '## ReplicaLag'],
  ])('"%s": people say which', (title, ...headings) => {
    const [choice] = choices(title, ...headings);
    expect(choice?.values).toHaveLength(headings.length);
    expect(choice?.preset).toBeUndefined();
  });

  test('steps are done one after the other', () =>
    expect(choices('Disaster recovery', '## 1. Lost nodes', '## 2. Lost data')).toEqual([]));
});

describe('sections that take each other back', () => {
  test('are a list of tasks', () => {
    const tasks = ['start', 'stop'].map((verb) => section(`## ${verb}ing`, `systemctl ${verb} shop`));
    expect(rulesOf('ops.md', 'Shop', ...tasks)).toEqual(Array(2).fill('commands-listed'));
  });

  test('so are the commands of their program in one section, and no others of it', () => {
    const shop = ['start', 'stop', 'start'].map((verb) => `systemctl ${verb} shop`);
    expect(
      rulesOf('ops.md', 'Shop', section('## Service', 'make it', ...shop), section('## More', 'systemctl reload web')),
    ).toEqual(['procedure', ...Array(3).fill('commands-listed'), 'procedure']);
  });

  test('and each is done when it is named', () => {
    const text = ['start', 'stop'].map((verb) => section(`## ${verb}ing`, `systemctl ${verb} shop`)).join('');
    const document = readMarkdown(`# Shop\n\n${text}`, 'ops.md');
    const input = { document, file: 'ops.md', settings: readSettings({}, 'ops.md'), grammar };
    const named = document.sections.find(({ slug }) => slug === 'stoping');
    if (named === undefined) throw new Error('the section is not there');
    expect(decideNamed(input, named).at(-1)?.rule).toBe('procedure');
  });

  test('behind others only what takes back is left out, and so it is in a quick start', () => {
    const stop = section('## Stop', 'docker compose stop');
    expect(
      rulesOf('ops.md', 'Shop', section('## Build', 'make it'), section('## Start', 'docker compose up -d'), stop),
    ).toEqual(['procedure', 'procedure', 'commands-listed']);
    const quick = section('## Quick start', 'docker compose up -d', 'docker compose stop', './admin.sh create');
    expect(rulesOf('ops.md', 'Shop', quick)).toEqual(['procedure', 'commands-listed', 'procedure']);
  });
});
