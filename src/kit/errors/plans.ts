import { type CatalogueEntry, entry } from './entry.js';

/** Plans and their inputs. Keep it sorted by code. */
export const PLANS = {
  INPUT_INVALID: entry(422, 2, 'The inputs do not fit the plan.', 'Give them with --input NAME=VALUE or --input-file.'),
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
  SKILL_INVALID: entry(422, 2, 'The skill cannot be used.', 'Correct its file; `opsroom skills check` reads them all.'),
} as const satisfies Record<string, CatalogueEntry>;
