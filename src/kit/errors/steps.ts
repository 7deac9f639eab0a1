import { type CatalogueEntry, entry } from './entry.js';

/** Steps and runs while they run. Keep it sorted by code. */
export const STEPS = {
  ADDRESS_REFUSED: entry(
    403,
    1,
    'The address is private, and the target does not allow it.',
    'Allow it in the plan: `target: { allowAddresses: [...] }`.',
  ),
  ARGUMENT_INVALID: entry(
    422,
    1,
    'The arguments of the step do not fit its tool.',
    'Correct `args`; docs/tools.md lists what each tool takes.',
  ),
  ASKED: entry(
    409,
    1,
    'A person was asked how far the step came.',
    'Answer with `opsroom resolve RUN STEP --as done|failed|skip|retry --reason "TEXT"`.',
  ),
  CANCELLED: entry(409, 1, 'The run was cancelled.', 'Start it again with `opsroom rerun RUN`.'),
  HTTP_STATUS: entry(
    502,
    1,
    'The server answered with a status that was not expected.',
    'See the answer in the output of the step, or set expectStatus.',
  ),
  INTERRUPTED: entry(
    503,
    1,
    'The worker stopped while the step ran.',
    'Nothing to do: another worker takes the run over.',
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
  SECRET_UNUSABLE: entry(
    422,
    1,
    'The secret cannot be masked, so it must not be used.',
    'Use a secret of 4 to 65536 characters.',
  ),
  SQL_FAILED: entry(
    422,
    1,
    'The target database refused the statement.',
    'Correct the statement or its parameters; the message is the database’s own.',
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
} as const satisfies Record<string, CatalogueEntry>;
