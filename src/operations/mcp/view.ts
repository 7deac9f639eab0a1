import { z } from 'zod';
import type { ServerRow } from '#catalog/mcp/server-store.js';
import type { SignInRow } from '#catalog/mcp/sign-in-store.js';
import type { ToolRow } from '#catalog/mcp/tool-store.js';
import { mcpConnectionSchema, mcpName, secretsOfConnection } from '#ir/mcp.js';
import { ISOLATION_LEVELS } from '#ir/plan.js';

export const serverView = z.object({
  serverId: z.string(),
  name: z.string(),
  connection: mcpConnectionSchema,
  /** Names of the secrets that it is reached with. */
  secrets: z.array(z.string()),
  sandbox: z.object({ level: z.enum(ISOLATION_LEVELS), network: z.boolean() }),
  enabled: z.boolean(),
  /** Of the last look; `unknown`: nobody has looked since it was configured. */
  state: z.enum(['unknown', 'ok', 'failing']),
  stateSince: z.string(),
  lookedAt: z.string().nullable(),
  /** Of the last look. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  tookMs: z.int().nullable(),
  /** Which version of the protocol it speaks, and what it calls itself. */
  speaks: z.object({ era: z.enum(['modern', 'legacy']), protocol: z.string(), server: z.string() }).nullable(),
  tools: z.object({ total: z.int(), flagged: z.int() }),
  /** Who has signed the room in there; null: nobody has. */
  signIn: z
    .object({
      by: z.string(),
      at: z.string(),
      issuer: z.string(),
      scope: z.string(),
      /** Of its access token; another is taken then. */
      expiresAt: z.string().nullable(),
      /** Why it is no longer taken: somebody has to sign in again. */
      refused: z.string().nullable(),
    })
    .nullable(),
  createdBy: z.string(),
  createdAt: z.string(),
  changedBy: z.string(),
  changedAt: z.string(),
});
export type ServerView = z.infer<typeof serverView>;

export function shownServer(row: ServerRow, tools: readonly ToolRow[], signIns: readonly SignInRow[]): ServerView {
  const signIn = signIns.find(({ serverId }) => serverId === row.id);
  const { id, name, connection, sandbox, enabled, state, error, tookMs, facts, createdBy, changedBy } = row;
  const there = tools.filter(({ serverId, gone }) => serverId === id && !gone);
  return {
    serverId: id,
    name,
    connection,
    secrets: secretsOfConnection(connection),
    sandbox,
    enabled,
    state,
    stateSince: row.stateSince.toISOString(),
    lookedAt: row.lookedAt?.toISOString() ?? null,
    error,
    tookMs,
    speaks: facts,
    signIn: signIn === undefined ? null : shownSignIn(signIn),
    tools: { total: there.length, flagged: there.filter(({ flags }) => flags.length > 0).length },
    createdBy,
    createdAt: row.createdAt.toISOString(),
    changedBy,
    changedAt: row.changedAt.toISOString(),
  };
}

const shownSignIn = ({ by, at, issuer, scope, expiresAt, refused }: SignInRow) => ({
  by,
  at: at.toISOString(),
  issuer,
  scope,
  expiresAt: expiresAt?.toISOString() ?? null,
  refused,
});

const hints = z.object({
  readOnlyHint: z.boolean().optional(),
  destructiveHint: z.boolean().optional(),
  idempotentHint: z.boolean().optional(),
  openWorldHint: z.boolean().optional(),
});

export const toolView = z.object({
  server: z.string(),
  name: z.string(),
  /** As a step names it. */
  tool: z.string(),
  title: z.string(),
  description: z.string(),
  /** What the server says of its effects; believed by nobody. */
  annotations: hints,
  version: z.int(),
  digest: z.string(),
  /** Somebody has consented to it as it is now, and the server lists it. */
  callable: z.boolean(),
  /** Why somebody has to look at it first. */
  flags: z.array(z.string()),
  consentedBy: z.string().nullable(),
  consentedAt: z.string().nullable(),
  firstSeenAt: z.string(),
  lastSeenAt: z.string(),
  goneAt: z.string().nullable(),
});
export type ToolView = z.infer<typeof toolView>;

export const definitionView = z.object({
  inputSchema: z.record(z.string(), z.json()),
  outputSchema: z.record(z.string(), z.json()).nullable(),
});

const MOST_WORDS = 600;

export function shownTool(row: ToolRow, server: string, whole = false): ToolView {
  const { name, definition, version, digest, flags, gone, consentedBy, consentedAt } = row;
  const { title, description, annotations } = definition;
  return {
    server,
    name,
    tool: mcpName({ server, tool: name }),
    title,
    description: whole || description.length <= MOST_WORDS ? description : `${description.slice(0, MOST_WORDS)}…`,
    annotations,
    version,
    digest,
    callable: flags.length === 0 && !gone,
    flags: [...flags],
    consentedBy,
    consentedAt: consentedAt?.toISOString() ?? null,
    firstSeenAt: row.firstSeenAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    goneAt: row.goneAt?.toISOString() ?? null,
  };
}
