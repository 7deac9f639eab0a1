import type { Carried } from './not-carried.js';

/** Of a step, and of what takes it back. */
const WORK = {
  id: true,
  // Steps stand in their order.
  idx: true,
  description: false,
  kind: true,
  tool: true,
  skill: true,
  action: true,
  args: true,
  preconditions: true,
  verifiers: true,
  retryPolicy: false,
  timeoutMs: true,
  idempotent: false,
  readOnly: false,
  outputs: false,
  outputSchema: true,
  artefacts: true,
  sandbox: true,
} as const;

/**
 * What a workflow says of a plan, or what fails there with a note: conditions and values that have no counterpart, `forEach`,
 * `outputSchema`, artefacts, sandboxes.
 */
export const IN_WORKFLOW: Carried = {
  plan: {
    // The form of the file, and who stored it when: nothing that anybody does.
    apiVersion: true,
    id: false,
    version: false,
    created_at: false,
    kind: false,
    title: true,
    description: true,
    steps: true,
    inputs: true,
    inputSchema: true,
    expectedOutputs: false,
    metadata: false,
    target: false,
    tools: false,
    lane: false,
    priority: false,
    concurrencyKey: true,
    workspace: false,
    retry: false,
    timeoutMs: true,
    onFailure: true,
    onCancel: false,
  },
  step: {
    ...WORK,
    title: true,
    dependsOn: true,
    if: true,
    forEach: true,
    rollback: true,
  },
  // The step that it takes back is named; a workflow needs no other title.
  rollback: { ...WORK, title: false, alsoUndoes: true },
  verifier: { id: true, kind: true, description: false, config: true, required: true },
  input: new Set(['type', 'enum', 'description', 'default']),
  lostArgs: { shell: ['outputCapBytes', 'sendsTo'], http: ['maxBytes'], sql: ['maxRows'] },
  lostConfig: { shell: ['intervalMs', 'sendsTo'], http: ['intervalMs', 'maxRedirects'] },
};
