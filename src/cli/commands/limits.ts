import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { getLimits, updateLimits } from '#operations/limits/limits.js';
import type { CommandModule } from '../command.js';
import { oneLine } from '../format.js';
import { atLeastOne } from '../numbers.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';
import { collect } from '../trigger-plan.js';

interface Options {
  readonly running?: number;
  readonly lane?: string[];
  readonly rate?: string[];
  readonly modelUsd?: string;
}

/** `opsroom limits`: JSON is what `limits.get` answers. */
export const command: CommandModule = {
  register(command) {
    command
      .option('--running <n>', 'runs at once of each asker', atLeastOne)
      .option('--lane <lane=n>', 'runs at once of a lane; several times', collect)
      .option(
        '--rate <name=rate>',
        'how often a tool may be called: tool:http=10/s, 30/m, 100/h or none; or key=200/s, stranger=1/s of the API',
        collect,
      )
      .option('--model-usd <n>', 'US dollars that language models may cost in a day, or none');
  },
  examples: [
    'limits',
    'limits --running 20 --lane B=2',
    'limits --rate tool:http=10/s',
    'limits --rate tool:http=none',
    'limits --model-usd 50',
  ],
  run: ({ command, output }) => {
    const wanted = wantedOf(command.opts<Options>());
    return roomFor(wanted !== undefined)(async ({ room }) => {
      const limits =
        wanted === undefined ? await invoke(getLimits, {}, room) : await invoke(updateLimits, wanted, room);
      show(limits, output);
      output.result(limits);
      return 0;
    });
  },
};

function wantedOf({ running, lane = [], rate = [], modelUsd }: Options) {
  if (running === undefined && lane.length === 0 && rate.length === 0 && modelUsd === undefined) return undefined;
  const rates = rate
    .map((pair) => splitPair(pair, '--rate tool:http=10/s'))
    .map(([name, text]) => [name, rateOf(text)] as const);
  const api = rates.filter(([name]) => name === 'key' || name === 'stranger');
  const calls = rates.filter(([name]) => name !== 'key' && name !== 'stranger');
  const lanes = lane
    .map((pair) => splitPair(pair, '--lane B=2'))
    .map(([name, text]) => [name, numberOf(text, '--lane B=2')] as const);
  return {
    ...(running === undefined ? {} : { runningPerUser: running }),
    ...(modelUsd === undefined
      ? {}
      : { modelUsdPerDay: modelUsd === 'none' ? null : numberOf(modelUsd, '--model-usd 50, or none') }),
    ...(lanes.length === 0 ? {} : { lanes: Object.fromEntries(lanes) }),
    ...(calls.length === 0 ? {} : { calls: Object.fromEntries(calls) }),
    ...(api.length === 0 ? {} : { api: Object.fromEntries(api) }),
  };
}

function splitPair(pair: string, form: string): [string, string] {
  const at = pair.indexOf('=');
  if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
  throw new OpsroomError('USAGE', { what: `"${pair.slice(0, 100)}" is no pair.`, mend: `Write it like ${form}.` });
}

function numberOf(text: string, form: string): number {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text);
  throw new OpsroomError('USAGE', { what: `"${text.slice(0, 100)}" is no number.`, mend: `Write it like ${form}.` });
}

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

function rateOf(text: string): { perSecond: number; burst: number } | null {
  if (text === 'none') return null;
  const [, count = '', unit = ''] = /^(\d{1,5})\/([smh])$/.exec(text) ?? [];
  if (count === '')
    throw new OpsroomError('USAGE', {
      what: `"${text.slice(0, 50)}" is no rate.`,
      mend: 'Write 10/s, 30/m, 100/h or none.',
    });
  const perSecond = Number(count) / SECONDS[unit as keyof typeof SECONDS];
  return { perSecond, burst: Math.max(1, Math.round(perSecond)) };
}

function modelText({ limit, today, unpriced }: Awaited<ReturnType<typeof getLimits.run>>['modelUsd']): string {
  const of = limit === null ? ', without limit' : ` of $${limit.toFixed(2)} a day`;
  const more = unpriced === 0 ? '' : `, and ${unpriced === 1 ? 'a call' : `${unpriced} calls`} of unknown price`;
  return `language models: $${today.toFixed(2)} today${of}${more}`;
}

function show(limits: Awaited<ReturnType<typeof getLimits.run>>, output: Output): void {
  const { runningPerUser, lanes, modelUsd, calls, api, keys } = limits;
  output.print(
    `runs at once of each asker: ${runningPerUser}; of lanes ${lanes.map(({ lane, width }) => `${lane} ${width}`).join(', ')}`,
  );
  output.print(calls.length === 0 ? 'No tool is limited.' : 'tools:');
  for (const { name, perSecond, burst } of calls) output.print(`  ${name}: ${perSecond} a second, ${burst} at once`);
  output.print(
    `the API: ${api.key.perSecond} a second of a key or person, ${api.stranger.perSecond} of a stranger's address`,
  );
  output.print(modelText(modelUsd));
  for (const { key, title, waiting } of keys)
    output.print(`concurrency key ${oneLine(key)}: held by "${oneLine(title)}", ${waiting} wait`);
}
