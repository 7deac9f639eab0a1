import { describe, expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { readMarkdown } from '../markdown/markdown.js';
import { decideBlocks } from './decide.js';
import { withGates } from './gates.js';

const grammar = await loadShellGrammar();
const block = (code: string, indent = '') => `\`\`\`bash\n${code}\n\`\`\`\n\n`.replaceAll(/^(?=.)/gm, indent);

function everything(text: string, file = 'ops.md') {
  const document = readMarkdown(text, file);
  return withGates(decideBlocks({ document, file, settings: readSettings({}, file), grammar }));
}
const decided = (text: string, file?: string) => everything(text, file).filter(({ block: one }) => one.kind === 'code');
const rulesOf = (text: string, file?: string) => decided(text, file).map(({ rule }) => rule);
const behindDeploy = (text: string) =>
  decided(`# Ops\n\n## Deploy\n\n${block('make deploy')}${text}${block('./x.sh')}`)[1];
const below = (heading: string, title = 'Ops') =>
  decided(`# ${title}\n\n## Deploy\n\n${block('make deploy')}## ${heading}\n\n${block('./x.sh')}`)[1];

describe('a case', () => {
  test.each([
    '**Note:** Only for clusters older than 1.24:',
    '> **Warning**\n> Only for clusters older than 1.24:',
    '⚠️ **Only if the primary is dead!** Promote the standby:',
    'In the event of data loss:',
    'Should replication be broken:',
    'Whenever the certificate has expired:',
    'Replication broken? Resync:',
    '(AWS only)',
    'Large tenants only:',
    'To be used only in emergencies:',
    'For clusters with more than 3 nodes, rebalance:',
    'In December also:',
    '⚠️ First Monday of the month only.',
    '**Export** (first Monday of the month only)',
    'Every night:',
    'Ist die Platte voll:',
    'Sollte der Dienst nicht starten:',
    'Lorsque le service ne répond pas :',
    'Cuando el disco esté lleno:',
    'Quando o disco estiver cheio:',
    'Quando il disco è pieno:',
    '当磁盘满时：',
    'ディスクが一杯のとき：',
    'Когда диск заполнен:',
    'Gdy dysk jest pełny:',
    '**Emergency rotation**',
    'Failing that:',
    'Applies to clusters older than 1.20 only.',
    'This is only relevant to EU:',
    'In rare cases the lock stays behind; remove it:',
    'Customers on the old plan:',
    'For clusters with TLS:',
    'Depending on the outcome, run:',
    'In seltenen Fällen bleibt die Sperre liegen:',
    'Selon le résultat :',
    'En casos raros:',
  ])('is told by "%s"', (text) => expect(behindDeploy(`${text}\n\n`)).toMatchObject({ rule: 'condition' }));

  test.each([
    'Note: the image is large.',
    'Ready? Run:',
    'Once it is done, restart:',
    'Quand c’est fait, redémarrez :',
    'Should you be asked, type yes. Run:',
    'This user is read-only.',
    'Then:',
    'This applies to all clusters.',
    'For all clusters with TLS:',
    'For the customers:',
  ])('is not told by "%s"', (text) => expect(behindDeploy(`${text}\n\n`)).toMatchObject({ rule: 'procedure' }));

  test('stays open in its item for the next block, and is over at its end', () => {
    const text = `# Ops\n\n1. Drain:\n\n${block('./drain.sh', '   ')}   If that fails:\n\n${block('./force.sh', '   ')}${block('./fence.sh', '   ')}`;
    const wide = `2. Next:\n\n${block('./next.sh', '   ')}   If it is broken, do the following:\n\n${block('./a.sh', '   ')}   Then this:\n\n${block('./b.sh', '   ')}3. On:\n\n${block('./c.sh', '   ')}`;
    expect(rulesOf(`${text}${wide}`)).toEqual([
      'procedure',
      'condition',
      'condition',
      'procedure',
      'condition',
      'condition',
      'procedure',
    ]);
  });

  test.each(['Data loss', 'Split brain', 'Certificate expired', 'Unplanned failover', 'Failback', 'Hotfix', 'OOM'])(
    'is "%s" beside what is done in any case',
    (heading) => {
      expect(below(heading)).toMatchObject({ rule: 'condition' });
      expect(below(heading, heading)).toMatchObject({ rule: 'procedure' });
    },
  );

  test.each(['For EU customers', 'Special case: Black Friday', 'Handling a failed migration', 'Rare: full reindex'])(
    'is "%s" among what is done for all',
    (heading) => expect(below(heading)).toMatchObject({ rule: 'condition' }),
  );

  test.each([
    'For all customers',
    'Special characters',
    'Handling failover',
    'Simulate data loss',
    'Prevent split brain',
    'High availability',
    'Renew expired certificates',
  ])('is not "%s"', (heading) => expect(below(heading)).toMatchObject({ rule: 'procedure' }));
});

describe('times', () => {
  test('what the title names is no case, the other time is', () => {
    const week = (heading: string) => below(heading, 'Weekly maintenance')?.rule;
    expect(week('Every Monday, 09:00')).toBe('procedure');
    expect(week('Every week')).toBe('procedure');
    expect(week('Every quarter')).toBe('case-section');
    expect(below('Every Monday')?.rule).toBe('condition');
    expect(below('Jeden Montag')?.rule).toBe('condition');
    expect(below('In December')?.rule).toBe('condition');
  });

  test.each([
    'T+24h: enable writes',
    'D+30',
    'Day 7: tidy up',
    'Week 2',
    'Nacharbeiten am Folgetag',
    'Next sprint',
    'Quarterly: rotate',
  ])('"%s" is another day', (heading) => expect(below(heading)).toMatchObject({ rule: 'case-section' }));

  test('the first day is none', () => expect(below('Day 1: set up')).toMatchObject({ rule: 'procedure' }));

  test.each([
    'The next morning, switch the jobs on again:',
    'On Monday, send the newsletter:',
    'In two weeks:',
    'Not before 7 days have passed:',
    'No earlier than 24 hours after the switch:',
    'Keep the old volume for 7 days, then:',
    'Bajar el TTL 24 horas antes:',
    'Eine Woche später:',
    'Al día siguiente:',
    'Le lendemain, supprimer :',
    '一周后删除旧表：',
    'Через неделю:',
    'Skip this if you use RDS:',
    'Not needed on AWS.',
    'Unless the replica lags, switch:',
    'Once all customers have migrated:',
    'The following is not needed for single-node setups.',
    'Upgrade (skip on ARM):',
  ])('"%s" is asked when it is reached', (text) =>
    expect(behindDeploy(`${text}\n\n`)).toMatchObject({ rule: 'procedure', gate: text }),
  );

  test('what is tried until it helps is asked about each time', () => {
    const items = ['one', 'two']
      .map((name, i) => `${i + 1}. Restart ${name}\n\n${block(`./${name}.sh`, '   ')}`)
      .join('');
    const gates = decided(`# Ops\n\n## Mend it\n\nTry the following in order until the queue drains:\n\n${items}`);
    expect(gates.map(({ gate }) => gate)).toEqual(Array(2).fill('Try the following in order until the queue drains:'));
  });
});

describe('what is not done', () => {
  test.each([
    'What not to do:',
    'The old procedure was:',
    'A typical mistake is:',
    'Not yet implemented:',
    'Was man nicht tun sollte:',
  ])('"%s"', (text) => expect(behindDeploy(`${text}\n\n`)).toMatchObject({ rule: 'says-do-not' }));

  test('what a comment calls old', () => {
    const both = `# Ops\n\n${block('# Old way (deprecated)\n./old.sh')}${block('# New way\n./new.sh')}`;
    expect(rulesOf(both)).toEqual(['says-do-not', 'procedure']);
  });

  test('common tasks', () => expect(below('Common tasks')).toMatchObject({ rule: 'reference-section' }));

  test('a push in a README whose title only has "pub" or "push" in it', () => {
    const text = (title: string) => `# ${title}\n\n## Getting started\n\n${block('git push origin v1')}`;
    for (const title of ['Public transport', 'Push notification service'])
      expect(rulesOf(text(title), 'README.md')).toEqual(['readme-pushes']);
    expect(rulesOf(text('Deploying by git'), 'README.md')).toEqual(['procedure']);
  });
});

test('below "If it fails", what is done, looked at and chosen is left out, its items too', () => {
  const held = `1. Tell the team.\n\n### Step 2: Force it\n\n${block('make force')}Check it:\n\n${block('systemctl status web')}`;
  const text = `# Ops\n\n## Renew\n\n${block('make renew')}## If the renewal fails\n\n${held}`;
  expect(everything(text).map(({ label }) => label)).toEqual(['run', ...Array(3).fill('leave_out')]);
});
