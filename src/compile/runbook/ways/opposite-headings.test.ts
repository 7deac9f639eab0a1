import { describe, expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';
import { thingOf } from './opposite-headings.js';

const { contracts } = builtIn();
const section = (heading: string, i: number) => `## ${heading}\n\n\`\`\`bash\nmake task-${i}\n\`\`\`\n\n`;
const compiled = async (headings: readonly string[], anchor?: string) =>
  compileRunbook(
    {
      text: `# Shop\n\n${headings.map(section).join('')}`,
      file: 'ops.md',
      ...(anchor === undefined ? {} : { anchor }),
    },
    contracts,
  );
const inputsOf = async (headings: readonly string[]) =>
  (await compiled(headings)).plan.inputSchema as {
    properties?: Record<string, { enum?: string[] }>;
    required?: string[];
  };

describe('headings of which one takes back the other', () => {
  test.each([
    ['Scaling up', 'Scaling down', ''],
    ['Lock a user', 'Unlock a user', 'user'],
    ['Turn the flag on', 'Turn the flag off', 'flag'],
    ['Enable maintenance mode', 'Disable maintenance mode', 'maintenance mode'],
    ['Attach the volume', 'Detach the volume', 'volume'],
    ['Konto sperren', 'Konto entsperren', 'sperren'],
    ['Activar el modo', 'Desactivar el modo', 'modo'],
    ['Add a user', 'Remove a user', 'user'],
    ['Adding a node to the pool', 'Removing a node from the pool', 'node to pool'],
    ['Create the database', 'Drop the database', 'database'],
    ['Create a topic', 'Delete the topic', 'topic'],
    ['Open the port', 'Close the port', 'port'],
    ['Allow an address', 'Block an address', 'address'],
    ['Benutzer anlegen', 'Benutzer löschen', 'benutzer'],
    ['Port öffnen', 'Port schließen', 'port'],
    ['Ajouter un nœud', 'Supprimer un nœud', 'un nœud'],
    ['Turning on maintenance mode', 'Turning off maintenance mode', 'maintenance mode'],
    ['Turn on maintenance mode', 'Take the site out of maintenance mode', 'maintenance mode'],
    ['Put the site into maintenance mode', 'Take the site out of maintenance mode', 'maintenance mode'],
    ['Putting a host in maintenance', 'Bringing the host out of maintenance', 'maintenance'],
    ['Enter safe mode', 'Leave safe mode', 'safe mode'],
    ['Shift traffic to green', 'Shift traffic back to blue', 'traffic'],
    ['Shifting traffic over to green', 'Shifting traffic back', 'traffic'],
    ['Switch to the standby', 'Switch back to the primary', ''],
    ['添加节点', '删除节点', '节点'],
    ['启用服务', '禁用服务', '服务'],
  ])('%s, %s', (does, undoes, thing) => {
    expect(thingOf(undoes, does)).toBe(thing);
  });

  test.each([
    ['another thing', 'Start the new version', 'Stop the old version'],
    ['the other order: a restart', 'Stop the service', 'Start the service'],
    ['the same twice', 'Scaling up', 'Scaling up'],
    ['done anew', 'Build the index', 'Rebuild the index'],
    ['made anew', 'Delete the index', 'Create the index'],
    ['another host', 'Put web-1 into maintenance', 'Take web-2 out of maintenance'],
    ['taken out first', 'Take the host out of rotation', 'Put the host back into rotation'],
    ['to somewhere else', 'Shift traffic to green', 'Move the disk back to blue'],
    ['another word', 'Address the issue', 'Remove the issue'],
    ['one that is only longer', 'Tag it', 'Staging it'],
  ])('%s is none', (_, does, undoes) => {
    expect(thingOf(undoes, does)).toBeUndefined();
  });
});

test('nobody but people can say which of them is meant', async () => {
  const { required, properties } = await inputsOf(['Prepare', 'Scaling up', 'Scaling down']);
  expect(required).toEqual(['scaling_up_or_scaling_down']);
  expect(properties?.['scaling_up_or_scaling_down']?.enum).toEqual(['scaling_up', 'scaling_down']);
});

test('what else is done to the same thing behind them is one more of them', async () => {
  const { properties } = await inputsOf([
    'Enable the cache',
    'Disable the cache',
    'Restart the cache',
    'Tell the team',
  ]);
  expect(Object.values(properties ?? {}).map(({ enum: values }) => values)).toEqual([
    ['enable_the_cache', 'disable_the_cache', 'restart_the_cache'],
  ]);
});

test.each([
  ['numbers tell an order', ['1. Enable the mode', '2. Disable the mode']],
  ['what stands between them is done meanwhile', ['Enable the mode', 'Upgrade', 'Disable the mode']],
  ['a restart', ['Pause', 'Stop the service', 'Start the service']],
])('all is done where %s', async (_, headings) => {
  const { plan } = await compiled(headings);
  expect(plan.steps.map((step) => step.if)).toEqual(headings.map(() => undefined));
});

describe('where more is done in the first', () => {
  const two = async (does: string, undoes: string) => {
    const first = `${section(does, 0)}Upgrade it:\n\n\`\`\`bash\nmake upgrade\n\`\`\`\n\n`;
    return compileRunbook({ text: `# Shop\n\n${first}${section(undoes, 1)}`, file: 'ops.md' }, contracts);
  };

  test('the second ends one procedure', async () => {
    const { plan } = await two('Drain the node', 'Uncordon the node');
    expect(plan.steps.map(({ args }) => args['run'])).toEqual(['make task-0', 'make upgrade', 'make task-1']);
  });

  test.each([
    ['Scaling up', 'Scaling down', 'scaling_up_or_scaling_down'],
    ['Add a user', 'Remove a user', 'add_a_user_or_remove_a_user'],
  ])('nobody does for a while only: which is meant is asked: %s', async (does, undoes, input) => {
    const { plan } = await two(does, undoes);
    expect(plan.inputSchema).toMatchObject({ required: [input] });
  });

  test.each([
    ['Open the port', 'Close the port'],
    ['Create a temporary user', 'Delete the temporary user'],
  ])('what is there for a while is taken back behind it: %s', async (does, undoes) => {
    const { plan } = await two(does, undoes);
    expect(plan.inputSchema).toBeUndefined();
  });
});
