/** Where a run works, as far as secrets tell places apart. */
export interface Target {
  readonly environment?: string | undefined;
  readonly app?: string | undefined;
}

/** Where a secret counts; an empty name means everywhere. */
export interface Scope {
  readonly environment: string;
  readonly app: string;
}

/** Whether a run on this target may see what is kept for this scope. */
export function counts(scope: Scope, target: Target): boolean {
  const fits = (wanted: string, found: string | undefined) => wanted === '' || wanted === found;
  return fits(scope.environment, target.environment) && fits(scope.app, target.app);
}

/** Both named says more than the environment alone, that more than the app alone, that more than nothing. */
const weight = ({ environment, app }: Scope): number => (environment === '' ? 0 : 2) + (app === '' ? 0 : 1);

/** Of each name the one that says most about where it counts, of those that count on the target. */
export function mostSpecific<S extends Scope & { readonly name: string }>(
  secrets: readonly S[],
  target: Target,
): ReadonlyMap<string, S> {
  const chosen = new Map<string, S>();
  for (const secret of secrets) {
    if (!counts(secret, target)) continue;
    const known = chosen.get(secret.name);
    if (known === undefined || weight(secret) > weight(known)) chosen.set(secret.name, secret);
  }
  return chosen;
}

/** A scope in words: `staging`, `app shop`, `staging, app shop`, `everywhere`. */
export function scopeWords({ environment, app }: Scope): string {
  const parts = [environment, app === '' ? '' : `app ${app}`].filter((part) => part !== '');
  return parts.length === 0 ? 'everywhere' : parts.join(', ');
}
