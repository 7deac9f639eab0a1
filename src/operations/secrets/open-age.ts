import { decryptAge, type Opener } from '#secrets/age.js';

/**
 * Opens an export where it is to be imported from, so that neither its key nor its passphrase leaves that machine.
 * @throws OpsroomError USAGE when it is no age file, or not for this opener
 */
export function openAge(file: string, opener: Opener): Promise<string> {
  return decryptAge(file, opener);
}
