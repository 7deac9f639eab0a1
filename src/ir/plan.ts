import { z } from 'zod';
import { toolPatternsSchema } from './allowlist.js';
import type { JsonSchema, JsonValue } from './json.js';

/** Ids are path-safe, so that `step/rollback-step` and log file names need no escaping. */
export const ID_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;
const id = z.string().regex(ID_PATTERN, 'letters, digits, "_" and "-", starting with a letter or "_", at most 100');
/** Steps of a plan, and what they name in `dependsOn`, all together. */
export const MOST_STEPS = 20_000;
export const MOST_DEPENDENCIES = 200_000;

const json: z.ZodType<JsonValue> = z.json();
const jsonObject = z.record(z.string(), json);
const jsonSchema = z.union([jsonObject, z.boolean()]) as z.ZodType<JsonSchema>;
const ms = z
  .int()
  .min(1)
  .max(31 * 86_400_000);

export const retryPolicySchema = z.strictObject({
  maxAttempts: z.int().min(1).max(100),
  backoffMs: z.int().min(0).max(86_400_000).default(1000),
  backoffMultiplier: z.number().min(1).max(10).default(2),
});

export const verifierSchema = z.strictObject({
  id,
  kind: z.enum(['http', 'shell', 'sql', 'json_schema', 'checksum', 'file', 'custom', 'ci_gate']),
  description: z.string().optional(),
  config: jsonObject,
  /** When false, a failing verdict is a warning. */
  required: z.boolean().default(true),
});

/** A precondition: a name (`docker_running`, `env:TOKEN`, `command:git`), or an inline check in a verifier's form. */
export const preconditionSchema = z.union([
  z.string().min(1).max(200),
  z.strictObject({
    id,
    kind: verifierSchema.shape.kind,
    description: z.string().optional(),
    config: jsonObject,
    mend: z.string().optional(),
  }),
]);

export const ISOLATION_LEVELS = ['none', 'uid', 'bubblewrap'] as const;
export const sandboxSchema = z.strictObject({
  level: z.enum(ISOLATION_LEVELS),
  network: z.boolean().default(false),
});

const stepFields = {
  id,
  idx: z.int().min(0).optional(),
  title: z.string().min(1).max(500).optional(),
  description: z.string().optional(),
  kind: z.enum(['tool', 'skill', 'system']).optional(),
  tool: z.string().min(1).max(200).optional(),
  skill: z.string().min(1).max(200).optional(),
  action: z.string().min(1).max(200).optional(),
  args: jsonObject.default({}),
  preconditions: z.array(preconditionSchema).default([]),
  verifiers: z.array(verifierSchema).default([]),
  retryPolicy: retryPolicySchema.optional(),
  timeoutMs: ms.optional(),
  /** May run again after a crash with the same idempotency key. */
  idempotent: z.boolean().optional(),
  /** Changes nothing outside: may run again freely, and is never rolled back. */
  readOnly: z.boolean().optional(),
  /** Named values computed from the tool's output: name → expression. Without it, `steps.ID.output` is the tool's output. */
  outputs: z.record(id, json).optional(),
  /** What the step's output must look like; checked as a required json_schema verifier would be. */
  outputSchema: jsonSchema.optional(),
  /** Files the step leaves behind, kept by digest: name → path relative to the workspace. */
  artefacts: z.array(z.strictObject({ name: id, path: z.string().min(1) })).optional(),
  sandbox: sandboxSchema.optional(),
};

export const rollbackStepSchema = z.strictObject({
  ...stepFields,
  /** Further steps that it takes back: it is carried out once when any of them was done, its own step left out or not. */
  alsoUndoes: z.array(id).min(1).max(MOST_STEPS).optional(),
});

