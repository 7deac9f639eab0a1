import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { OpsroomError } from '#kit/errors.js';
import { lines } from '#record/audit-file.js';
import type { AuditReport } from '#record/audit-read.js';
import { type EarlierHead, earlierFrom, verifyExport } from '#record/audit-verify.js';
import { envelopeSchema } from '#record/dsse.js';

export interface VerifyAuditOptions {
  /** Public keys (PEM) of which one must have signed. */
  readonly keys?: readonly string[];
  /** A file with an earlier head of the same log: what `opsroom audit head` wrote, or an earlier export. */
  readonly against?: string | undefined;
}

/**
 * Checks an export of the audit log, without the room: neither a database nor a network is needed.
 * @throws OpsroomError USAGE when a file cannot be read; AUDIT_BROKEN when the earlier one is none
 */
export async function verifyAuditFile(
  file: string,
  { keys = [], against }: VerifyAuditOptions = {},
): Promise<AuditReport> {
  const earlier = against === undefined ? undefined : await earlierHead(against);
  return verifyExport(await linesOf(file), { keys, earlier });
}

/** What an audit report that is not ok comes to. */
export function brokenAudit({ what, problem, line }: AuditReport, file: string): OpsroomError {
  const where = line === undefined ? file : `${file}:${line}`;
  return new OpsroomError('AUDIT_BROKEN', { what: what ?? `It is ${problem}.`, where });
}

/** A head alone is one JSON object and small. */
const MOST_HEAD_BYTES = 1024 * 1024;
const headFile = z.looseObject({ envelope: envelopeSchema });

async function earlierHead(file: string): Promise<EarlierHead> {
  const { size } = await fileStat(file);
  const alone = size > MOST_HEAD_BYTES ? undefined : headIn(await readFile(file, 'utf8'));
  if (alone) return alone;
  const found = await earlierFrom(await linesOf(file));
  if ('leaves' in found) return found;
  throw brokenAudit(found, file);
}

function headIn(text: string): EarlierHead | undefined {
  try {
    const { data } = headFile.safeParse(JSON.parse(text));
    return data && { envelope: data.envelope, leaves: new Map() };
  } catch {
    return undefined;
  }
}

async function linesOf(file: string): Promise<AsyncIterable<string>> {
  await fileStat(file);
  return lines(createReadStream(file));
}

async function fileStat(path: string) {
  const refuse = (what: string, cause?: unknown) =>
    new OpsroomError('USAGE', { what, where: path, mend: 'Name a readable file.', cause });
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(cause.code === 'ENOENT' ? 'There is no such file.' : `It cannot be read: ${cause.code}.`, cause);
  });
  if (!found.isFile()) throw refuse('It is not a file.');
  return found;
}
