import { describe, expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { readMarkdown } from '../markdown/markdown.js';
import { decideBlocks } from './decide.js';

const grammar = await loadShellGrammar();

/** What becomes of the code blocks of a document: their rules and the inputs that ask about them. */
function decided(text: string) {
  const document = readMarkdown(text, 'ops.md');
  const settings = readSettings(document.frontMatter, 'ops.md');
  const all = decideBlocks({ document, file: 'ops.md', settings, grammar });
  return all.filter(({ block }) => block.kind === 'code');
}
const rulesOf = (text: string) => decided(text).map(({ rule }) => rule);
const labelsOf = (text: string) => decided(text).map(({ label }) => label);
const block = (code: string, indent = '') => `\`\`\`bash\n${code}\n\`\`\`\n\n`.replaceAll(/^(?=.)/gm, indent);
const README = '# Tool\n\n## Features\n\n## License\n\n## Install\n\n';

test.each(['Renew the certificate if needed (DNS must point here):', 'If you use the cache, warm it:'])(
  'what is for some case among the checks is asked about, unless it is known to only look: %s',
  (intro) => {
    const text = (command: string) =>
      `# Ops\n\n## Deploy\n\n${block('make a')}## Verify\n\n${block('curl -fsS localhost')}${intro}\n\n${block(command)}`;
    expect(rulesOf(text('./bin/panel certificate:do'))).toEqual(['procedure', 'check', 'condition']);
    expect(rulesOf(text('cat a'))).toEqual(['procedure', 'check', 'check']);
  },
);

describe('below "Rollback"', () => {
  const back = (text: string) => `# Ops\n\n## Deploy\n\n${block('make deploy')}## Rollback\n\n${text}`;

  test.each([
    ['a heading', `### If the data are damaged\n\n${block('rm -rf data')}`],
    ['a sentence', `Stop it first.\n\nIf the database was changed:\n\n${block('make old')}`],
    ['one of several ways', `For option 2:\n\n${block('make old')}`],
    ['a way by its heading', `### Scenario B: planned\n\n${block('make old')}`],
    ['an item', `1. If the disk has failed:\n   1. Copy it:\n${block('make old', '      ')}`],
  ])('what is for some case only is done by a person: %s', (_, text) => {
    expect(decided(back(text)).at(-1)).toMatchObject({ label: 'manual', rule: 'rollback-section', undoes: true });
  });

  test.each([
    'If the deployment fails:',
    'If something goes wrong:',
    'If you need to go back:',
    'Si el cambio falla:',
    'If needed:',
    'If there are any problems:',
    'In case of an error:',
  ])('why things are taken back at all is no such case: %s', (text) => {
    expect(labelsOf(back(`${text}\n\n${block('make old')}`)).at(-1)).toBe('rollback');
  });

  test.each([
    'Remove the image from the registry (optional):',
    'If there were data errors:',
    '### Drop the new table (optional)',
    'Optional:',
  ])('what may be left out, or mends what else went wrong, is for some case: %s', (text) => {
    expect(labelsOf(back(`${block('make old')}${text}\n\n${block('make clean')}`)).slice(1)).toEqual([
      'rollback',
      'manual',
    ]);
  });

  test.each([
    '### Before step 3',
    '### After step 3',
    '### Before the switch',
    '### Once the data are copied',
    '### Step 2 is done',
    '### Failure during the cutover',
    '### Nach dem Umschalten',
    '### Antes del corte',
    '### 切换之后',
    '**After the switch**',
    'After step 3:',
  ])('how far it had come is told, so a person does it: %s', (text) => {
    expect(decided(back(`${text}\n\n${block('make old')}`)).at(-1)).toMatchObject({ label: 'manual', undoes: true });
  });

  test('of rollbacks that say a stage in their own heading, too', () => {
    const text = `# Ops\n\n## Deploy\n\n${block('make deploy')}## Rollback before the switch\n\n${block('make a')}`;
    expect(labelsOf(`${text}## Rollback after step 3\n\n${block('make b')}`)).toEqual(['run', 'manual', 'manual']);
  });

  test.each(['### Before you roll back', '### After the rollback', '### After a failure', 'After that, start it:'])(
    'an order within the rollback is no stage: %s',
    (text) => expect(labelsOf(back(`${text}\n\n${block('make old')}`)).at(-1)).toBe('rollback'),
  );

  test.each([
    '### Emergency',
    '### Emergency rollback',
    '### Last resort',
    '### Data loss',
    '### Rollback drill (quarterly)',
    '### Rehearse the rollback',
    'Do not run this once customers have written data.',
    'Do not restore the dump after the first orders came in.',
    'Diesen Block nicht ausführen, sobald Kunden geschrieben haben.',
    '### The database\n\nDo not run this after step 5.\n\nRestore it:',
  ])('what is not for now is done by a person: %s', (text) => {
    expect(decided(back(`${text}\n\n${block('pg_restore -d shop shop.dump')}`)).at(-1)).toMatchObject({
      label: 'manual',
      rule: 'rollback-section',
      undoes: true,
    });
  });

  test.each([
    'Undo the upgrade if customers complain',
    'Rollback (if customers complain)',
    'Roll back: only when the data are not corrupted',
    'Rollback wenn Kunden sich beschweren',
    'Rollback if the customer is not satisfied',
    'Undo the upgrade if legal does not approve it',
    'Roll back when the audit is down for the year',
    'Undo in case customers complain',
    'Rollback provided that nobody objects',
    'Rollback wenn Kunden nicht zufrieden sind',
    'After the rollback',
    'Post-rollback tasks',
    'Nach dem Rollback',
    'Once rolled back',
  ])('so is what its own heading says of the case, or that all is taken back: %s', (heading) => {
    const text = `${back(block('make old'))}## ${heading}\n\n${block('./more.sh')}`;
    expect(labelsOf(text)).toEqual(['run', 'rollback', 'manual']);
  });

  test.each([
    'Rollback if the deployment fails',
    'Rollback if something goes wrong',
    'Roll back (if needed)',
    'How to roll back when there are problems',
    'Undo the upgrade if it does not start',
    'Rollback in case of failure',
    'Rollback if the site is down',
    'Rollback if the pods are not ready',
    'Roll back when it cannot start',
    'Rollback wenn der Dienst nicht startet',
  ])('why things are taken back at all is none in a heading, either: %s', (heading) => {
    expect(labelsOf(`# Ops\n\n## Deploy\n\n${block('make a')}## ${heading}\n\n${block('make old')}`)).toEqual([
      'run',
      'rollback',
    ]);
  });

  test.each(['Do not roll back like this', 'How not to roll back', 'Never roll back this way'])(
    'what a heading advises against is left out: %s',
    (heading) => {
      const text = `${back(block('make old'))}## ${heading}\n\n${block('./bad.sh')}`;
      expect(rulesOf(text).at(-1)).toBe('says-do-not');
    },
  );

  test.each([
    'Rollback drill (quarterly)',
    'Testing the rollback',
    'Test the rollback',
    'Rollback test',
    'Rollback rehearsal',
    'Rollback üben',
    'Tester le retour arrière',
  ])('how it is tried out is for another day: %s', (heading) => {
    const text = `${back(block('make old'))}## ${heading}\n\n${block('./drill.sh')}`;
    expect(rulesOf(text)).toEqual(['procedure', 'rollback-section', 'case-section']);
    expect(labelsOf(`# Rollback drill\n\n## ${heading}\n\n${block('./drill.sh')}`)).not.toContain('leave_out');
  });

  test('a look behind all that is a check of it', () => {
    const look = block('curl -fsS http://localhost/health');
    expect(labelsOf(`${back(block('make old'))}## After the rollback\n\nCheck it:\n\n${look}`).at(-1)).toBe('verify');
  });

  test.each(['There are two ways to roll back.', 'Es gibt zwei Möglichkeiten.', 'Hay dos formas.'])(
    'ways told by bold lines are done by a person: %s',
    (says) => {
      const ways = `**Fast (recommended)**\n\n${block('make fast')}**Slow**\n\n${block('make slow')}`;
      expect(labelsOf(back(`${says}\n\n${ways}`)).slice(1)).toEqual(['manual', 'manual']);
    },
  );

  test('above the first list it tells when things are taken back at all, of each item', () => {
    const items = `1. Stop it:\n\n${block('make stop', '   ')}2. Start the old one:\n\n${block('make old', '   ')}`;
    expect(labelsOf(back(`If the recovery fails:\n\n${items}`)).slice(1)).toEqual(['rollback', 'rollback']);
    const later = `${block('make old')}If the recovery fails:\n\n${items}`;
    expect(labelsOf(back(later)).slice(1)).toEqual(['rollback', 'manual', 'manual']);
  });

  test('what tells whether things are taken back takes back nothing', () => {
    const criteria = `## Rollback criteria\n\n${block("curl -s http://web/metrics | grep 'errors [1-9]'")}`;
    const text = `# Ops\n\n## Deploy\n\n${block('make deploy')}${criteria}## Rollback\n\n${block('make old')}`;
    expect(labelsOf(text)).toEqual(['run', 'leave_out', 'rollback']);
  });
});

describe('a case told by an item', () => {
  test.each([
    ['numbered', '2. If the disk has failed:\n   1. Take it out:\n'],
    ['a bullet', '- If the primary is down:\n  - Promote the standby:\n'],
    ['its first sentence', '1. If the primary is down, wait a minute. Look at the log.\n\n   - Promote it:\n'],
  ])('reaches what is nested below it: %s', (_, text) => {
    expect(rulesOf(`# Ops\n\n${text}${block('make it', '      ')}`)).toEqual(['condition']);
    expect(rulesOf(`${README}${text}${block('make it', '      ')}`)).toEqual(['says-condition']);
  });

  test('is of what stands before its list, and not of the next list', () => {
    const text = `# Ops\n\nIf it is down:\n\n- Promote it:\n\n${block('make it', '  ')}`;
    expect(rulesOf(`${text}Restart all:\n\n${block('make all')}`)).toEqual(['condition', 'procedure']);
  });

  test('is an answer to the question before it', () => {
    const text = `# Ops\n\nIs it broken?\n\n- **Yes:** mend it:\n\n${block('make it', '  ')}- **No:** go on:\n\n${block('make on', '  ')}`;
    expect(decided(text).map(({ choice }) => choice?.says)).toEqual(['Is it broken? Yes', 'Is it broken? No']);
  });
});

describe('a case that stays open', () => {
  const two = (first: string, between: string) => `${first}\n\n${block('make a')}${between}${block('make b')}`;

  test.each([
    ['nothing is said between', two('Only if the primary is gone:', '')],
    ['it announces more', two('If it is unreachable, do the following.\n\nFence it:', 'Promote the other:\n\n')],
    ['it ends with a colon', two('If it is unreachable:\n\nFence it:', 'Promote the other:\n\n')],
    ['it is bold', two('**In case of data loss**\n\nStop it:', 'Load the backup:\n\n')],
  ])('covers the next block, too, where %s', (_, text) => {
    const all = decided(`# Ops\n\n${text}`);
    expect(all.map(({ rule }) => rule)).toEqual(['condition', 'condition']);
    expect(new Set(all.map(({ choice }) => choice?.input)).size).toBe(1);
    expect(rulesOf(README + text)).toEqual(['says-condition', 'says-condition']);
  });

  test.each([
    ['other words', two('If it is down:', 'Restart it:\n\n')],
    ['a heading', two('**If it is down**\n\nStart it:', '## Then\n\n')],
    ['a bold line', two('**If it is down**\n\nStart it:', '**After that**\n\n')],
    ['a sentence', two('If it is down, do the following:\n\nStart it:', 'In any case, look at it:\n\n')],
  ])('ends with %s', (_, text) => {
    expect(rulesOf(`# Ops\n\n${text}`)).toEqual(['condition', 'procedure']);
  });
});

test('a case in an outer heading is that of the sections below it', () => {
  for (const heading of ['Optional: monitoring', 'Step 8 (optional)', 'Step 9 — only for EU'])
    expect(rulesOf(`# Ops\n\n## ${heading}\n\n### Install\n\n${block('make it')}`)).toEqual(['condition']);
});

test.each([
  '## Failover (emergencies only)',
  '## Deploy (first time only)',
  '## Deploy (staging only)',
  '## Step 9 — only for EU\n\n### Sub',
])('a heading that says "only" in passing names a case: %s', (heading) => {
  expect(rulesOf(`# Ops\n\n${heading}\n\n${block('make it')}`)).toEqual(['condition']);
});

test.each([
  'If the cluster has lost quorum, do the following.',
  'This section is only for clusters that lost quorum.',
  'Only for clusters that lost quorum. It takes an hour.',
])('a case above the first sub-heading is that of all sections below it: %s', (says) => {
  const text = `# Ops\n\n## Deploy\n\n${block('make deploy')}## Restore quorum\n\n${says}\n\n### Reset the members\n\n${block('./reset-members.sh')}### Rejoin\n\n${block('./rejoin.sh')}## Notify\n\n${block('./notify.sh')}`;
  expect(rulesOf(text)).toEqual(['procedure', 'condition', 'condition', 'procedure']);
});

test('"Otherwise" as a heading is for the other case', () => {
  const cases = `## If the key has leaked\n\n${block('make keys')}## Otherwise\n\n${block('make it')}`;
  expect(labelsOf(`# Ops\n\n${cases}`)).toEqual(['leave_out', 'leave_out']);
});

test.each([
  'Only needed when the schema has changed:',
  'Run this only when the queue is empty:',
  'This step is only for the EU region:',
  'For EU customers only:',
  'In an emergency:',
  'For a fresh install:',
  'Every Monday:',
  'Once a month:',
  'If everything else fails:',
])('"%s" is a case', (text) => {
  expect(rulesOf(`# Ops\n\n## Do it\n\n${block('make a')}${text}\n\n${block('make it')}`)).toEqual([
    'procedure',
    'condition',
  ]);
});

test.each(['only if replication is broken', 'optional', 'staging only'])(
  'a case beside one command of several leaves the block to a person: %s',
  (says) => {
    const code = (beside: string) => `systemctl stop shop\n./resync.sh   # ${beside}\nsystemctl start shop`;
    expect(labelsOf(`# Ops\n\n## Do it\n\n${block(code(says))}`)).toEqual(['manual']);
    expect(labelsOf(`# Ops\n\n## Do it\n\n${block(code('takes a minute'))}`)).toEqual(['run']);
    expect(labelsOf(`# Ops\n\n## Do it\n\n${block(`make a\necho "x # ${says}" > y`)}`)).toEqual(['run']);
  },
);

test('a case that says which steps it reaches leaves its block to a person', () => {
  const code = (says: string) =>
    `# 1. Stop\nsystemctl stop shop\n\n# 2. ${says}\n./status.sh --broken\n\n# 3. Copy\n./copy.sh`;
  const labels = (says: string) => labelsOf(`# Ops\n\n## Do it\n\n${block(code(says))}`);
  expect(labels('If it is broken, do steps 3 and 4, otherwise go to 5')).toEqual(['manual']);
  expect(labels('If it is broken, mend it; otherwise skip to 4')).toEqual(['manual']);
  expect(labels('If the replica is broken')).toEqual(['run']);
});

test('the summary of details names a case as a heading does', () => {
  const details = (summary: string) =>
    `<details>\n<summary>${summary}</summary>\n\n${block('./kill.sh')}\n</details>\n\n`;
  const text = `# Ops\n\n## Deploy\n\n${block('make x')}${details('If the deploy hangs')}${details('Only for version 1')}`;
  expect(rulesOf(text)).toEqual(['procedure', 'condition', 'condition']);
});
