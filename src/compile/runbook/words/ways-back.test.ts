import { describe, expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';

const grammar = await loadShellGrammar();
const section = (heading: string, code: string) => `## ${heading}\n\n\`\`\`bash\n${code}\n\`\`\`\n\n`;

function labelsOf(title: string, ...sections: string[]) {
  const document = readMarkdown(`# ${title}\n\n${sections.join('')}`, 'ops.md');
  const decided = decideBlocks({ document, file: 'ops.md', settings: readSettings({}, 'ops.md'), grammar });
  return decided.map(({ label }) => label);
}

const DEPLOY = section('Umstellung', 'make deploy');

describe('the way back', () => {
  test.each([
    'Fallback',
    '4. Fallback plan',
    'Known good fallback',
    'Going back',
    'Fallback-Szenario',
    'Restore the previous version',
    'Den alten Stand wiederherstellen',
  ])('is told by "%s"', (heading) =>
    expect(labelsOf('Shop', DEPLOY, section(heading, 'make old'))).toEqual(['run', 'rollback']),
  );

  test.each(['Fallback mode', 'Restore the dump', 'Going back to work'])('"%s" is none', (heading) =>
    expect(labelsOf('Shop', DEPLOY, section(heading, 'make old'))).toEqual(['run', 'run']),
  );

  test('is a bare "Wiederherstellung" behind what was done', () => {
    const restored = section('Wiederherstellung', 'make old');
    expect(labelsOf('Umzug', section('Sicherung', 'make dump'), DEPLOY, restored)).toEqual(['run', 'run', 'rollback']);
  });

  test('is no restoring in a document about backups, after nothing but one, or before other steps', () => {
    const [saved, restored] = [section('Sicherung', 'make dump'), section('Wiederherstellung', 'make old')];
    expect(labelsOf('Sicherung und Wiederherstellung', DEPLOY, restored)).toEqual(['run', 'run']);
    expect(labelsOf('Umzug', saved, restored)).toEqual(['run', 'run']);
    expect(labelsOf('Umzug', section('Stopp', 'make stop'), restored, DEPLOY)).toEqual(['run', 'run', 'run']);
    expect(labelsOf('Umzug', DEPLOY, section('3. Wiederherstellung', 'make old'))).toEqual(['run', 'run']);
    expect(labelsOf('Umzug', DEPLOY, restored, section('Neustart', 'make up'))).toEqual(['run', 'run', 'run']);
    expect(labelsOf('Umzug', DEPLOY, restored, restored)).toEqual(['run', 'rollback', 'rollback']);
  });
});

describe('a heading that begins with looking', () => {
  test.each([
    'Identify and roll back',
    'Review and revert',
    'Find the previous release and roll back',
    'Monitor and roll back',
    'Identify, then roll back',
    'Review rollbacks',
    'View rollback plan',
  ])('"%s" takes back what it holds', (heading) =>
    expect(labelsOf('Shop', DEPLOY, section(heading, 'kubectl rollout undo deploy/web'))).toEqual(['run', 'rollback']),
  );

  test('and then takes back does so from its first look on', () => {
    const looked = '```bash\nkubectl rollout history deploy/web\n```\n\n';
    const undone = section('Review rollbacks', 'kubectl rollout undo deploy/web');
    expect(labelsOf('Shop', DEPLOY, `## Monitor and roll back\n\n${looked}`)).toEqual(['run', 'rollback']);
    expect(labelsOf('Shop', DEPLOY, undone, looked)).toEqual(['run', 'rollback', 'rollback']);
    expect(labelsOf('Shop', DEPLOY, '## Review rollbacks\n\n', looked, undone.replace('##', '###'))).toEqual([
      'run',
      'rollback',
      'rollback',
    ]);
  });

  test.each(['Query recent rollbacks', '2. Analyze rollback reasons', 'View rollback history'])(
    '"%s" takes nothing back where every block only looks',
    (heading) => expect(labelsOf('Shop', section(heading, 'kubectl get events'), DEPLOY)).toEqual(['run', 'run']),
  );
});

describe('what a rollback will need', () => {
  test.each([
    '3. Snapshot (rollback substrate)',
    'Backup (for rollback)',
    'Take a snapshot for rollback',
    'Rollback preparation',
    'Prepare the rollback',
    'Save rollback point',
    'Record the current version (rollback target)',
    'Tag the current image for rollback',
    'Export DNS state (used by rollback)',
    'Sicherung (für den Rollback)',
    'Sauvegarde (pour le retour arrière)',
    '备份（用于回滚）',
  ])('is kept by "%s" before anything is done, and takes nothing back', (heading) =>
    expect(labelsOf('Shop', section(heading, 'cp live live.before'), DEPLOY)).toEqual(['run', 'run']),
  );

  test.each([
    'Rollback (if needed)',
    'Rollback snapshot',
    'Snapshot and rollback',
    'Take a snapshot, then roll back',
    'Restore backup (rollback)',
    'Keep calm and roll back (rollback plan)',
    'Make the rollback version live',
    'Take down the rollback image',
    'Tag the rollback image and deploy it',
    'Notes (rollback)',
  ])('is not kept by "%s"', (heading) =>
    expect(labelsOf('Shop', DEPLOY, section(heading, 'cp live.before live'))).toEqual(['run', 'rollback']),
  );

  test('is not kept by what takes back, nor below a rollback', () => {
    const heading = 'Rollback preparation';
    expect(labelsOf('Shop', DEPLOY, section(heading, 'kubectl rollout undo deploy/web'))).toEqual(['run', 'rollback']);
    const below = section('Take a snapshot for rollback', 'cp live live.failed').replace('##', '###');
    expect(labelsOf('Shop', DEPLOY, '## Rollback\n\n', below)).toEqual(['run', 'rollback']);
  });
});
