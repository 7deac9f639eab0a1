import { type CatalogueEntry, entry } from './entry.js';

/** Artefacts, proofs, exports and their keys. Keep it sorted by code. */
export const PROOFS = {
  ARTEFACT_MISSING: entry(
    422,
    1,
    'A declared artefact is not there.',
    'Let the step write the file, or correct its path under `artefacts`.',
  ),
  ARTEFACT_REFUSED: entry(
    422,
    1,
    'An artefact cannot be kept.',
    'See the reason in the message; a path must stay inside the workspace.',
  ),
  AUDIT_BROKEN: entry(
    422,
    1,
    'The export of the audit log does not hold.',
    'Ask for another copy; what is named is not what was written.',
  ),
  BUNDLE_BROKEN: entry(
    422,
    1,
    'The proof bundle does not verify.',
    'Fetch it again from its source; what is named was altered.',
  ),
  REPLAY_DIFFERS: entry(
    422,
    1,
    'The records of the run do not follow from each other.',
    'Something was changed after it was written, or another version decided it: compare with a sealed bundle (`opsroom proofs RUN`) and a backup.',
  ),
  SIGNING_KEY: entry(
    500,
    2,
    'The signing key cannot be used.',
    'Put your copy of `keys/` back (no backup holds it), or move it away: a new one is then made, and earlier proofs verify with the old public key.',
  ),
} as const satisfies Record<string, CatalogueEntry>;
