import { OpsroomError } from '#kit/errors.js';
import { type BundleReport, MAX_BUNDLE_BYTES, verifyBundle } from '#record/verify-bundle.js';

/** Larger files are refused before they are read. */
export const MOST_BUNDLE_BYTES = MAX_BUNDLE_BYTES;

/** Checks a proof bundle. Needs no room: neither a database nor a network. `publicKey` (PEM) pins the signer. */
export function verifyProofs(bytes: Uint8Array, publicKey?: string): BundleReport {
  return verifyBundle(bytes, publicKey === undefined ? {} : { publicKey });
}

/** What a report that is not ok comes to, naming the first broken record where one is known. */
export function brokenBundle(report: BundleReport, file: string): OpsroomError {
  const { firstBroken } = report;
  if (firstBroken) {
    const step = firstBroken.step === undefined ? '' : `, step ${firstBroken.step}`;
    return new OpsroomError('BUNDLE_BROKEN', {
      what: `The first broken record is ${firstBroken.seq}${step}: ${firstBroken.problem}.`,
      where: file,
    });
  }
  const failed = report.checks.find(({ ok }) => !ok);
  return new OpsroomError('BUNDLE_BROKEN', {
    what: `The check "${failed?.name}" fails: ${failed?.problem}.`,
    where: file,
  });
}
