import { definitionChanges, definitionDigest, type McpToolDefinition } from '#ir/mcp.js';

/** The latest version of a tool that is known. */
export interface KnownTool {
  readonly name: string;
  readonly version: number;
  readonly digest: string;
  readonly definition: McpToolDefinition;
  readonly flags: readonly string[];
  readonly gone: boolean;
}

/** A version that is to be kept. */
export interface NewVersion {
  readonly version: number;
  readonly digest: string;
  readonly definition: McpToolDefinition;
  /** Empty: it may be called. */
  readonly flags: readonly string[];
}

export interface Reconciled {
  readonly fresh: readonly NewVersion[];
  /** Names of those that are as they were. */
  readonly seen: readonly string[];
  /** Names of those that the server does not list any more. */
  readonly gone: readonly string[];
}

export interface ReconcileInput {
  /** The latest version of each tool. */
  readonly known: readonly KnownTool[];
  /** By name: the latest definition that somebody consented to. */
  readonly consented: ReadonlyMap<string, McpToolDefinition>;
  readonly listed: readonly McpToolDefinition[];
  /** It has not answered before: not even that it has no tools. */
  readonly isFirst: boolean;
  /** Whoever configured the server is a human, and so consents to what it offers at first. */
  readonly byPerson: boolean;
}

const APPEARED = 'it appeared after somebody had consented to the server';
const UNSEEN = 'nobody has looked at it: the server was configured by a program';

/**
 * What a look at a server changes. The tools that it offers at first are consented to by whoever registered it. Whatever is another
 * afterwards, or new, waits for somebody to look: a server could win trust first and change its words then.
 */
export function reconcile({ known, consented, listed, isFirst, byPerson }: ReconcileInput): Reconciled {
  const before = new Map(known.map((tool) => [tool.name, tool]));
  const unique = [...new Map(listed.map((definition) => [definition.name, definition])).values()];
  const fresh: NewVersion[] = [];
  const seen: string[] = [];
  for (const definition of unique) {
    const digest = definitionDigest(definition);
    const last = before.get(definition.name);
    if (last?.digest === digest) {
      seen.push(definition.name);
      continue;
    }
    const trusted = consented.get(definition.name);
    const flags = flagsOf(definition, digest, { trusted, isFirst, byPerson });
    fresh.push({ version: (last?.version ?? 0) + 1, digest, definition, flags });
  }
  const now = new Set(unique.map(({ name }) => name));
  return { fresh, seen, gone: known.filter(({ name, gone }) => !gone && !now.has(name)).map(({ name }) => name) };
}

function flagsOf(
  definition: McpToolDefinition,
  digest: string,
  { trusted, isFirst, byPerson }: { trusted: McpToolDefinition | undefined; isFirst: boolean; byPerson: boolean },
): string[] {
  if (trusted === undefined) return isFirst ? (byPerson ? [] : [UNSEEN]) : [APPEARED];
  // What it says is again what somebody consented to.
  return definitionDigest(trusted) === digest ? [] : definitionChanges(trusted, definition);
}
