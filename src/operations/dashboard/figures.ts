/** What the product promises of a room that goes well (requirement KEEP-08). */
export const TARGETS = {
  uptime: { over: 0.995 },
  runSuccess: { over: 0.9 },
  runMedianMs: { under: 120_000 },
  runP95Ms: { under: 600_000 },
  toolAvailability: { over: 0.95 },
  verifierPass: { over: 0.95 },
} as const;
export type FigureName = keyof typeof TARGETS;

/** With fewer there is no number: it would say more about chance than about the room. */
export const ENOUGH: Readonly<Record<FigureName, number>> = {
  uptime: 60,
  runSuccess: 10,
  runMedianMs: 10,
  runP95Ms: 20,
  toolAvailability: 10,
  verifierPass: 10,
};

/** One number against its target. */
export interface Figure {
  readonly name: FigureName;
  /** A share from 0 to 1, or milliseconds; null when there is not enough to tell. */
  readonly value: number | null;
  /** Of how many runs, calls, verdicts or minutes. */
  readonly of: number;
  readonly enough: number;
  readonly target: { readonly over: number } | { readonly under: number };
  readonly met: boolean | null;
}

/** @param part over `of` is the value; of a duration the value itself */
export function figure(name: FigureName, value: number | null, of: number): Figure {
  const target = TARGETS[name];
  const enough = ENOUGH[name];
  const known = value !== null && Number.isFinite(value) && of >= enough ? value : null;
  return { name, value: known, of, enough, target, met: known === null ? null : meets(known, target) };
}

function meets(value: number, target: Figure['target']): boolean {
  return 'over' in target ? value > target.over : value < target.under;
}

/** `part` of `whole`; null of nothing. */
export function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
