import type pg from 'pg';
import type { JsonObject } from '#ir/json.js';
import type { Lane } from '#ir/plan.js';

/** Anything that runs a statement: a pool, or a client inside a transaction. */
export type Sql = Pick<pg.Pool, 'query'>;

/** Which plan a trigger starts: always the one of this digest, or what a file holds when the time comes. */
export type TriggerPlan =
  | { readonly digest: string }
  /** Below the project folder of the machine where the trigger was made; of a runbook, the anchor of a section. */
  | { readonly file: string; readonly section?: string | undefined };

/** Who answers for what a trigger starts: whoever made it or changed it last. */
export interface Maker {
  readonly madeBy: string;
  /** Id; null: whoever may read the data directory. */
  readonly person: string | null;
  /** Id of the API key by which it was made. */
  readonly key: string | null;
}

/** What a trigger starts, but for its inputs. */
export interface Job {
  readonly plan: TriggerPlan;
  readonly planTitle: string;
  readonly lane: Lane | null;
  readonly session: string | null;
  /** The machine on which it was made: its files and folders are there. */
  readonly host: string;
  /** Absolute; where an `inplace` plan works. */
  readonly folder: string | null;
}

/** Whether a machine can begin a job: what follows a file begins where that lies. */
export const beginsOn = (machine: string, { plan, host }: Pick<Job, 'plan' | 'host'>): boolean =>
  'digest' in plan || host === machine;

/** A request to run a plan. */
export interface StartRequest {
  readonly org: string;
  /** `cron:NAME`, `webhook:NAME`. */
  readonly by: string;
  readonly agent: 'cron' | 'webhook';
  readonly maker: Maker;
  readonly job: Job;
  readonly inputs: JsonObject;
  /** Asking again with the same one starts nothing more. */
  readonly once: string;
}

/** What became of one. */
export type Outcome =
  | { readonly state: 'started'; readonly runId: string }
  /** Policy wants an approval: the intent waits for it. */
  | { readonly state: 'asked'; readonly intentId: string }
  | { readonly state: 'refused'; readonly code: string; readonly reason: string };

/** Starts what a trigger asks for, through the same gate as everybody. Rejects only for what may go better in a moment. */
export type Start = (request: StartRequest) => Promise<Outcome>;
