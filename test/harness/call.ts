import type { CallContext } from '#ir/calls.js';

export interface TestCall {
  readonly context: CallContext;
  /** What the call logged so far, out and err together. */
  readonly text: () => string;
}

/** A context as the engine makes it, for calling a tool or a verifier by itself. */
export function testCall(over: Partial<CallContext> = {}): TestCall {
  const chunks: Uint8Array[] = [];
  const context: CallContext = {
    id: { org: 'org', runId: 'run', stepId: 'step', item: -1, revision: 0, attempt: 1 },
    idempotencyKey: 'run:step:-1:0',
    workspace: '/nonexistent',
    runFolder: '/nonexistent',
    env: {},
    signal: new AbortController().signal,
    timeoutMs: 20_000,
    isolation: { level: 'none', network: true },
    allowAddresses: [],
    readOnly: false,
    holdsSecret: () => false,
    log: (_stream, chunk) => void chunks.push(chunk),
    ...over,
  };
  return { context, text: () => Buffer.concat(chunks).toString('utf8') };
}
