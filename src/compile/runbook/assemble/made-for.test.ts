import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { lockEntry, makeLock } from '../review/review.js';
import { compileRunbook, readRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;

const textOf = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);

/** Of each compensation: what it runs or asks, and the steps of which any must have been called. */
async function backs(steps: readonly string[], undo: readonly string[]) {
  const text = `# Release\n\n## Steps\n\n${steps.map(block).join('')}## Rollback\n\n${undo.map(block).join('')}`;
  const { plan, explanation } = await compileRunbook({ text, file: 'r.md' }, contracts);
  const order = plan.steps.map(({ id }) => id);
  const found = plan.steps.flatMap(({ id, rollback = [] }) =>
    rollback.map(({ args, alsoUndoes = [] }) => ({
      does: textOf(args['run'], 'ask'),
      asks: textOf(args['instructions'], ''),
      of: [id, ...alsoUndoes].map((one) => order.indexOf(one)).toSorted((a, b) => a - b),
    })),
  );
  return { found, plan, explanation };
}

const BACKUP = 'pg_dump shop > /backup/shop.sql';
const STOP = 'systemctl stop shop';
const MIGRATE = './migrate.sh';
const RESTORE = 'psql shop < /backup/shop.sql';

test('what restores is not done where the change that it takes back was not begun', async () => {
  const { found, explanation } = await backs([BACKUP, STOP, MIGRATE], [RESTORE, 'systemctl start shop']);
  expect(found.filter(({ does }) => does !== 'ask').map(({ does, of }) => [does, of])).toEqual([
    [RESTORE, [2]],
    ['systemctl start shop', [0, 1, 2]],
  ]);
  const said = explanation.steps.find(({ firstLine }) => firstLine === RESTORE);
  expect(said?.why).toContain('from r.md:');
  expect(explanation.steps.find(({ firstLine }) => firstLine === MIGRATE)?.id).toBe(said?.id);
});

test('the blocks of a rollback keep their order, whichever steps they are for', async () => {
  const { plan } = await backs([BACKUP, STOP, MIGRATE], ['systemctl start shop', RESTORE]);
  expect(plan.steps.map(({ rollback = [] }) => rollback.length > 0)).toEqual([false, false, true]);
});

test.each([
  ['a script that may do anything', [MIGRATE, './switch.sh'], 'rm -rf /srv/new'],
  ['what nobody knows takes back all', [BACKUP, STOP, MIGRATE], './rollback.sh'],
  ['a folder that was made is removed', ['mkdir -p /srv/new', STOP, MIGRATE], 'rm -rf /srv/new'],
  ['what was moved is moved back', ['mv /srv/data /srv/data.bak', STOP, MIGRATE], 'mv /srv/data.bak /srv/data'],
  ['a file put in place', ['cp release/app /srv/app', STOP, MIGRATE], 'cp /srv/app.old /srv/app'],
  ['a file that is written', ['echo new > /srv/state', STOP, MIGRATE], 'cp /srv/state.bak /srv/state'],
  ['starting anew does no harm', [BACKUP, STOP, MIGRATE], 'systemctl restart shop'],
  ['what was restarted', ['systemctl restart shop', MIGRATE], 'rm -rf /srv/new'],
  ['a link points to one thing', ['mkdir -p /srv/b', STOP, 'ln -sfn b live'], 'ln -sfn a live'],
  ['nothing but preparations', [BACKUP, STOP], RESTORE],
  [
    'the folder that is unpacked into is no copy',
    ['./release.sh', 'rsync -a new/ /srv/app'],
    'tar -C /srv/app -xzf app.tgz\n./up.sh',
  ],
  [
    'what was made is put out of the way',
    ['./pack.sh', 'cp out/*.tgz /srv/rel/'],
    'mv /srv/rel/*.tgz "/srv/rel/withdrawn/"',
  ],
  ['sums are no copy', ['./pack.sh', 'sha256sum *.tgz > SUMS'], 'mv SUMS /srv/x'],
  ['nor is the database', ['./migrate.sh', 'pg_dump -f after.sql shop'], 'pg_restore -d shop before.dump\n./up.sh'],
])('as before, all is taken back: %s', async (_, steps, undo) => {
  const { found } = await backs(steps, [undo]);
  const all = steps.map((_step, at) => at);
  expect(found.map(({ of }) => of)).toEqual(found.map(() => all));
  expect(found.map(({ asks }) => asks).join('')).not.toContain('where only a step before that');
});

