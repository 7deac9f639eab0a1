import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import type { CheckInput, CheckResult, VerifierKind } from '#ir/calls.js';
import { deadline } from '#sandbox/deadline.js';
import { openInside } from '#sandbox/workspace.js';
import { verifierKind } from './config.js';
import { inWords } from './evidence.js';

export const hexDigest = z.string().regex(/^[0-9a-fA-F]{64}$/, 'a SHA-256 has 64 hexadecimal digits');

const configSchema = z
  .strictObject({
    /** Relative to the workspace. */
    path: z.string().min(1).max(4096),
    exists: z.boolean().default(true),
    contains: z.string().min(1).max(1_000_000).optional(),
    sha256: hexDigest.optional(),
    minBytes: z.int().min(0).optional(),
    /** Modified after the attempt began. */
    newerThanStep: z.boolean().default(false),
  })
  .refine(
    (c) =>
      c.exists || (c.contains === undefined && c.sha256 === undefined && c.minBytes === undefined && !c.newerThanStep),
    {
      message: 'nothing can be said of a file that must not exist',
      path: ['exists'],
    },
  );
type Config = z.output<typeof configSchema>;

/** The kernel stamps files with a clock that lags by a timer tick (up to 10 ms), so a file written at once looks older than the step. */
const STAMP_LAG_MS = 10;

/** Looks at one file of the workspace. Links that lead outside are refused. */
export function fileKind(): VerifierKind {
  return verifierKind({
    contract: {
      kind: 'file',
      summary: 'A file of the workspace exists, with the expected content.',
      literal: [],
      subject: () => 'outside',
      expectation: ['contains', 'sha256'],
    },
    config: configSchema,
    async check(config, input, context) {
      const file = await openInside(context.workspace, config.path);
      if (!file)
        return {
          passed: !config.exists,
          summary: `${config.path} does not exist`,
          evidence: { path: config.path, exists: false },
        };
      try {
        return await inspect(file, config, {
          startedAt: input.startedAt,
          signal: deadline(context.signal, context.timeoutMs),
        });
      } finally {
        await file.close();
      }
    },
  });
}

async function inspect(
  file: FileHandle,
  config: Config,
  when: Pick<CheckInput, 'startedAt'> & { signal: AbortSignal },
): Promise<CheckResult> {
  const stat = await file.stat();
  const seen = { path: config.path, exists: true, bytes: stat.size, modifiedAt: stat.mtime.toISOString() };
  if (!config.exists) return { passed: false, summary: `${config.path} exists`, evidence: seen };
  const needsText = config.contains !== undefined || config.sha256 !== undefined;
  if (needsText && !stat.isFile()) return { passed: false, summary: `${config.path} is not a file`, evidence: seen };
  const read = needsText ? await readThrough(file, config.contains, when.signal) : undefined;
  const problems = [
    config.minBytes !== undefined && stat.size < config.minBytes
      ? `It has ${stat.size} bytes, expected at least ${config.minBytes}`
      : undefined,
    config.newerThanStep && !isNewer(stat.mtimeMs, when.startedAt)
      ? 'It was not modified since the step began'
      : undefined,
    read && config.sha256 !== undefined && read.sha256 !== config.sha256.toLowerCase()
      ? `Its SHA-256 is ${read.sha256}, expected ${config.sha256}`
      : undefined,
    read && config.contains !== undefined && !read.found
      ? `It does not contain ${inWords(config.contains)}`
      : undefined,
  ];
  const problem = problems.find((p) => p !== undefined);
  return {
    passed: problem === undefined,
    summary: problem ? `${config.path}: ${problem}` : `${config.path} is as expected`,
    evidence: { ...seen, ...(read ? { sha256: read.sha256 } : {}) },
  };
}

function isNewer(modifiedMs: number, startedAt: Date | undefined): boolean {
  return startedAt !== undefined && modifiedMs >= startedAt.getTime() - STAMP_LAG_MS;
}

/** Digest and search in one pass, in constant memory. */
export async function readThrough(
  file: FileHandle,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<{ sha256: string; found: boolean }> {
  const hash = createHash('sha256');
  const needle = Buffer.from(wanted ?? '', 'utf8');
  let tail = Buffer.alloc(0);
  let found = false;
  for await (const chunk of file.createReadStream({ autoClose: false, start: 0 }) as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    hash.update(chunk);
    if (found || needle.length === 0) continue;
    const window = Buffer.concat([tail, chunk]);
    found = window.includes(needle);
    // A match may begin in one chunk and end in the next.
    tail = Buffer.from(window.subarray(Math.max(0, window.length - needle.length + 1)));
  }
  return { sha256: hash.digest('hex'), found };
}