export const stepSchema = z.strictObject({
  ...stepFields,
  dependsOn: z.array(id).optional(),
  /** CEL without braces, or one `{{ }}`: when false the step is skipped and its dependants go on. */
  if: z.string().min(1).optional(),
  /** Fan-out: one item per element; `limit` items at once. Inside, `item` and `index` are set. */
  forEach: z
    .union([
      z.string().min(1),
      z.strictObject({
        items: z.union([z.string().min(1), z.array(json)]),
        limit: z.int().min(1).max(1000).default(10),
      }),
    ])
    .optional(),
  /** Compensation, run in order when the run rolls back. */
  rollback: z.array(rollbackStepSchema).optional(),
});

export const targetSchema = z.strictObject({
  environment: z.string().min(1).optional(),
  app: z.string().min(1).optional(),
  branch: z.string().min(1).optional(),
  /** Private addresses that HTTP, SQL and verifiers may reach: "127.0.0.1", "10.0.0.0/8", "localhost:8080", "host.internal". */
  allowAddresses: z.array(z.string().min(1)).optional(),
});

export const LANES = ['A', 'B', 'C', 'D'] as const;

export const planSchema = z.strictObject({
  apiVersion: z.literal('opsroom/v1').optional(),
  id: z.string().optional(),
  version: z.string().default('1.0.0'),
  created_at: z.string().optional(),
  kind: z.string().min(1).default('ops'),
  title: z.string().min(1).max(500),
  description: z.string().default(''),
  steps: z.array(stepSchema).min(1).max(MOST_STEPS),
  /** Values; what a run is given overrides them. */
  inputs: jsonObject.default({}),
  inputSchema: jsonSchema.optional(),
  /** Name → expression over `steps`, or name → JSON Schema that the output of that name must fit. */
  expectedOutputs: jsonObject.default({}),
  metadata: z
    .looseObject({ source: z.string().optional(), author: z.string().optional(), tags: z.array(z.string()).optional() })
    .default({}),
  target: targetSchema.optional(),
  /** What its steps may call, and nothing else. */
  tools: toolPatternsSchema.optional(),
  lane: z.enum(LANES).optional(),
  priority: z.int().min(-1000).max(1000).optional(),
  /** Runs with the same key never run at once. May hold an expression over `inputs`. */
  concurrencyKey: z.string().min(1).max(500).optional(),
  workspace: z.strictObject({ kind: z.enum(['inplace', 'temp']), path: z.string().optional() }).optional(),
  /** The whole run is started anew by itself after a failure. */
  retry: retryPolicySchema.optional(),
  timeoutMs: ms.optional(),
  /** What a failed step leads to once its attempts are used up. Default: rollback. */
  onFailure: z.enum(['rollback', 'stop']).optional(),
  /** Default: stop; the rollback is then offered. */
  onCancel: z.enum(['rollback', 'stop']).optional(),
});

/** A plan as people write it. */
export type PlanSource = z.input<typeof planSchema>;
export type RetryPolicy = z.output<typeof retryPolicySchema>;
export type Verifier = z.output<typeof verifierSchema>;
export type Precondition = z.output<typeof preconditionSchema>;
export type Target = z.output<typeof targetSchema>;
export type Lane = (typeof LANES)[number];
export type IsolationLevel = (typeof ISOLATION_LEVELS)[number];

type Normalised<S> = Omit<S, 'idx' | 'kind' | 'action' | 'title'> & {
  idx: number;
  kind: 'tool' | 'skill' | 'system';
  action: string;
  title: string;
};
export type RollbackStep = Normalised<z.output<typeof rollbackStepSchema>>;
/** A step with everything that may be left out filled in, except what is optional in the type. */
export type Step = Omit<Normalised<z.output<typeof stepSchema>>, 'rollback' | 'dependsOn' | 'forEach'> & {
  dependsOn: string[];
  rollback?: RollbackStep[];
  forEach?: { items: string | JsonValue[]; limit: number };
};
/** A plan after `compile`: shorthand expanded, DAG and expressions checked. Immutable; known by its digest. */
export type Plan = Omit<z.output<typeof planSchema>, 'steps'> & { steps: Step[] };
