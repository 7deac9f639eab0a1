export const PRESETS = ['claude-code', 'codex', 'cursor'] as const;
export type Preset = (typeof PRESETS)[number];

export interface Start {
  readonly prompt: string;
  /** Further arguments of the program. */
  readonly options: readonly string[];
  /** Whether the step keeps it from the machine; without that it may edit files, and is not told to run whatever it likes. */
  readonly isSandboxed: boolean;
}

export interface Command {
  readonly argv: [string, ...string[]];
  /** Undefined where the program takes its task as an argument. */
  readonly stdin?: string;
}

const JSON_LINES = ['--output-format', 'stream-json'];

/** How a known agent is started without a person: it says what it does as JSON lines, and asks nobody. */
const STARTS: Readonly<Record<Preset, (start: Start) => Command>> = {
  'claude-code': ({ prompt, options, isSandboxed }) => {
    const mode = isSandboxed ? 'bypassPermissions' : 'acceptEdits';
    return { argv: ['claude', '-p', ...JSON_LINES, '--verbose', '--permission-mode', mode, ...options], stdin: prompt };
  },
  codex: ({ prompt, options }) => ({
    argv: ['codex', 'exec', '--json', '--sandbox', 'workspace-write', ...options, '-'],
    stdin: prompt,
  }),
  cursor: ({ prompt, options, isSandboxed }) => ({
    argv: ['cursor-agent', '-p', ...(isSandboxed ? ['--force'] : []), ...JSON_LINES, ...options, '--', prompt],
  }),
};

export const commandOf = (preset: Preset, start: Start): Command => STARTS[preset](start);
