import type { Machine } from '../blocks/machine.js';
import { variantOfIntro } from './variants.js';

const PLATFORMS: Readonly<Record<string, string>> = {
  linux: 'linux',
  macos: 'darwin',
  mac_os: 'darwin',
  mac: 'darwin',
  osx: 'darwin',
  windows: 'win32',
};

/** What has happened: only people can tell which of them it is. */
const SCENARIO = /^(?:scenario|szenario|cenario|escenario)_/;

/** Programs of which a machine has one or the other. That every machine has `mv` says nothing of the way that begins with it. */
const KINDS: readonly RegExp[] = [
  /^(?:npm|npx|yarn|pnpm|bun|deno)$/,
  /^(?:pip3?|pipx|poetry|uv|conda|mamba|pipenv|pdm)$/,
  /^(?:apt(?:[-_]get)?|dnf|yum|brew|port|apk|pacman|zypper|snap|flatpak|nix(?:-env)?|emerge)$/,
  /^(?:docker(?:-compose)?|podman|nerdctl)$/,
  /^(?:systemctl|service|rc-service|launchctl|supervisorctl|initctl|sv)$/,
  /^(?:nginx|apache2?|apachectl|httpd|caddy)$/,
  /^(?:curl|wget|aria2c)$/,
];

/** What a way is called where its program is called otherwise. */
const TOOLS: Readonly<Record<string, string>> = { homebrew: 'brew', docker_compose: 'docker' };

/** The first that the machine has, where the ways differ by that; undefined when it has none, or nobody knows. */
export function preset(values: ReadonlyMap<string, string>, machine: Machine | undefined): string | undefined {
  if (machine === undefined) return undefined;
  const names = [...values.keys()];
  if (names.every((name) => SCENARIO.test(name) || variantOfIntro(name)?.topic === 'environment')) return undefined;
  const platform = names.find((value) => PLATFORMS[value] === machine.platform);
  if (platform !== undefined || names.some((value) => Object.hasOwn(PLATFORMS, value))) return platform;
  for (const kind of KINDS) {
    const programs = names.map((name) => [TOOLS[name] ?? name, values.get(name) ?? ''].find((one) => kind.test(one)));
    if (new Set(programs).size < names.length || programs.includes(undefined)) continue;
    return names.find((_, i) => machine.has(programs[i] ?? ''));
  }
  return undefined;
}
