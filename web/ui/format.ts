const two = (value: number) => String(value).padStart(2, '0');

/** A length of time in ms as a clock reads it: `0:06`, `20:47`, `1:02:03`, and from two days on `3 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds % 60)}`;
  return `${minutes}:${two(seconds % 60)}`;
}

/** A length of time in ms where milliseconds matter: `7 ms`, `1.28 s`, else as `duration`. */
export function fineDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s` : duration(Math.round(ms / 1000) * 1000);
}

/** The time of day where the reader is: `14:32:07`. */
export function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** A day where the reader is: `2026-11-21`. */
export function day(at: Date): string {
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** The time of day alone today, with its day otherwise. */
export function when(at: Date, now: Date): string {
  return day(at) === day(now) ? clock(at) : `${day(at)} ${clock(at).slice(0, 5)}`;
}

/** A moment in full, with the reader's zone: `2026-11-21 14:32:07 +01:00`. */
export function fullTime(at: Date): string {
  return `${day(at)} ${clock(at)} ${offset(at)}`;
}

/** The zone that times are shown in, for the head of a list of them: `UTC`, `UTC+01:00`. */
export function zone(at: Date): string {
  return at.getTimezoneOffset() === 0 ? 'UTC' : `UTC${offset(at)}`;
}

function offset(at: Date): string {
  const ahead = -at.getTimezoneOffset();
  const [sign, minutes] = [ahead < 0 ? '-' : '+', Math.abs(ahead)];
  return `${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A size in bytes: `812 B`, `2.1 kB`, `14 MB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}

/** A whole number with thin groups of three: `1,284,906`. */
export function count(value: number): string {
  return String(Math.round(value)).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** How many of a thing: `1 step`, `1,200 steps`. */
export function counted(value: number, one: string): string {
  return value === 1 ? `1 ${one}` : `${count(value)} ${one}s`;
}

/** US dollars: `$0.0042`, `$12.30`. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** The short form of a hex digest: `41d0…9ae2`. */
export function shortDigest(digest: string): string {
  return digest.length <= 12 ? digest : `${digest.slice(0, 4)}…${digest.slice(-4)}`;
}

/** How a run is named in speech: ids begin with the time, so their last digits tell runs apart. */
export function shortRun(id: string): string {
  return id.slice(-8);
}
