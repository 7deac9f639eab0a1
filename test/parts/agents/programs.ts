import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const modules = fileURLToPath(new URL('./programs/node_modules/', import.meta.url));
const MACHINE = `${process.platform}-${process.arch}`;

/**
 * The programs themselves, by the names that presets start. What npm puts in their place looks for them, and in the one case
 * is made by an install script.
 */
export const PROGRAMS = {
  claude: `${modules}@anthropic-ai/claude-code-${MACHINE}/claude`,
  codex: codex(`${modules}@openai/codex-${MACHINE}/vendor/`),
} as const;

function codex(vendor: string): string {
  const [triple = 'none'] = existsSync(vendor) ? readdirSync(vendor) : [];
  return `${vendor}${triple}/bin/codex`;
}

/** For `describe.skipIf`: says how to install what is missing. */
export function missingAgents(): boolean {
  const lacking = Object.entries(PROGRAMS).filter(([, path]) => !existsSync(path));
  if (lacking.length === 0) return false;
  const names = lacking.map(([name]) => name).join(', ');
  console.warn(`skipped: ${names} is not installed for ${MACHINE}: npm ci --prefix test/parts/agents/programs`);
  return true;
}

/** Where agents of a test are at home. Not below /tmp: Codex keeps no helpers of its sandbox there. */
export class AgentHome {
  readonly path = mkdtempSync('/var/tmp/opsroom-agents-');
  private readonly bin = join(this.path, 'bin');
  /** What a worker gives its steps at level `none`. */
  readonly env: Readonly<Record<string, string>> = {
    HOME: this.path,
    PATH: `${this.bin}:${process.env['PATH'] ?? ''}`,
  };

  constructor() {
    mkdirSync(this.bin);
    for (const [name, path] of Object.entries(PROGRAMS)) symlinkSync(path, join(this.bin, name));
  }

  close(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Their own word for it: nothing is asked of the network but the model. */
const QUIET = { CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_TELEMETRY: '1', DISABLE_AUTOUPDATER: '1' };

/** How the two are led to a model that is not their vendor's: arguments of the agent tool. */
export function modelArgs(preset: 'claude-code' | 'codex', url: string) {
  if (preset === 'claude-code')
    return { options: [], env: { ...QUIET, ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'a-key' } };
  const provider = `{ name = "Fake", base_url = "${url}/v1", env_key = "CODEX_API_KEY", wire_api = "responses" }`;
  const options = ['-c', 'model_provider="fake"', '-c', `model_providers.fake=${provider}`];
  return { options, env: { CODEX_API_KEY: 'a-key' } };
}
