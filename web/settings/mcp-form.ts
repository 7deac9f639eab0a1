/** Text with one `name = value` a line, as an object. Lines without a sign are left to whoever reads the rest. */
export function pairsOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.includes('='));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** A command line as a program and its arguments: words, and what stands in quotes. No shell reads them. */
export function wordsOf(line: string): string[] {
  const found = line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g);
  return [...found].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
}

export const WAYS = [
  ['http', 'Address'],
  ['stdio', 'Program'],
  ['sse', 'Old SSE'],
] as const;
export type Way = (typeof WAYS)[number][0];

export interface McpForm {
  readonly name: string;
  readonly way: Way;
  /** The address, or the command line. */
  readonly where: string;
  /** Headers, or the environment: one a line. */
  readonly values: string;
}

export const EMPTY_FORM: McpForm = { name: '', way: 'http', where: '', values: '' };

/** What `POST /v1/mcp/servers` takes for what was typed. */
export function bodyOf({ name, way, where, values }: McpForm) {
  const pairs = pairsOf(values);
  if (way !== 'stdio') return { name, transport: way, url: where.trim(), headers: pairs };
  const [command = '', ...args] = wordsOf(where);
  return { name, transport: way, command, args, env: pairs };
}

/** Why the form cannot be sent yet. */
export function formLacks({ name, way, where }: McpForm): string | undefined {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(name)) return 'Name it: letters, digits, ".", "_" and "-".';
  if (where.trim() === '') return way === 'stdio' ? 'Say which program it is.' : 'Give its address.';
  return undefined;
}
