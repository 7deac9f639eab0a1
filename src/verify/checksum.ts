import { z } from 'zod';
import type { CallContext, CheckInput, CheckResult, VerifierKind } from '#ir/calls.js';
import { jsonDigest, sha256 } from '#ir/digest.js';
import { deadline } from '#sandbox/deadline.js';
import { openInside } from '#sandbox/workspace.js';
import { verifierKind } from './config.js';
import { inconclusive } from './evidence.js';
import { hexDigest, readThrough } from './file.js';
import { POINTER, resolvePointer } from './pointer.js';

const configSchema = z
  .strictObject({
    /** A file, relative to the workspace. */
    path: z.string().min(1).max(4096).optional(),
    /** Or a JSON Pointer into the output: a text is hashed as UTF-8, anything else as canonical JSON (RFC 8785). */
    output: z.string().regex(POINTER, 'a JSON Pointer, as /a/b').optional(),
    sha256: hexDigest,
  })
  .refine((config) => (config.path === undefined) !== (config.output === undefined), {
    message: 'give either path or output',
    path: ['path'],
  });
type Config = z.output<typeof configSchema>;

/** Compares the SHA-256 of a file or of a part of the output. */
export function checksumKind(): VerifierKind {
  return verifierKind({
    contract: {
      kind: 'checksum',
      summary: 'A file, or a part of the output, has the expected SHA-256.',
      literal: [],
      subject: (config) => ('output' in config ? 'output' : 'outside'),
      expectation: ['sha256'],
    },
    config: configSchema,
    check: (config, input, context) =>
      config.path === undefined ? checkOutput(config, input) : checkFile(config, config.path, context),
  });
}

async function checkFile(config: Config, path: string, context: CallContext): Promise<CheckResult> {
  const file = await openInside(context.workspace, path);
  if (!file) return { passed: false, summary: `${path} does not exist`, evidence: { path, exists: false } };
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return { passed: false, summary: `${path} is not a file`, evidence: { path } };
    const read = await readThrough(file, undefined, deadline(context.signal, context.timeoutMs));
    return compared(path, read.sha256, config.sha256);
  } finally {
    await file.close();
  }
}

async function checkOutput(config: Config, { output }: CheckInput): Promise<CheckResult> {
  if (output === undefined) return inconclusive('There is no output yet');
  const pointer = config.output ?? '';
  const value = resolvePointer(output, pointer);
  const name = `output${pointer}`;
  if (value === undefined) return { passed: false, summary: `${name} is missing`, evidence: { path: name } };
  return compared(name, typeof value === 'string' ? sha256(value) : jsonDigest(value), config.sha256);
}

function compared(path: string, found: string, asked: string): CheckResult {
  const expected = asked.toLowerCase();
  const passed = found === expected;
  const summary = passed
    ? `${path} has the expected SHA-256`
    : `${path} has the SHA-256 ${found}, expected ${expected}`;
  return { passed, summary, evidence: { path, sha256: found, expected } };
}
