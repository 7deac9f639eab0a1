/**
 * The words of authorising: what is asked, and what policy says to it. Policies are Cedar files; these are the facts that they
 * see, and all of them come from the room, none from what a request says of itself.
 */

export const ACTIONS = ['propose', 'run', 'approve', 'control', 'heal', 'use_tool', 'read_secret'] as const;
export type Action = (typeof ACTIONS)[number];

/** Who asks. A schedule asks as the agent `cron`, a webhook as the agent `webhook`; one that an agent made, as that agent. */
export interface PrincipalFacts {
  readonly kind: 'person' | 'agent' | 'key' | 'machine' | 'system';
  /** As runs name it: `person:EMAIL`, `key:NAME`. */
  readonly by: string;
  /**
   * Of a person, in the organisation. Of a schedule or a webhook, its maker's as it is now: the machine's user counts as an owner,
   * a key of nobody's as an operator while it opens anything; null: the maker may run nothing any more.
   */
  readonly role: string | null;
  readonly agent: string | null;
  /** Id of the person that it is, or whose key it is. */
  readonly person: string | null;
}

/** What is to be run, and where. */
export interface RequestFacts {
  /** `staging`; policies see it in lower case. Empty: the plan names none. */
  readonly environment: string;
  readonly app: string;
  /** The branch of the target, or the input `ref` or `branch` where the plan has such; empty: none. */
  readonly branch: string;
  readonly kind: string;
  readonly title: string;
  readonly planDigest: string;
  readonly lane: string;
  /** Every step says that it only reads, and its tool and checks could do no more. */
  readonly readOnly: boolean;
  /** Every step that runs programs will be isolated from the machine. */
  readonly isolated: boolean;
  readonly tools: readonly string[];
  readonly secrets: readonly string[];
  /** Private addresses that the target allows. */
  readonly allowAddresses: readonly string[];
  /** Who proposed it, where another gives their approval now: an approver is judged against them. */
  readonly proposer: PrincipalFacts | null;
}

export interface Question {
  readonly principal: PrincipalFacts;
  readonly action: Action;
  readonly request: RequestFacts;
  /** The tool of `use_tool`, the secret of `read_secret`, the signal of `control` (`cancel`, `pause`, `confirm`, …). */
  readonly name?: string;
  /** Asked again once those who must have agreed: a policy that only wants an approval is then silent. */
  readonly approved?: boolean;
}

/** What one policy wants before it gives way. Stands beside it as Cedar annotations (docs/policies.md). */
export interface ApprovalRule {
  /** Id of the policy. */
  readonly policy: string;
  /** In the policy's words, for people. */
  readonly reason: string;
  /** Who may give it: roles. */
  readonly roles: readonly string[];
  /** From how many different people. */
  readonly count: number;
  /** For how long an approval counts, ms. */
  readonly ttlMs: number;
  /** When what was approved may begin, `Mon-Fri 09:00-17:00 Europe/Berlin`; null: at any time. */
  readonly window: string | null;
  /** A file of JSON Schema beside the policies: what an approver fills in; null: nothing. */
  readonly form: string | null;
}

/** What is wrong with policies that cannot be asked, in the words of an error. */
export interface Unusable {
  readonly what: string;
  /** `/srv/ops/policies/people.cedar, line 7, policy "freeze"`. */
  readonly where: string;
  readonly mend: string;
}

/** Ids of the policies that decided are named in every case; of policies that cannot be asked there are none. */
export type Decision = {
  readonly policies: readonly string[];
  /** Of the whole set that was asked, SHA-256 in hex. */
  readonly policyDigest: string;
} & (
  | { readonly effect: 'allow' }
  | { readonly effect: 'deny'; readonly reason: string; readonly unusable?: Unusable }
  | { readonly effect: 'needs_approval'; readonly rules: readonly ApprovalRule[] }
);
