import { Cron } from 'croner';
import { wallTime } from '#kit/zone.js';
import type { Quiet } from './rule.js';

/** When the quiet hours that `now` lies in are over, DST included; undefined when it lies in none. */
export function quietUntil({ from, to, zone }: Quiet, now: Date): Date | undefined {
  const time = wallTime(now, zone).toISOString().slice(11, 16);
  const inside = from < to ? time >= from && time < to : time >= from || time < to;
  if (!inside) return undefined;
  const [hour, minute] = to.split(':').map(Number);
  return new Cron(`0 ${minute} ${hour} * * *`, { timezone: zone, paused: true }).nextRun(now) ?? undefined;
}
