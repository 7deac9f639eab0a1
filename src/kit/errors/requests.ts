import { type CatalogueEntry, entry } from './entry.js';

/** What is asked of the room, and who asks. Keep it sorted by code. */
export const REQUESTS = {
  ALREADY_ENDED: entry(409, 2, 'The run has ended.', 'Start it again with `opsroom rerun RUN`.'),
  APPROVAL_NEEDED: entry(
    403,
    4,
    'Somebody must agree before this runs.',
    'Propose it: `opsroom propose PLAN`, or POST /v1/intents with the same plan and inputs.',
  ),
  CLIENT_MISMATCH: entry(
    403,
    4,
    'The header `x-client-id` does not fit the key.',
    'Leave it out, or send the agent or the name that the key was made for: who asks is told by the key alone.',
  ),
  CROSS_SITE: entry(
    403,
    4,
    'The request does not come from a page of this room.',
    'Open the room itself and do it there; a program sends a key in the header `x-api-key`.',
  ),
  DENIED: entry(403, 4, 'Not permitted.', 'Ask for the permission that is named.'),
  DOCUMENT_REFUSED: entry(
    422,
    2,
    'The document is not taken.',
    'Give Markdown, a PDF with text, DOCX, HTML, PNG or JPEG: at most 20 MiB, without a password.',
  ),
  IDEMPOTENCY_KEY_REUSED: entry(
    409,
    2,
    'The idempotency key was used for another request.',
    'Choose a new key for each run that is meant.',
  ),
  KEY_FOREIGN: entry(
    401,
    4,
    'That is a key of another service.',
    'Give a key of this room (`opsroom keys create`). If the connection was not private, revoke the other one where it belongs.',
  ),
  KEY_REFUSED: entry(401, 4, 'The key does not open this room.', 'Make another one with `opsroom keys create`.'),
  LAST_OWNER: entry(409, 2, 'Nobody else here is an owner.', 'Make somebody else one first: `opsroom members role`.'),
  LINK_REFUSED: entry(
    401,
    4,
    'The link does not open this room.',
    'Make another one on the machine of the room: `opsroom owner-link`.',
  ),
  METHOD_NOT_ALLOWED: entry(
    405,
    2,
    'The address is not used with this method.',
    'Use one that the header `Allow` names.',
  ),
  NOT_ALLOWED_NOW: entry(
    409,
    2,
    'That is not possible in the state the run is in.',
    'See `opsroom show RUN` for what is possible now.',
  ),
  NOT_FOUND: entry(404, 2, 'There is no such thing.', 'List what there is; of runs: `opsroom runs`.'),
  POLICY_INVALID: entry(
    422,
    2,
    'The policies cannot be used, and nothing is decided without them.',
    'See what is wrong with `opsroom policy check`.',
  ),
  REQUEST_TOO_LARGE: entry(413, 2, 'The request is too large.', 'Send less at once; docs/api.md lists the limits.'),
  SECRET_REFUSED: entry(
    422,
    2,
    'That cannot be kept as a secret.',
    'Use text of 4 to 65536 characters; longer values are files, and belong on the target.',
  ),
  SIGN_IN_REFUSED: entry(
    401,
    4,
    'E-mail or password is wrong.',
    'Try again; an owner who is locked out makes a link on the machine of the room: `opsroom owner-link`.',
  ),
  TOO_MANY_REQUESTS: entry(
    429,
    2,
    'There were too many requests.',
    'Wait a little, as long as `Retry-After` says where it is given, then ask again.',
  ),
  UNAUTHENTICATED: entry(
    401,
    4,
    'Nobody is signed in.',
    'Sign in; a program sends a key of this room in the header `x-api-key`, which `opsroom keys create` makes.',
  ),
  USAGE: entry(400, 2, 'The request is not understood.', 'See `opsroom help`.'),
  WEBHOOK_REFUSED: entry(
    401,
    4,
    'The delivery is not accepted: the address or the signature is wrong.',
    'Compare the address and the secret with those of the webhook; docs/webhooks.md shows how to sign.',
  ),
  WEBHOOK_REPLAYED: entry(
    409,
    4,
    'The delivery counts no more.',
    'Let the sender send a new one, under an id of its own and signed when it is sent.',
  ),
} as const satisfies Record<string, CatalogueEntry>;
