/** `90d`, `12h` or `never`; at most ten years. */
export const EXPIRY = /^(?:never|[1-9]\d{0,3}d|[1-9]\d{0,4}h)$/;

const HOUR_MS = 3_600_000;

/** When what is made now expires; null: never. `expiry` has the form of `EXPIRY`. */
export function expiresAt(expiry: string, now: Date): Date | null {
  if (expiry === 'never') return null;
  const hours = Number.parseInt(expiry, 10) * (expiry.endsWith('d') ? 24 : 1);
  return new Date(now.getTime() + hours * HOUR_MS);
}
