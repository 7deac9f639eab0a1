import type { Machine } from './machine.js';

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

/** The first that the machine has; undefined when it has none, or nobody knows. */
export function preset(values: ReadonlyMap<string, string>, machine: Machine | undefined): string | undefined {
  if (machine === undefined) return undefined;
  const names = [...values.keys()];
  if (names.every((name) => SCENARIO.test(name))) return undefined;
  const platform = names.find((value) => PLATFORMS[value] === machine.platform);
  if (platform !== undefined || names.some((value) => Object.hasOwn(PLATFORMS, value))) return platform;
  const programs = (value: string) => [TOOLS[value] ?? value, values.get(value) ?? ''];
  return names.find((value) =>
    programs(value).some((program) => /^[a-z][\w.+-]*$/.test(program) && machine.has(program)),
  );
}

/** What a way is called where its program is called otherwise. */
const TOOLS: Readonly<Record<string, string>> = { homebrew: 'brew', docker_compose: 'docker' };
