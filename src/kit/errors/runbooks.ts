import { type CatalogueEntry, entry } from './entry.js';

/** Runbooks: Markdown read as plans. Keep it sorted by code. */
export const RUNBOOKS = {
  RUNBOOK_EMPTY: entry(
    422,
    2,
    'Nothing in the runbook can be run.',
    'Write `{run}` after the language of a block that is to be run.',
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
    'Review it with `opsroom review FILE`, say `opsroom: { run: true }` in its front matter, or run one section: `opsroom run FILE#section`.',
  ),
  RUNBOOK_WEAK_CHECK: entry(
    422,
    2,
    'A check can hardly fail, because it states no expectation.',
    'Let it assert something (grep, test, curl -f), show the expected output, or compile without --strict.',
  ),
} as const satisfies Record<string, CatalogueEntry>;
