import { readFile, stat } from 'node:fs/promises';
import { approvalTexts } from '#ir/approval.js';
import { OpsroomError } from '#kit/errors.js';
import { brokenBundle, MOST_BUNDLE_BYTES, verifyProofs } from '#operations/proofs/verify.js';
import type { CommandModule } from '../command.js';
import { presentFailure } from '../failure.js';
import { oneLine } from '../format.js';
import type { Output } from '../output.js';

type Report = ReturnType<typeof verifyProofs>;

export const command: CommandModule = {
  register(command) {
    command
      .argument('<file>', 'the proof bundle')
      .option(
        '--key <file>',
        'public key (PEM) that must have signed it; several mean one of them; without it, the enclosed one is taken at its word',
        (file: string, before?: readonly string[]) => [...(before ?? []), file],
      );
  },
  examples: ['verify deploy.proof.json', 'verify deploy.proof.json --key host-a.pub.pem --key host-b.pub.pem --json'],
  async run({ args: [file = ''], command, output }) {
    const { key: files = [] } = command.opts<{ key?: readonly string[] }>();
    const bytes = await readBounded(file);
    const keys = await Promise.all(files.map(async (name) => (await readBounded(name)).toString('utf8')));
    const report = verifyProofs(bytes, keys);
    printReport(report, output);
    if (report.ok) output.result(report);
    if (report.ok) return 0;
    const failure = brokenBundle(report, file);
    if (!output.json) return presentFailure(failure, output);
    output.result({ ...report, error: failure.toJSON() });
    return 1;
  },
};

function printReport(report: Report, output: Output): void {
  const { colours } = output;
  for (const { name, ok, problem } of report.checks)
    output.print(ok ? `${colours.green('✓')} ${name}` : `${colours.red('✗')} ${name}: ${oneLine(problem ?? '')}`);
  if (!report.ok) return;
  const { run, key, head, omitted = 0 } = report;
  if (run)
    output.print(
      `\nRun ${run.id}: ${run.status}, ${run.word}; requested by ${oneLine(run.requestedBy)}, ended ${run.endedAt}`,
    );
  for (const text of approvalTexts(report.approvals ?? [])) output.print(`agreed to by ${oneLine(text)}`);
  output.print(`plan ${report.planDigest} · ${(head?.seq ?? 0) + 1} records`);
  if (omitted > 0) output.print(`${omitted} pieces of evidence are left out of the bundle and were not checked.`);
  if (key) output.print(key.trust === 'pinned' ? `Signed with the key you named, ${key.keyid}.` : unpinned(key.keyid));
}

const unpinned = (keyid: string): string =>
  `Signed with the enclosed key ${keyid}. Anybody can enclose a key: compare it with the room's, or pin it with --key.`;

async function readBounded(path: string): Promise<Buffer> {
  const refuse = (what: string, cause?: unknown) =>
    new OpsroomError('USAGE', { what, where: path, mend: 'Name a readable file.', cause });
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(cause.code === 'ENOENT' ? 'There is no such file.' : `It cannot be read: ${cause.code}.`, cause);
  });
  if (!found.isFile()) throw refuse('It is not a file.');
  if (found.size > MOST_BUNDLE_BYTES)
    throw refuse(`The file has ${found.size} bytes; a bundle has at most ${MOST_BUNDLE_BYTES}.`);
  return readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw refuse(`It cannot be read: ${cause.code}.`, cause);
  });
}
