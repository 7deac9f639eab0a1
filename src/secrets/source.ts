/** Where secrets come from. Values stay in memory and go into a mask and into the one place that uses them. */
export interface SecretSource {
  names(): Promise<string[]>;
  /** Undefined when there is none of that name. */
  read(name: string): Promise<string | undefined>;
}

/** Secrets that the process was started with: the `secrets` of the configuration (name → value). */
export function environmentSecrets(values: ReadonlyMap<string, string>): SecretSource {
  return {
    names: () => Promise.resolve([...values.keys()]),
    read: (name) => Promise.resolve(values.get(name)),
  };
}

/** Several sources as one. The first that has a name wins: give the environment before the file, since it is what somebody set for this very process. */
export function combineSecrets(sources: readonly SecretSource[]): SecretSource {
  return {
    names: async () => [...new Set((await Promise.all(sources.map((source) => source.names()))).flat())].sort(),
    read: async (name) => {
      for (const source of sources) {
        const value = await source.read(name);
        if (value !== undefined) return value;
      }
      return undefined;
    },
  };
}

/** Every secret by name, as `createMask` takes them. */
export async function readAllSecrets(source: SecretSource): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for (const name of await source.names()) {
    const value = await source.read(name);
    if (value !== undefined) all.set(name, value);
  }
  return all;
}
