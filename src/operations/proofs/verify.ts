import { OpsroomError } from '#kit/errors.js';
import { type BundleReport, MAX_BUNDLE_BYTES, verifyBundle } from '#record/verify-bundle.js';

/** Larger files are refused before they are read. */
export const MOST_BUNDLE_BYTES = MAX_BUNDLE_BYTES;

/**
 * Checks a proof bundle. Needs no room: neither a database nor a network. `publicKeys` (PEM) pin the signer: it must be
 * one of them, for each host of a room has a key of its own. With none, the enclosed key is taken at its word.
 */
export function verifyProofs(bytes: Uint8Array, publicKeys: readonly string[] = []): BundleReport {
  const [first, ...others] = publicKeys;
  if (first === undefined) return verifyBundle(bytes);
  const report = verifyBundle(bytes, { publicKey: first });
  const signed = report.checks.every(({ name, ok }) => name !== 'signature' || ok);
  return signed || others.length === 0 ? report : verifyProofs(bytes, others);
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
