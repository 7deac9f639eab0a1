import { z } from 'zod';
import type { JsonObject, JsonValue } from './json.js';
import { planSchema } from './plan.js';

export const PLAN_SCHEMA_ID = 'urn:opsroom:plan:v1';

/** What an editor shows beside a field; by name, since a field means the same wherever it stands. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  action: 'What the tool does. May be left out: each tool has a default.',
  alsoUndoes: 'Further steps that it takes back: it is carried out once when any of them was done.',
  apiVersion:
    'opsroom/v1. Without it, and without any dependsOn, the steps run one after the other in the order of idx.',
  args: 'Arguments of the tool. {{ }} holds a CEL expression.',
  artefacts: 'Files the step leaves behind, kept by digest.',
  concurrencyKey: 'Runs with the same key never run at once. May hold {{ inputs.NAME }}.',
  dependsOn: 'Ids of steps that must have ended before. Steps without it run side by side.',
  expectedOutputs: 'Name → expression over steps, or name → JSON Schema of the output of that name.',
  forEach: 'One item per element; inside, item and index are set.',
  id: 'Letters, digits, "_" and "-".',
  idempotent: 'May run again after a crash with the same idempotency key.',
  if: 'When false, the step is skipped and its dependants go on.',
  inputSchema: 'JSON Schema (2020-12) that declares and types the inputs.',
  inputs: 'Values of the inputs; what a run is given overrides them.',
  lane: 'The lane the run waits in.',
  onCancel: 'What a cancelled run does. Default: stop; the rollback is then offered.',
  onFailure: 'What a failed step leads to once its attempts are used up. Default: rollback.',
  outputSchema: 'What the output must look like; checked as a required verifier would be.',
  outputs: 'Name → expression over output.',
  preconditions: 'What must hold before the step: names (docker_running, env:NAME, command:NAME) or inline checks.',
  readOnly: 'Changes nothing outside: may run again freely.',
  required: 'When false, a failing verdict is a warning.',
  retryPolicy: 'How often and how soon the step is tried again.',
  rollback: 'Steps that undo this one, run when the run rolls back.',
  steps: 'The steps; a graph by dependsOn.',
  target: 'Where the plan works. allowAddresses lists the private addresses that it may reach.',
  timeoutMs: 'Milliseconds until the step (or the run) is ended.',
  tool: 'The tool that does the step: shell, http, sql, …',
  tools: 'What the steps may call, and nothing else: shell, mcp:github:*. Without it, whatever the room has.',
  verifiers: 'Checks from outside the tool; a step counts when its required verifiers pass.',
  workspace: 'Where steps work: in the folder of the plan (inplace), or in a fresh one (temp).',
};

/** The JSON Schema (draft 2020-12) of a plan as people write it, for editors. Committed as docs/plan.schema.json. */
export function planJsonSchema(): JsonObject {
  const schema = z.toJSONSchema(planSchema, { io: 'input', target: 'draft-2020-12', reused: 'ref' }) as JsonObject;
  const { $schema = 'https://json-schema.org/draft/2020-12/schema', ...rest } = described(schema) as JsonObject;
  return { $schema, $id: PLAN_SCHEMA_ID, title: 'Opsroom plan', ...rest };
}

function described(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(described);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, member]): [string, JsonValue] => [
    key,
    key === 'properties' ? fields(member) : described(member),
  ]);
  return Object.fromEntries(entries);
}

function fields(properties: JsonValue): JsonValue {
  if (properties === null || typeof properties !== 'object' || Array.isArray(properties)) return properties;
  const entries = Object.entries(properties).map(([name, schema]): [string, JsonValue] => {
    const inside = described(schema);
    const description = DESCRIPTIONS[name];
    const open = description !== undefined && typeof inside === 'object' && inside !== null && !Array.isArray(inside);
    return [name, open ? { ...inside, description } : inside];
  });
  return Object.fromEntries(entries);
}
