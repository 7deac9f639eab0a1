import { z } from 'zod';
import { cleanJson } from './clean.js';
import { jsonDigest } from './digest.js';
import type { JsonObject, JsonValue } from './json.js';

/** As in a step's `tool`: `mcp:github:create_pr`. */
export const MCP_SERVER_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;
const TOOL_NAME = /^[A-Za-z0-9_][A-Za-z0-9_./:-]{0,127}$/;
const SECRET = /\{\{\s*secrets\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g;

const text = z
  .string()
  .max(8192)
  .regex(/^[^\0]*$/, 'a NUL cannot be passed on');
/** Names of secrets may stand in it: `Bearer {{ secrets.GITHUB_TOKEN }}`. */
const withReferences = text.refine(
  (value) => !value.replace(SECRET, '').includes('{{'),
  'only {{ secrets.NAME }} may stand in braces',
);
/** Names under which credentials travel. They are named in a configuration, never written there. */
const CREDENTIAL = /authorization|cookie|token|secret|passw|credential|api[_-]?key/i;
const namesCredentials = (values: Readonly<Record<string, string>>): boolean =>
  Object.entries(values).every(
    ([name, value]) => !CREDENTIAL.test(name) || value === '' || /\{\{\s*secrets\./.test(value),
  );
const WRITE_NAMES = 'a credential is named, not written: `{{ secrets.NAME }}`';

/** What a program is started with shows in the machine's list of processes. */
const bare = text.refine((value) => !value.includes('{{'), 'a secret is handed over by env, not on the command line');

const stdioServer = z.strictObject({
  transport: z.literal('stdio'),
  /** The program, looked up on the PATH of steps when it has no slash. No shell reads it. */
  command: bare.min(1),
  args: z.array(bare).max(200).default([]),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), withReferences)
    .refine(namesCredentials, WRITE_NAMES)
    .default({}),
});

const remote = {
  url: withReferences
    .min(1)
    .refine(
      (value) => /^https?:\/\//i.test(value) || value.startsWith('{{'),
      'give an address that starts with http:// or https://; WebSocket is no transport of MCP',
    ),
  headers: z
    .record(z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/), withReferences)
    .refine(namesCredentials, WRITE_NAMES)
    .default({}),
  /** Private addresses that it may be reached at, beside those that the target of a run allows. */
  allowAddresses: z.array(z.string().min(1).max(200)).max(50).default([]),
};

/** How a server is reached. */
export const mcpConnectionSchema = z.discriminatedUnion('transport', [
  stdioServer,
  z.strictObject({ transport: z.literal('http'), ...remote }),
  z.strictObject({ transport: z.literal('sse'), ...remote }),
]);
export type McpConnection = z.output<typeof mcpConnectionSchema>;

/** One tool as its server describes it: claims, none of which is believed. */
export interface McpToolDefinition {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  /** Null: it says nothing about what it answers. */
  readonly outputSchema: JsonObject | null;
  readonly annotations: McpAnnotations;
}

export interface McpAnnotations {
  readonly readOnlyHint?: boolean;
  readonly destructiveHint?: boolean;
  readonly idempotentHint?: boolean;
  readonly openWorldHint?: boolean;
}

/** A tool of a server, as a step names it. */
export interface McpToolName {
  readonly server: string;
  readonly tool: string;
}

/** `mcp:SERVER:TOOL` in its parts; undefined for any other name. */
export function parseMcpName(name: string): McpToolName | undefined {
  const [, server, tool] = /^mcp:([^:]+):(.+)$/s.exec(name) ?? [];
  return server === undefined || tool === undefined ? undefined : { server, tool };
}

export const mcpName = ({ server, tool }: McpToolName): string => `mcp:${server}:${tool}`;

/** Names of the secrets that a connection is made with. */
export function secretsOfConnection(connection: McpConnection): string[] {
  const texts = referring(connection);
  return [...new Set(texts.flatMap((value) => [...value.matchAll(SECRET)].map(([, name = '']) => name)))];
}

function referring(connection: McpConnection): string[] {
  if (connection.transport === 'stdio') return Object.values(connection.env);
  return [connection.url, ...Object.values(connection.headers)];
}

/** The connection with its secrets in place. A name that `value` does not know becomes empty: look for it beforehand. */
export function withSecrets<C extends McpConnection>(connection: C, value: (name: string) => string | undefined): C {
  const filled = (given: string) => given.replace(SECRET, (_, name: string) => value(name) ?? '');
  const all = (given: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(given).map(([name, one]) => [name, filled(one)]));
  if (connection.transport === 'stdio') return { ...connection, env: all(connection.env) };
  return { ...connection, url: filled(connection.url), headers: all(connection.headers) };
}

/** A definition of more is no description but an attack on whoever reads it, a model or a person. */
const MOST_DEFINITION = 64 * 1024;
const HINTS = ['readOnlyHint', 'destructiveHint', 'idempotentHint', 'openWorldHint'] as const;

/** What a server says of a tool, or why that cannot be used. */
export function readDefinition(
  raw: Readonly<Record<string, unknown>>,
): McpToolDefinition | { readonly refused: string } {
  const { name } = raw;
  if (typeof name !== 'string' || !TOOL_NAME.test(name)) return { refused: 'its name is none that a step could write' };
  try {
    const found = cleanJson(raw, { maxSize: MOST_DEFINITION, maxDepth: 40 }) as JsonObject;
    const { title, description, inputSchema, outputSchema, annotations } = found;
    if (!isObject(inputSchema)) return { refused: 'it has no schema of its arguments' };
    return {
      name,
      title: plainText(title) || name,
      description: plainText(description),
      inputSchema,
      outputSchema: isObject(outputSchema) ? outputSchema : null,
      annotations: isObject(annotations) ? hints(annotations) : {},
    };
  } catch {
    return { refused: `its definition is larger than ${MOST_DEFINITION} characters, or no plain JSON` };
  }
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a terminal would obey, and what people do not see but models read, is shown as a mark. */
function plainText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value.replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Co}]/gu, '\uFFFD') : '';
}