test.each([
  [
    'a copy that it reads',
    ['cp -a /srv/data /srv/data.1', STOP, MIGRATE],
    'rsync -a --delete /srv/data.1 /srv/data',
    2,
  ],
  ['a script named so', ['./backup.sh', STOP, MIGRATE], 'rm -rf /srv/data\ntar -xzf /backup/data.tgz -C /srv', 2],
  ['the last revision', [BACKUP, 'kubectl set image deploy/web web=web:2'], 'kubectl rollout undo deploy/web', 1],
  ['the last release', ['./prepare.sh', 'helm upgrade web ./chart', 'make smoke'], 'helm rollback web', 1],
  ['the last migration', [STOP, 'alembic upgrade head', './start.sh'], 'alembic downgrade -1', 1],
  [
    'a script that may have made one',
    ['./deploy.sh', 'kubectl apply -f web.yaml'],
    'kubectl rollout undo deploy/web',
    0,
  ],
])('from the step on that it can be told to take back: %s', async (_, steps, undo, from) => {
  const { found } = await backs(steps, [undo]);
  expect([...new Set(found.map(({ of }) => of[0]))]).toEqual([from]);
});

test.each([
  ['another file is removed', ['mkdir -p backups', 'touch flag', MIGRATE], 'cp backups/a.db a.db\nrm -f other', 2],
  [
    'the folder of the copy is no change',
    ['mkdir -p backups\nhead -c 5000 shop.db > backups/shop-before.db', 'touch m.flag', MIGRATE],
    'cp backups/shop-before.db shop.db\nrm -f n.flag',
    2,
  ],
  [
    'moved back from where a step put it',
    [
      'openssl req -new -out new/a.csr',
      'openssl x509 -req -in new/a.csr -out new/a.crt',
      'cp -a live live.old\ncp new/* live/',
    ],
    'rm -rf live\nmv live.old live',
    2,
  ],
  ['an archive', ['./prepare.sh', 'tar czf site.tgz site\n./deploy.sh'], 'tar xzf site.tgz', 1],
  ['a dump', ['./prepare.sh', 'sqlite3 app.db ".backup \'app.bak\'"\n./deploy.sh'], 'cp app.bak app.db', 1],
  [
    'an archive behind its folder',
    ['./prepare.sh', 'tar -C /srv -czf s.tgz a\n./deploy.sh'],
    'tar -C /srv -xf s.tgz',
    1,
  ],
  ['fed to a program', ['./prepare.sh', 'pg_dump -f shop.sql shop\n./deploy.sh'], 'psql shop < shop.sql\n./up.sh', 1],
])('not before the copy that it reads was made: %s', async (_, steps, undo, from) => {
  const { found } = await backs(steps, [undo]);
  expect([...new Set(found.map(({ of }) => of[0]))]).toEqual([from]);
});

test('what was changed before the copy was made is named as not taken back', async () => {
  const { plan } = await backs(['./prepare.sh', 'cp -a live live.old\n./deploy.sh'], ['rm -rf live\nmv live.old live']);
  const [prepare] = plan.steps.filter(({ kind }) => kind !== 'system');
  expect(prepare?.rollback).toBeUndefined();
});

test.each([
  ['it makes the copy and goes on', 'cp -a live live.old\n./deploy.sh', 'rm -rf live\nmv live.old live'],
  ['it moves aside what is there', 'tar xf new.tgz\nmv live live.old\nmv new live', 'rm -rf live\nmv live.old live'],
  ['into a folder', 'cp -a live /backup/\n./up.sh', 'rm -rf live\ncp -a /backup/live .'],
  ['in other braces', 'tar czf "$B" live\n./up.sh', 'rm -rf live\ntar xzf "${B}"'],
  ['from another folder', 'cd /srv\ncp shop.db shop.db.bak\n./up.sh', 'cp /srv/shop.db.bak /srv/shop.db'],
  ['by another program', 'pg_dump -c shop > f.sql\n./up.sh', 'psql -d shop -f f.sql'],
  ['it is told by no name', './deploy.sh', 'rm -rf live\ncp -a "$BACKUP" live'],
])(
  'where the block failed that a restore takes back, that asks, as the copy may not be whole: %s',
  async (_, does, undo) => {
    const { plan } = await reviewed([does], [undo]);
    const [asking] = plan.steps[0]?.rollback ?? [];
    expect(asking?.args['asks']).toEqual({ unlessDone: plan.steps[0]?.id });
    expect(asking?.args['instructions']).toMatch(/r\.md:\d+\S* failed, .*may not be whole/);
  },
);

test('where a block of its own makes the copy, a reviewed restore asks nobody', async () => {
  const { plan } = await reviewed(['cp -a live live.old', './deploy.sh'], ['rm -rf live\nmv live.old live']);
  expect(plan.steps[1]?.rollback).toHaveLength(1);
});

test('a block that restores and starts what was stopped before asks, and says what for', async () => {
  const { found, explanation } = await backs([BACKUP, STOP, MIGRATE], [`${RESTORE}\nsystemctl start shop`]);
  expect(found.map(({ of }) => of)).toEqual([
    [0, 1, 2],
    [0, 1, 2],
  ]);
  expect(found[0]?.asks).toMatch(
    /from r\.md:\d+\S* on, and is carried out, too, where only a step before that was done/,
  );
  expect(explanation.steps.at(-1)?.why).toContain('where only a step before that was done');
});

