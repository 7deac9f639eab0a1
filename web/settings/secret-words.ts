import type { paths } from '../api/schema.js';

export type Secrets = paths['/v1/secrets']['get']['responses'][200]['content']['application/json'];
export type Secret = Secrets['secrets'][number];

/** Where a secret counts, as the end of a sentence: `for staging, app shop`, `for every run`. */
export function placeOf({ environment, app }: Pick<Secret, 'environment' | 'app'>): string {
  const parts = [environment, app === null ? null : `app ${app}`].filter((part) => part !== null);
  return `for ${parts.length === 0 ? 'every run' : parts.join(', ')}`;
}

/** The hosts of a field, where commas or spaces part them. */
export const hostsIn = (text: string): string[] => text.split(/[\s,]+/).filter((host) => host !== '');

/** Where a secret may be sent, in a few words. */
export const hostsText = (hosts: readonly string[]): string => (hosts.length === 0 ? 'anywhere' : hosts.join(', '));

/** What is set outside of the vault, and which of the two wins: up to two sentences. */
export function elsewhereWords(elsewhere: Secrets['elsewhere']): string[] {
  const named = ({ name, hosts }: Secrets['elsewhere'][number]) =>
    hosts.length === 0 ? name : `${name} (for ${hosts.join(', ')})`;
  const names = (source: string) => elsewhere.filter((one) => one.source === source).map(named);
  const [environment, file] = [names('environment'), names('file')];
  return [
    ...(environment.length > 0 ? [`The environment of the room also sets ${environment.join(', ')}, and wins.`] : []),
    ...(file.length > 0 ? [`secrets.env also sets ${file.join(', ')}; what is set here wins.`] : []),
  ];
}

/** The members of a scope that were filled in. */
export function scopeOf(environment: string, app: string): { environment?: string; app?: string } {
  return {
    ...(environment.trim() === '' ? {} : { environment: environment.trim() }),
    ...(app.trim() === '' ? {} : { app: app.trim() }),
  };
}
