/** `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${pad(minutes % 60)} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** `812 B`, `4.2 KiB`, `16 MiB`. */
export function size(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let at = 0;
  for (; value >= 1024 && at < units.length - 1; at++) value /= 1024;
  return `${at === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[at]}`;
}

/** US dollars: `$0.0042`, `$12.30`. */
export function dollars(usd: number): string {
  return `$${usd.toFixed(usd < 1 ? 4 : 2)}`;
}

/** Local time with its offset from UTC: `2026-11-21 03:06:09 +01:00`. */
export function time(at: string | Date): string {
  const date = new Date(at);
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString();
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${zone}`;
}

const pad = (n: number): string => String(n).padStart(2, '0');

/**
 * Text of strangers on one line of a terminal: without control characters, which could move the cursor or rewrite what
 * stands there.
 */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** As `oneLine`, of text that has lines: each with the blanks that it begins with, as whoever pastes it needs it. */
export function linesOf(text: string): string[] {
  return text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.replaceAll(/(?!\t)\p{Cc}+/gu, ' ').trimEnd());
}

/** A log's line for a terminal: colours stay, all other control sequences go. */
export function logLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control sequences are what this is about.
  return text.replaceAll(
    /\u001B\[[0-9;:]*m|\u001B\][^\u0007\u001B]*(?:\u0007|\u001B\\)?|\u001B\[[0-?]*[ -/]*[@-~]|(?!\t)\p{Cc}/gu,
    (found) => (/^\u001B\[[0-9;:]*m$/.test(found) ? found : ''),
  );
}

const PLAIN = /\u001B\[[0-9;]*m/g;

const width = (cell: string): number => cell.replaceAll(PLAIN, '').length;

/** Rows as columns, two blanks between them; colours do not count as width. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...rows.map((row) => width(row[i] ?? ''))));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat((widths[i] ?? 0) - width(cell)))).join('  ');
  return rows.map((row) => line(row).trimEnd()).join('\n');
}
