import { type CatalogueEntry, entry } from './entry.js';

/** Spec Kit: task lists read as plans. Keep it sorted by code. */
export const SPECKIT = {
  SPECKIT_EMPTY: entry(
    422,
    2,
    'Nothing of the task list is to be done.',
    'Add tasks, or compile it with --all to have those that are ticked, too.',
  ),
  SPECKIT_FLAGGED: entry(
    422,
    2,
    'The task list contradicts itself.',
    'Mend the task list, or compile without --strict.',
  ),
  SPECKIT_NONE: entry(
    404,
    2,
    'There is no task list.',
    'Name a folder with a tasks.md in it, such as specs/001-name; `/speckit.tasks` writes one.',
  ),
  SPECKIT_SEVERAL: entry(422, 2, 'There are several task lists.', 'Name the folder of one of them.'),
  SPECKIT_UNSEEN: entry(
    409,
    2,
    'Nobody has seen what the task list becomes.',
    'Run it where somebody can be asked, or look at it with `opsroom compile DIR --explain` and run it with --seen.',
  ),
} as const satisfies Record<string, CatalogueEntry>;
