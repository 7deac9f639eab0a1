/** What becomes of a time while the run before goes on. */
export const OVERLAPS = [
  ['skip', 'skip this time'],
  ['queue', 'begin after it'],
  ['cancel', 'cancel the older run'],
  ['allow', 'let both run'],
] as const;

/** What becomes of times in which no process of the room was there. */
export const CATCH_UPS = [
  ['none', 'leave them out'],
  ['last', 'begin the last of them'],
  ['all', 'begin all of them, up to ten'],
] as const;

export type Overlap = (typeof OVERLAPS)[number][0];
export type CatchUp = (typeof CATCH_UPS)[number][0];

/** Every zone that this browser knows, with UTC, which some leave out. */
export function zones(): readonly string[] {
  const known = Intl.supportedValuesOf('timeZone');
  return known.includes('UTC') ? known : ['UTC', ...known];
}

/** What became of a time: `started`, `missed ×12`. */
export function fireText({ state, times }: { readonly state: string; readonly times: number }): string {
  return times > 1 ? `${state} ×${times}` : state;
}

/** `2026-10-25T02:30+02:00` as people read it: `2026-10-25 02:30 (+02:00)`. */
export function localText(local: string): string {
  return local.replace('T', ' ').replace(/([+-]\d\d:\d\d)$/, ' ($1)');
}
