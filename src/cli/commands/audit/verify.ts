import { readFile } from 'node:fs/promises';
import { OpsroomError } from '#kit/errors.js';
import { brokenAudit, verifyAuditFile } from '#operations/audit/verify.js';
import { presentFailure } from '../../failure.js';
import type { Output } from '../../output.js';
import type { AuditCall } from './options.js';

export async function verify({ which: file, options, output }: AuditCall): Promise<number> {
  if (file === undefined) {
    throw new OpsroomError('USAGE', { what: 'Which file?', mend: 'Name an export: opsroom audit verify audit.jsonl' });
  }
  const keys = await Promise.all((options.key ?? []).map(readKey));
  const report = await verifyAuditFile(file, { keys, against: options.against });
  if (report.ok) {
    tell(report, output);
    output.result(report);
    return 0;
  }
  const failure = brokenAudit(report, file);
  if (!output.json) return presentFailure(failure, output);
  output.result({ ...report, error: failure.toJSON() });
  return 1;
}

function tell(
  { entries = 0, size = 0, root, key, agreesWith, filter }: Awaited<ReturnType<typeof verifyAuditFile>>,
  output: Output,
): void {
  output.print(`${output.colours.green('✓')} ${entries} entries, whole and in their places in a tree of ${size}`);
  output.print(`  root ${root}`);
  if (Object.keys(filter ?? {}).length > 0)
    output.print(`  chosen by ${JSON.stringify(filter)}; the others are there as hashes`);
  if (agreesWith !== undefined)
    output.print(`${output.colours.green('✓')} begins as it did when it had ${agreesWith} entries`);
  if (key?.trust === 'pinned') output.print(`Signed with the key you named, ${key.keyid}.`);
  if (key?.trust === 'enclosed')
    output.print(`Signed with the enclosed key ${key.keyid}. Anybody can enclose a key: pin the room's with --key.`);
}

const readKey = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new OpsroomError('USAGE', {
      what: `The key cannot be read: ${cause.code}.`,
      where: file,
      mend: 'Name a PEM file.',
      cause,
    });
  });
