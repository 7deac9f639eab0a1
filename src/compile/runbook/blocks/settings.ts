import { z } from 'zod';
import type { JsonValue } from '#ir/json.js';
import { LANES, sandboxSchema, targetSchema } from '#ir/plan.js';
import { issueProblems } from '../../form.js';
import { PlanProblems, type Problem } from '../../problems.js';
import type { Path } from '../../yaml.js';
import { durationMs } from '../markdown/durations.js';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'letters, digits and "_", not starting with a digit');
const duration = z
  .union([z.string(), z.int().min(1)])
  .transform((value) => (typeof value === 'number' ? value : durationMs(value)))
  .refine((ms): ms is number => ms !== undefined, 'write a duration: 30s, 5m, 2h, or milliseconds');

const settingsSchema = z.strictObject({
  /** `true`: the whole file may be run. `section`: only by section. */
  run: z.union([z.boolean(), z.literal('section')]).optional(),
  title: z.string().min(1).max(500).optional(),
  /** Values of inputs by their name. */
  inputs: z.record(name, z.json() as z.ZodType<JsonValue>).default({}),
  /** Inputs and variables that are secrets: each is read from the room's secret of its name in capitals. */
  secrets: z.array(name).default([]),
  target: targetSchema.optional(),
  lane: z.enum(LANES).optional(),
  /** Relative to the folder of the file. */
  cwd: z.string().min(1).optional(),
  strict: z.boolean().default(false),
  /** Of each block. */
  timeout: duration.optional(),
  /** Name of the secret that holds the URL which SQL blocks are run on. */
  database: name.optional(),
  onFailure: z.enum(['rollback', 'stop']).optional(),
  /** Of whatever a shell runs, as `sandbox` of a step. One for all blocks: a session passes only between steps that are isolated alike. */
  sandbox: sandboxSchema
    .refine(({ level, network }) => network || level === 'bubblewrap', {
      message: 'only the level bubblewrap can keep blocks off the network',
    })
    .optional(),
});

/** What the front matter says under `opsroom:`, with defaults filled in. */
export type Settings = z.output<typeof settingsSchema>;

const MEND = 'See in docs/runbooks.md what `opsroom:` may say in the front matter.';
const MEND_SANDBOX =
  'Write `sandbox: { level: bubblewrap, network: true }`; without `network: true` blocks reach no network.';

/**
 * Reads the front matter of a runbook. Other keys than `opsroom` belong to other programs.
 * @param lineOf in the file, of what stands at a path of the front matter
 * @throws PlanProblems (RUNBOOK_SETTINGS) that names the member at fault
 */
export function readSettings(frontMatter: unknown, file: string, lineOf: (path: Path) => number = () => 1): Settings {
  refuseNearly(frontMatter, file, lineOf);
  const own = member(frontMatter, 'opsroom') ?? {};
  const parsed = settingsSchema.safeParse(own);
  if (parsed.success) return parsed.data;
  const problems = issueProblems(parsed.error.issues, fieldsAt).map(
    ({ path, what, mend }): Problem => ({
      code: 'RUNBOOK_SETTINGS',
      what: `The front matter is wrong at ${['opsroom', ...path].join('.')}: ${what}.`,
      mend: mend.startsWith('Did') ? mend : path[0] === 'sandbox' ? MEND_SANDBOX : MEND,
      file,
      line: lineOf(['opsroom', ...path]),
    }),
  );
  const [first, ...rest] = problems;
  throw new PlanProblems([
    first ?? { code: 'RUNBOOK_SETTINGS', what: 'The front matter is wrong.', mend: MEND },
    ...rest,
  ]);
}

/** "Opsroom:" would be of another program, and its words unheard. */
function refuseNearly(frontMatter: unknown, file: string, lineOf: (path: Path) => number): void {
  const keys = typeof frontMatter === 'object' && frontMatter !== null ? Object.keys(frontMatter) : [];
  const nearly = keys.find((key) => key !== 'opsroom' && key.trim().toLowerCase() === 'opsroom');
  if (nearly === undefined) return;
  const what = `The front matter says "${nearly}", which is not read.`;
  throw new PlanProblems([{ code: 'RUNBOOK_SETTINGS', what, mend: 'Write `opsroom:`.', file, line: lineOf([nearly]) }]);
}

function fieldsAt([name]: Path): readonly string[] {
  return Object.keys((name === 'sandbox' ? sandboxSchema : settingsSchema).shape);
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
