import { clock, day, duration, fullTime, when } from './format.js';
import { useNow } from './now.js';

/** A moment; its title gives it in full with the zone. `null` shows a dash. */
export function Time({ at, seconds = false }: { at: string | null; seconds?: boolean }) {
  const now = useNow(60_000);
  if (at === null) return <span className="dim">–</span>;
  const moment = new Date(at);
  return (
    <time dateTime={at} title={fullTime(moment)}>
      {seconds && day(moment) === day(now) ? clock(moment) : when(moment, now)}
    </time>
  );
}

/** How long something has taken since a moment, going on each second by the room's clock. */
export function Since({ at }: { at: string }) {
  const now = useNow(1000);
  return (
    <time className="num" dateTime={at} title={`since ${fullTime(new Date(at))}`}>
      {duration(now.getTime() - Date.parse(at))}
    </time>
  );
}