test('what others need the folder or the variables of is done with them, and asks', async () => {
  const { found } = await backs(
    [BACKUP, STOP, MIGRATE],
    [`cd /srv/shop\nTAG=old\n${RESTORE}`, 'docker compose up -d "web-$TAG"'],
  );
  expect(found.at(-1)?.of).toEqual([0, 1, 2]);
  expect(found[0]?.does).toBe('ask');
  expect(found[0]?.asks).toContain('where only a step before that was done');
});

const LAST = 'also where the step that failed made none';

test.each([
  'git revert --no-edit HEAD',
  'git reset --hard HEAD~1',
  'alembic downgrade -1',
  'rails db:rollback',
  'kubectl rollout undo deploy/web',
  'kubectl -n prod rollout undo deploy/web --to-revision=0',
  'helm rollback web --wait --timeout 5m',
  'helm -n prod rollback "$NAME" 0',
  'docker service rollback web',
  'docker service update --rollback web',
  'kubectl argo rollouts undo web',
  'argocd app rollback web',
  'heroku rollback -a web',
  'cap production deploy:rollback',
  'eb deploy --version previous',
  'eb deploy prod --version=previous',
  'nomad job revert web -1',
  'git revert --no-edit HEAD~2..HEAD',
  'git checkout -',
  'ln -sfn "$(ls -1d /srv/releases/* | tail -n 2 | head -n 1)" /srv/current',
])('what takes back the last one asks: %s', async (undo) => {
  const { found } = await backs(['NAME=web\ngit commit -qam ttl'], [undo]);
  expect(found.map(({ does }) => does)).toEqual(['ask', undo]);
  expect(found[0]?.asks).toContain(LAST);
});

test.each([
  'git revert --no-edit "$SHA"',
  'git checkout HEAD -- zone',
  'alembic downgrade ae1027a6acf',
  'kubectl rollout undo deploy/web --to-revision=3',
  'kubectl rollout undo deploy/web --to-revision "$SHA"',
  'helm rollback web 3 -n prod',
  'helm rollback web "$SHA" --wait',
  'kubectl argo rollouts undo web --to-revision=3',
  'argocd app rollback web 12',
  'heroku rollback v12 -a web',
  'eb deploy --version app-v12',
  'eb deploy --version "$SHA"',
  'nomad job revert web 3',
  'cap production deploy:rollback ROLLBACK_RELEASE=20240101',
  'git revert --no-edit "$SHA"..HEAD',
  'ln -sfn /srv/releases/20240101 /srv/current',
])('what names the one that it takes back does not: %s', async (undo) => {
  const { found } = await backs(['SHA=$(git rev-parse main)', 'alembic upgrade head'], [undo]);
  expect(found.map(({ asks }) => asks).join('')).not.toContain(LAST);
});

test('it is for the steps behind what only makes ready, whichever options stand before the command', async () => {
  const { found } = await backs([BACKUP, 'helm -n prod upgrade web ./chart'], ['helm -n prod rollback web']);
  expect(found.map(({ of }) => of)).toEqual([[1], [1]]);
});

/** As when its author has reviewed it. */
async function reviewed(steps: readonly string[], undo: readonly string[]) {
  const text = `# Release\n\n## Steps\n\n${steps.map(block).join('')}## Rollback\n\n${undo.map(block).join('')}`;
  const source = { text, file: 'r.md' };
  const { decisions, settings } = await readRunbook(source);
  const entries = decisions.map((decision) => lockEntry(decision));
  return compileRunbook({ ...source, lock: makeLock(entries, settings) }, contracts);
}

test('it asks in each run, and so does what publishes, though the file was reviewed', async () => {
  const { plan } = await reviewed(['git commit -qam ttl'], ['git revert HEAD\ngit push']);
  const [asked] = plan.steps[0]?.rollback ?? [];
  expect(asked?.args['instructions']).toMatch(/it pushes or publishes; it takes back the last change/);
});

test('what is taken back in some case only says so, and that it may be left out', async () => {
  const text = `# Leak\n\n## Steps\n\n${block('mv key revoked')}## Rollback\n\nOnly if it was a false alarm:\n\n${block('mv revoked key')}`;
  const { plan } = await compileRunbook({ text, file: 'r.md' }, contracts);
  expect(plan.steps[0]?.rollback?.[0]?.args['instructions']).toMatch(
    /^This takes back .*"Only if it was a false alarm".* leave it out/,
  );
});

test('settings that are put back early change nothing: nobody is asked', async () => {
  const { found } = await backs(
    ['cp app.conf app.conf.bak', STOP, 'cp new.conf app.conf'],
    ['cp app.conf.bak app.conf\nsystemctl start shop'],
  );
  expect(found.map(({ does, of }) => [does === 'ask', of])).toEqual([[false, [0, 1, 2]]]);
});

test('what was stopped and is not started again stays named as not undone; a backup leaves nothing to undo', async () => {
  const { plan } = await backs([BACKUP, STOP, MIGRATE], [RESTORE]);
  const undone = plan.steps.filter(({ kind }) => kind !== 'system').map(({ rollback }) => rollback !== undefined);
  expect(undone).toEqual([true, false, true]);
});
