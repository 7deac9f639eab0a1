import { Option } from 'commander';
import { type Dashboard, readDashboard } from '#operations/dashboard/read.js';
import { invoke } from '#operations/invoke.js';
import type { CommandModule } from '../command.js';
import { duration, table } from '../format.js';
import type { Output } from '../output.js';
import { withExistingRoom } from '../session.js';

const TITLES: Readonly<Record<Dashboard['figures'][number]['name'], string>> = {
  runSuccess: 'runs that succeed',
  runMedianMs: 'median run',
  runP95Ms: '95 % of runs within',
  verifierPass: 'verifiers that pass',
  toolAvailability: 'tools that answer',
  uptime: 'uptime',
};

export const command: CommandModule = {
  register(command) {
    command.addOption(new Option('--window <time>', 'of how long').choices(['24h', '7d', '30d']).default('7d'));
  },
  examples: ['dashboard', 'dashboard --window 24h --json'],
  run: ({ command, output }) =>
    withExistingRoom(async ({ room }) => {
      const { window } = command.opts<{ window: string }>();
      const board = await invoke(readDashboard, { window }, room);
      output.print(figureTable(board, output));
      output.result(board);
      return 0;
    }),
};

function figureTable({ figures }: Dashboard, { colours }: Output): string {
  const rows = figures.map(({ name, value, of, enough, target, met }) => [
    TITLES[name],
    value === null ? `not enough yet: ${of} of ${enough}` : valueText(name, value),
    'over' in target ? `over ${valueText(name, target.over)}` : `under ${valueText(name, target.under)}`,
    met === null ? '' : met ? 'met' : 'missed',
  ]);
  return table([['figure', 'value', 'target', ''].map((cell) => colours.dim(cell)), ...rows]);
}

/** Shares are cut, so that none reads as more than it is. */
function valueText(name: string, value: number): string {
  return name.endsWith('Ms') ? duration(value) : `${Math.floor(value * 1000 + 1e-9) / 10} %`;
}
