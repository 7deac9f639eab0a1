/** Exit codes of the command line: 1 the run failed, 2 refused (bad plan, input, usage), 3 parked, 4 denied; 130, left by Ctrl-C, is no error. */
export type ExitCode = 1 | 2 | 3 | 4;

export interface CatalogueEntry {
  readonly what: string;
  readonly mend: string;
  readonly http: number;
  readonly exit: ExitCode;
}

const entry = (http: number, exit: ExitCode, what: string, mend: string): CatalogueEntry => ({
  what,
  mend,
  http,
  exit,
});

/** Every error that a user can meet. docs/errors.md is generated from it. Keep it sorted by code within a group. */
export const CATALOGUE = {
  // plans
  PLAN_CYCLE: entry(422, 2, 'The steps depend on each other in a circle.', 'Remove one dependsOn of the circle.'),
  PLAN_EXPRESSION: entry(
    422,
    2,
    'An expression is wrong.',
    'Correct the expression; `opsroom compile FILE` checks it without running.',
  ),
  PLAN_INVALID: entry(
    422,
    2,
    'The plan does not have the form of a plan.',
    'Compare it with `opsroom schema` or docs/plans.md.',
  ),
  PLAN_SYNTAX: entry(422, 2, 'The file is not valid YAML or JSON.', 'Correct the syntax at the named place.'),
  PLAN_TOO_LARGE: entry(413, 2, 'The plan is too large.', 'Split it into several plans; the limits are fixed.'),
  PLAN_UNREADABLE: entry(422, 2, 'The file cannot be read as a plan.', 'Name a readable YAML, JSON or Markdown file.'),
  INPUT_INVALID: entry(422, 2, 'The inputs do not fit the plan.', 'Give them with --input NAME=VALUE or --input-file.'),
  // runbooks
  RUNBOOK_EMPTY: entry(
    422,
    2,
    'Nothing in the runbook can be run.',
    'See why with `opsroom compile FILE --explain`; `{run}` after the language of a block marks it to be run.',
  ),
  RUNBOOK_LOCK: entry(
    422,
    2,
    'The lock of the runbook cannot be used.',
    'Remove it and review the file again: `opsroom review FILE`.',
  ),
  RUNBOOK_SECTION: entry(
    404,
    2,
    'The runbook has no such section.',
    'Name one by the anchor of its heading: FILE.md#anchor.',
  ),
  RUNBOOK_SETTINGS: entry(
    422,
    2,
    'The front matter of the runbook is wrong.',
    'See in docs/runbooks.md what `opsroom:` may say in the front matter.',
  ),
  RUNBOOK_UNREVIEWED: entry(
    409,
    2,
    'The runbook was not reviewed as it stands.',
    'Review it with `opsroom review FILE`, or run one section: `opsroom run FILE#section`.',
  ),
  RUNBOOK_WEAK_CHECK: entry(
    422,
    2,
    'A check can hardly fail, because it states no expectation.',
    'Let it assert something (grep, test, curl -f), show the expected output, or compile without --strict.',
  ),
  // requests
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
  NOT_FOUND: entry(404, 2, 'There is no such thing.', 'List what there is: `opsroom runs`.'),
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
    'Let the sender send a new one; or deliver it again from the list: `opsroom webhooks redeliver`.',
  ),
  // the machine and the database
  BACKUP_UNUSABLE: entry(
    422,
    2,
    'The backup cannot be restored here.',
    'Take another backup, or restore into a new directory with OPSROOM_HOME.',
  ),
  DATA_DIR_IN_USE: entry(
    503,
    2,
    'The data directory is used by another process.',
    'Stop that process, or choose another directory with OPSROOM_HOME.',
  ),
  DATA_DIR_NEWER: entry(
    503,
    2,
    'The data directory was written by a newer version.',
    'Use that version, or restore a backup into a new directory.',
  ),
  DATABASE_FAILED: entry(
    500,
    2,
    'The database refused a statement.',
    'Run `opsroom doctor`; the log holds the details.',
  ),
  DATABASE_UNREACHABLE: entry(503, 2, 'The database cannot be reached.', 'Check that it runs; see `opsroom doctor`.'),
  DISK_FULL: entry(
    507,
    2,
    'There is no room left on the disk.',
    'Free some space, then go on with `opsroom resume RUN`.',
  ),
  INTERNAL: entry(
    500,
    1,
    'Opsroom made a mistake.',
    'Report it with the code and the time; the log holds the details.',
  ),
  PLATFORM_UNSUPPORTED: entry(
    501,
    2,
    'The embedded database does not serve this platform.',
    'Set DATABASE_URL to a PostgreSQL server of version 15 or later.',
  ),
  PORT_IN_USE: entry(
    503,
    2,
    'The port is taken by another program.',
    'Choose another one with --port, or 0 for any that is free.',
  ),
  SECRET_ALTERED: entry(
    500,
    2,
    'A row of the vault does not open: it was altered, or belongs elsewhere.',
    'Set the secret anew with `opsroom secrets set NAME`, and find out who can write to the database.',
  ),
  SECRETS_FILE: entry(
    503,
    2,
    'The secrets file cannot be used.',
    'Make it a file of NAME=VALUE lines that only its owner may read (chmod 600).',
  ),
  VAULT_KEY: entry(
    503,
    2,
    'The vault does not open: its key is missing or wrong.',
    'Put your copy of `keys/vault.key` back (no backup holds it) or set OPSROOM_VAULT_KEY; what its key is lost for can only be removed and set anew.',
  ),
  // steps
  ASKED: entry(
    409,
    1,
    'A person was asked how far the step came.',
    'Answer with `opsroom resolve RUN STEP --as done|failed|skip|retry --reason "TEXT"`.',
  ),
  ADDRESS_REFUSED: entry(
    403,
    1,
    'The address is private, and the target does not allow it.',
    'Allow it in the plan: `target: { allowAddresses: [...] }`.',
  ),
  CANCELLED: entry(409, 1, 'The run was cancelled.', 'Start it again with `opsroom rerun RUN`.'),
  INTERRUPTED: entry(
    503,
    1,
    'The worker stopped while the step ran.',
    'Nothing to do: another worker takes the run over.',
  ),
  ARGUMENT_INVALID: entry(
    422,
    1,
    'The arguments of the step do not fit its tool.',
    'Correct `args`; docs/tools.md lists what each tool takes.',
  ),
  HTTP_STATUS: entry(
    502,
    1,
    'The server answered with a status that was not expected.',
    'See the answer in the output of the step, or set expectStatus.',
  ),
  ISOLATION_UNAVAILABLE: entry(
    501,
    2,
    'This machine cannot isolate the step as asked.',
    'Install bubblewrap, or ask for a lower level.',
  ),
  OUTPUT_REFUSED: entry(
    422,
    1,
    'The output of the step cannot be stored.',
    'Make the step print less, or write an artefact.',
  ),
  PRECONDITION_FAILED: entry(
    412,
    1,
    'A precondition does not hold.',
    'See what is missing and how to get it in the message.',
  ),
  ROLLBACK_INCOMPLETE: entry(500, 1, 'Some steps could not be undone.', 'See which, and undo them by hand.'),
  RUN_TIMEOUT: entry(
    504,
    1,
    'The run took longer than its limit.',
    'Raise timeoutMs of the plan, or find out what took so long.',
  ),
  SQL_FAILED: entry(
    422,
    1,
    'The target database refused the statement.',
    'Correct the statement or its parameters; the message is the database’s own.',
  ),
  SECRET_UNUSABLE: entry(
    422,
    1,
    'The secret cannot be masked, so it must not be used.',
    'Use a secret of 4 to 65536 characters.',
  ),
  STEP_FAILED: entry(500, 1, 'The step failed.', 'See its log with `opsroom logs RUN --step STEP`.'),
  STEP_OVER_LIMIT: entry(
    507,
    1,
    'The step used more of the machine than it may.',
    'Find out what grows without end; or raise OPSROOM_STEP_PROCESSES, OPSROOM_STEP_MEMORY_MB or OPSROOM_STEP_FILE_MB.',
  ),
  STEP_TIMEOUT: entry(
    504,
    1,
    'The step took longer than its limit.',
    'Raise timeoutMs, or find out what hung in its log.',
  ),
  UNREACHABLE: entry(502, 1, 'The other side cannot be reached.', 'Check that it runs and that the address is right.'),
  VERIFIER_FAILED: entry(422, 1, 'A required verifier did not pass.', 'See its evidence with `opsroom proofs RUN`.'),
  // proofs
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
  SIGNING_KEY: entry(
    500,
    2,
    'The signing key cannot be used.',
    'Put your copy of `keys/` back (no backup holds it), or move it away: a new one is then made, and earlier proofs verify with the old public key.',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof CATALOGUE;

export interface ErrorDetail {
  /** What happened, in this case; defaults to the catalogue's sentence. */
  readonly what?: string;
  /** Where: file, line and column; step; run; setting. */
  readonly where?: string;
  /** What to do about it, in this case; defaults to the catalogue's. */
  readonly mend?: string;
  readonly cause?: unknown;
}

/** The one error type that crosses folders. `message` is "what (where)"; the stack never reaches a user. */
export class OpsroomError extends Error {
  readonly code: ErrorCode;
  readonly where: string | undefined;
  readonly mend: string;

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    const what = detail.what ?? CATALOGUE[code].what;
    super(detail.where ? `${what} (${detail.where})` : what, detail.cause === undefined ? {} : { cause: detail.cause });
    this.name = 'OpsroomError';
    this.code = code;
    this.where = detail.where;
    this.mend = detail.mend ?? CATALOGUE[code].mend;
  }

  /** The shape that every door shows and the ledger stores. */
  toJSON(): { code: ErrorCode; message: string; mend: string } {
    return { code: this.code, message: this.message, mend: this.mend };
  }
}

/** Any thrown value as an OpsroomError; what is not ours becomes INTERNAL with its message kept as the cause. */
export function asOpsroomError(thrown: unknown, fallback: ErrorCode = 'INTERNAL'): OpsroomError {
  if (thrown instanceof OpsroomError) return thrown;
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new OpsroomError(fallback, { what: `${CATALOGUE[fallback].what} ${text}`.trim(), cause: thrown });
}
