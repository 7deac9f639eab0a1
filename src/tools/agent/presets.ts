export const PRESETS = ['claude-code', 'codex', 'cursor'] as const;
export type Preset = (typeof PRESETS)[number];

export interface Start {
  readonly prompt: string;
  /** Further arguments of the program. */
  readonly options: readonly string[];
  /** Whether the step keeps it from the machine; without that it may edit files, and is not told to run whatever it likes. */
  readonly isSandboxed: boolean;
  /** US dollars. Who can ends itself in time: what it used is only told at the end. */
  readonly budgetUsd?: number | undefined;
}

export interface Command {
  readonly argv: [string, ...string[]];
  /** Undefined where the program takes its task as an argument. */
  readonly stdin?: string;
  /** Variables without which it does not start. */
  readonly env?: Readonly<Record<string, string>>;
}

const JSON_LINES = ['--output-format', 'stream-json'];

/** How a known agent is started without a person: it says what it does as JSON lines, and asks nobody. */
const STARTS: Readonly<Record<Preset, (start: Start) => Command>> = {
  'claude-code': ({ prompt, options, isSandboxed, budgetUsd }) => {
    const mode = isSandboxed ? 'bypassPermissions' : 'acceptEdits';
    const budget = budgetUsd === undefined ? [] : ['--max-budget-usd', String(budgetUsd)];
    return {
      argv: ['claude', '-p', ...JSON_LINES, '--verbose', '--permission-mode', mode, ...budget, ...options],
      stdin: prompt,
      // Without it, it refuses that mode to root.
      ...(isSandboxed ? { env: { IS_SANDBOX: '1' } } : {}),
    };
  },
  codex: ({ prompt, options, isSandboxed }) => {
    // Its own sandbox is bubblewrap too, and cannot be made in another one: none of its commands would start.
    const sandbox = isSandboxed ? ['--dangerously-bypass-approvals-and-sandbox'] : ['--sandbox', 'workspace-write'];
    return { argv: ['codex', 'exec', '--json', ...sandbox, ...options, '-'], stdin: prompt };
  },
  cursor: ({ prompt, options, isSandboxed }) => ({
    argv: ['cursor-agent', '-p', ...(isSandboxed ? ['--force'] : []), ...JSON_LINES, ...options, '--', prompt],
  }),
};

export const commandOf = (preset: Preset, start: Start): Command => STARTS[preset](start);
