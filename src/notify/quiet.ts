import { Cron } from 'croner';
import type { Quiet } from './rule.js';

/** When the quiet hours that `now` lies in are over, DST included; undefined when it lies in none. */
export function quietUntil({ from, to, zone }: Quiet, now: Date): Date | undefined {
  const time = localTime(now, zone);
  const inside = from < to ? time >= from && time < to : time >= from || time < to;
  if (!inside) return undefined;
  const [hour, minute] = to.split(':').map(Number);
  return new Cron(`0 ${minute} ${hour} * * *`, { timezone: zone, paused: true }).nextRun(now) ?? undefined;
}

/** `07:30`, as the clocks of a zone show it. */
function localTime(at: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}
