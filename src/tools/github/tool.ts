import { z } from 'zod';
import type { CallContext, Tool, ToolContract, ToolResult } from '#ir/calls.js';
import type { JsonObject } from '#ir/json.js';
import { deadline } from '#sandbox/deadline.js';
import { sendsToUrl } from '#sandbox/destinations.js';
import { failed, parseArgs } from '../failure.js';

/** A pull request as it is asked for. */
export interface PullWanted {
  readonly baseUrl: string;
  readonly token: string;
  readonly allowAddresses: readonly string[];
  readonly repo: string;
  readonly head: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
  readonly draft: boolean;
  readonly reviewers: readonly string[];
  readonly teamReviewers: readonly string[];
  readonly signal: AbortSignal;
}

/** What the tool needs of an integration; supplied where the room is put together. */
export interface PullRequests {
  readonly repo: RegExp;
  /** May be repeated: the one that is open for the same branches is taken over. */
  open(wanted: PullWanted): Promise<{
    readonly number: number;
    readonly url: string;
    readonly state: string;
    readonly sha: string;
    readonly created: boolean;
  }>;
  /** Whether asking again later may help. */
  isPassing(error: unknown): boolean;
  /** Where people see a run; undefined where the room has no address. */
  runPage(runId: string): string | undefined;
}

const GITHUB = 'https://api.github.com';

const branch = z
  .string()
  .max(255)
  .regex(/^[^\s~^:?*[\\-][^\s~^?*[\\]*$/, 'the name of a branch');
const login = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,98}$/, 'the name of an account or a team');

const argsSchema = (repo: RegExp) =>
  z.strictObject({
    repo: z.string().regex(repo, 'a repository is written owner/name'),
    token: z.string().min(1),
    /** Of a GitHub Enterprise Server: `https://HOST/api/v3`. */
    baseUrl: z.url({ protocol: /^https?$/ }).default(GITHUB),
    head: branch,
    base: branch,
    title: z.string().min(1).max(256),
    body: z.string().max(60_000).default(''),
    draft: z.boolean().default(false),
    reviewers: z.array(login).max(15).default([]),
    teamReviewers: z.array(login).max(15).default([]),
  });

/**
 * The `github` tool: opens a pull request that says which run made it, and asks for reviews. Output: `{ number, url, state, sha, created }`.
 */
export function githubTool(pulls: PullRequests): Tool {
  const args = argsSchema(pulls.repo);
  const contract: ToolContract = {
    id: 'github',
    summary: 'Opens a pull request, or finds the one that is open for the same branches, and asks for reviews.',
    defaultAction: 'pull_request',
    actions: ['pull_request'],
    args,
    literal: [],
    sends: sendsToUrl('baseUrl', GITHUB),
    isReadOnly: () => false,
  };
  return { contract, run: (_action, raw, context) => open(pulls, args, raw, context) };
}

async function open(
  pulls: PullRequests,
  schema: ReturnType<typeof argsSchema>,
  raw: JsonObject,
  context: CallContext,
): Promise<ToolResult> {
  try {
    const args = parseArgs(schema, raw);
    const body = [args.body, provenance(context.id.runId, pulls.runPage(context.id.runId))]
      .filter(Boolean)
      .join('\n\n');
    const { allowAddresses } = context;
    const signal = deadline(context.signal, context.timeoutMs);
    const { number, url, state, sha, created } = await pulls.open({ ...args, body, allowAddresses, signal });
    return { ok: true, output: { number, url, state, sha, created }, isolation: 'none' };
  } catch (error) {
    return failed(error, pulls.isPassing(error));
  }
}

/** What made the pull request, for whoever reviews it. */
function provenance(runId: string, page: string | undefined): string {
  if (page === undefined) return `---\nMade by Opsroom, run \`${runId}\`. Its proof: \`opsroom proofs ${runId}\`.`;
  return `---\nMade by Opsroom, run [\`${runId}\`](${page}) ([proof](${page}/proof)).`;
}
