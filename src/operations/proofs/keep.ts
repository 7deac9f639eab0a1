import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BundleReport } from '#record/verify-bundle.js';
import { invoke } from '../invoke.js';
import type { Room } from '../room.js';
import { exportProofs } from './export.js';
import { brokenBundle, verifyProofs } from './verify.js';

export interface KeptBundle {
  readonly file: string;
  readonly report: BundleReport;
}

/**
 * Writes the proof bundle of a run into `folder`, reads it back and checks it, as anybody else would, by this room's key.
 * @throws OpsroomError NOT_FOUND when the run is not sealed, BUNDLE_BROKEN when it does not verify
 */
export async function keepBundle(room: Room, run: string, folder: string): Promise<KeptBundle> {
  const { runId, bundle } = await invoke(exportProofs, { run }, room);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${runId}.json`);
  await writeFile(`${file}.part`, `${JSON.stringify(bundle)}\n`, { mode: 0o600 });
  await rename(`${file}.part`, file);
  const report = verifyProofs(await readFile(file), [room.key.publicKeyPem]);
  if (!report.ok) throw brokenBundle(report, file);
  return { file, report };
}
