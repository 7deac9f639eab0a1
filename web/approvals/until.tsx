import { duration, fullTime } from '../ui/format.js';
import { useNow } from '../ui/now.js';

/** How long it is until a moment, by the room's clock. */
export function Until({ at }: { at: string }) {
  const now = useNow(1000);
  return (
    <time className="num" dateTime={at} title={fullTime(new Date(at))}>
      {duration(Date.parse(at) - now.getTime())}
    </time>
  );
}
