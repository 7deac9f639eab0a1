import type { paths } from '../api/schema.js';
import { fineDuration } from '../ui/format.js';

export type Dashboard = paths['/v1/dashboard']['get']['responses'][200]['content']['application/json'];
export type Figure = Dashboard['figures'][number];
export type Slice = Dashboard['slices'][number];

/** What each number is called, of what it is reckoned, and how: docs/dashboard.md in one sentence. */
export const FIGURES: Readonly<Record<Figure['name'], { title: string; of: string; means: string }>> = {
  runSuccess: {
    title: 'Runs that succeed',
    of: 'runs',
    means: 'Of the runs that ended, those that succeeded. Runs that a person ended or took back count neither way.',
  },
  runMedianMs: {
    title: 'Median run',
    of: 'runs',
    means: 'From the first step to the end, waiting for people included. Half of the runs are faster.',
  },
  runP95Ms: {
    title: '95 % of runs within',
    of: 'runs',
    means: 'From the first step to the end, waiting for people included. One run in twenty takes longer.',
  },
  verifierPass: {
    title: 'Verifiers that pass',
    of: 'verdicts',
    means: 'Of all verdicts on all attempts, those that passed; optional verifiers count as well.',
  },
  toolAvailability: {
    title: 'Tools that answer',
    of: 'calls',
    means:
      'Of the calls, those in which the tool and its other side could be reached and answered in time, whatever they said.',
  },
  uptime: {
    title: 'Uptime',
    of: 'minutes',
    means:
      'Of the minutes since the room first looked at itself, those in which it was ready. Stops on purpose count neither way.',
  },
};

const isTime = (name: Figure['name']): boolean => name.endsWith('Ms');

/** A value as it is read: a share in per cent, cut and never rounded up to a target; a time. */
export function valueText(name: Figure['name'], value: number): string {
  return isTime(name) ? fineDuration(value) : percent(value);
}

/** `94.1 %`; 100 % is said of all only. */
export function percent(share: number): string {
  return `${(Math.floor(share * 1000 + 1e-9) / 10).toFixed(share === 1 ? 0 : 1)} %`;
}

export function targetText({ target }: Pick<Figure, 'target'>): string {
  if ('over' in target) return `target over ${percent(target.over).replace('.0', '')}`;
  return `target under ${target.under / 60_000} min`;
}

/** How a figure stands against its target; colour and icon are a state's. */
export function standing({ met }: Figure): { readonly look: 'proven' | 'failed' | 'queued'; readonly word: string } {
  if (met === null) return { look: 'queued', word: 'not enough yet' };
  return met ? { look: 'proven', word: 'met' } : { look: 'failed', word: 'missed' };
}

const TIMES_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000,
];
const HOUR_MS = 3_600_000;

/** A round time at or above the longest, in ms: `30 s`, `2:00`, whole hours. */
export function niceTime(longest: number): number {
  return TIMES_MS.find((time) => time >= longest) ?? Math.ceil(longest / HOUR_MS) * HOUR_MS;
}

/** A round number at or above the largest value, so that an axis ends on it. */
export function niceTop(largest: number): number {
  if (largest <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(largest));
  return ([1, 2, 5, 10].find((step) => step * power >= largest) ?? 10) * power;
}
