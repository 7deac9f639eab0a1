import { nameOf } from '#ir/name-of.js';
import { visible } from './visible.js';

/**
 * Who asked, as people say it: `gpt`, `ada`, `mara@tidewater.example`, `key:ci`.
 *
 * @param agent the name of the agent whose key it was
 */
export function askerText(by: string, agent: string | null = null): string {
  return visible(agent ?? nameOf(by));
}

/** A target as people say it: `shop/staging`; empty: it names none. */
export function targetText({ app, environment, ...rest }: Readonly<Record<string, unknown>>): string {
  const parts = [app, environment, ...Object.values(rest)];
  return visible(
    parts.filter((part) => (typeof part === 'string' && part !== '') || typeof part === 'number').join('/'),
  );
}