const hints = (annotations: JsonObject): McpAnnotations =>
  Object.fromEntries(
    HINTS.flatMap((hint) => (typeof annotations[hint] === 'boolean' ? [[hint, annotations[hint]]] : [])),
  ) as McpAnnotations;

/** SHA-256, hex, of all that a definition says. */
export const definitionDigest = (definition: McpToolDefinition): string =>
  jsonDigest(definition as unknown as JsonValue);

/** What of a definition is another than somebody has consented to, in words; the most dangerous first. */
export function definitionChanges(before: McpToolDefinition, now: McpToolDefinition): string[] {
  const differs = (one: JsonValue | undefined, other: JsonValue | undefined) =>
    jsonDigest(one ?? null) !== jsonDigest(other ?? null);
  const { annotations: then } = before;
  const { annotations: hint } = now;
  return [
    ...(hint.destructiveHint === true && then.destructiveHint !== true ? ['now says that it may destroy'] : []),
    ...(then.readOnlyHint === true && hint.readOnlyHint !== true ? ['no longer says that it only reads'] : []),
    ...(then.idempotentHint === true && hint.idempotentHint !== true ? ['no longer says that it may be repeated'] : []),
    ...(hint.openWorldHint === true && then.openWorldHint !== true ? ['now says that it reaches outside'] : []),
    ...(before.description !== now.description ? ['its description changed'] : []),
    ...(differs(before.inputSchema, now.inputSchema) ? ['the schema of its arguments changed'] : []),
    ...(differs(before.outputSchema, now.outputSchema) ? ['the schema of its answers changed'] : []),
    ...(before.title !== now.title ? ['its title changed'] : []),
    ...(differs({ ...then }, { ...hint }) ? ['what it says of its effects changed'] : []),
  ];
}
