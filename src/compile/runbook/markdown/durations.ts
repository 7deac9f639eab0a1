const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };
const MOST = 31 * 86_400_000;

/** `30s`, `5m`, `2h`, `1d`, `500ms`, or seconds without a unit, in milliseconds; undefined when it is none of them. */
export function durationMs(text: string): number | undefined {
  const [, digits = '', unit = 's'] = /^(\d{1,9})\s*(ms|s|m|min|h|d)?$/.exec(text.trim()) ?? [];
  if (digits === '') return undefined;
  const ms = Number(digits) * (UNITS[unit] ?? 1000);
  return ms >= 1 && ms <= MOST ? ms : undefined;
}
