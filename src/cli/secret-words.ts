import type { getSecret } from '#operations/secrets/get.js';
import type { SecretView } from '#operations/secrets/view.js';
import { table, time } from './format.js';
import type { Output } from './output.js';

type Shown = Awaited<ReturnType<typeof getSecret.run>>;

/** Where a secret counts, as the end of a sentence: `for staging, app shop`, `for every run`. */
export function placeOf({ environment, app }: Pick<SecretView, 'environment' | 'app'>): string {
  const parts = [environment, app === null ? null : `app ${app}`].filter((part) => part !== null);
  return `for ${parts.length === 0 ? 'every run' : parts.join(', ')}`;
}

/** Where a secret may be sent, as the end of a sentence: `to a.example`, `anywhere`. */
export const hostsText = ({ hosts }: Pick<SecretView, 'hosts'>): string =>
  hosts.length === 0 ? 'anywhere' : `to ${hosts.join(', ')}`;

/** Secrets by name and scope; no value is in it. */
export function secretTable(secrets: readonly SecretView[], { colours }: Output): string {
  const head = ['name', 'environment', 'app', 'may go', 'version', 'set', 'by', 'last used'].map((cell) =>
    colours.dim(cell),
  );
  const rows = secrets.map(({ name, environment, app, hosts, version, earlier, setAt, setBy, lastUse }) => [
    name,
    environment ?? 'every',
    app ?? 'every',
    hostsText({ hosts }),
    versionText({ version, earlier }),
    time(setAt),
    setBy,
    lastUse === null ? 'never' : time(lastUse.at),
  ]);
  return table([head, ...rows]);
}

/** `3, and 2, 1 still masked`: what a step gets, and the earlier versions that are kept so that they stay masked. */
function versionText({ version, earlier }: Pick<SecretView, 'version' | 'earlier'>): string {
  return earlier.length === 0 ? String(version) : `${version}, and ${earlier.join(', ')} still masked`;
}

export function useTable(uses: Shown['uses'], { colours }: Output): string {
  const head = ['used', 'run', 'step', 'from', 'version'].map((cell) => colours.dim(cell));
  const rows = uses.map(({ at, runId, step, source, version }) => [
    time(at),
    runId.slice(-8),
    step,
    source,
    version === null ? '' : String(version),
  ]);
  return table([head, ...rows]);
}

/** What is set outside of the vault, and which of the two wins. */
export function elsewhereText(elsewhere: Shown['elsewhere']): string {
  const named = ({ name, hosts }: Shown['elsewhere'][number]) =>
    hosts.length === 0 ? name : `${name} (${hostsText({ hosts })})`;
  const names = (source: string) => elsewhere.filter((one) => one.source === source).map(named);
  const [environment, file] = [names('environment'), names('file')];
  const parts = [
    environment.length > 0 ? `of the environment, which wins: ${environment.join(', ')}` : '',
    file.length > 0 ? `of secrets.env, over which the vault wins: ${file.join(', ')}` : '',
  ];
  return `Also set: ${parts.filter((part) => part !== '').join('; ')}.`;
}
