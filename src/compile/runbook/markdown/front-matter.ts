import { PlanProblems, type Problem } from '../../problems.js';
import { type Path, readYaml } from '../../yaml.js';

export interface FrontMatter {
  /** Undefined when there is none. */
  readonly value: unknown;
  /** How many lines it takes, with both fences. */
  readonly lines: number;
  /** Line in the file of what stands at a path of it. */
  readonly lineOf?: (path: Path) => number;
  /** Why it was not read, where it is for other programs alone. */
  readonly fault?: Problem;
}

const NONE: FrontMatter = { value: undefined, lines: 0 };

/**
 * The YAML between `---` lines at the top. Text between two rules that does not look like keys is not front matter. What is wrong with it
 * is a fault only where it says something to us: others read theirs as they like.
 * @throws PlanProblems (an OpsroomError) RUNBOOK_SETTINGS where ours stand outside of it; PLAN_SYNTAX with the line in the file; PLAN_TOO_LARGE, PLAN_UNREADABLE
 */
export function readFrontMatter(text: string, file: string): FrontMatter {
  if (!/^---[ \t]*\n/.test(text)) return none(text, file);
  const end = /\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  if (end === null) return none(text, file);
  // The first fence becomes an empty line: places then count lines of the file.
  const yaml = text.slice(text.indexOf('\n'), end.index + 1);
  const first = yaml.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'));
  const lines = yaml.split('\n').length;
  if (first === undefined) return yaml.trim() === '' ? NONE : { value: null, lines };
  if (!/^(?:"[^"]*"|'[^']*'|[\p{L}\p{N}_.$/-]+(?: [\p{L}\p{N}_.$/-]+){0,3})\s*:(?:\s|$)|^\{/u.test(first))
    return none(text, file);
  const source = readYaml(yaml, file);
  const [problem, ...more] = source.problems.map(ofFrontMatter);
  if (problem === undefined) return { value: source.value, lines, lineOf: (path) => source.place(path).line };
  if (!yaml.includes('opsroom')) return { value: null, lines, fault: problem };
  throw new PlanProblems([problem, ...more]);
}

/** What of ours an author wrote where nobody reads it, up to the first heading or block. */
const UNREAD = /^[^\S\n]*["']?opsroom["']?[^\S\n]*:[^\S\n]*(?:\{.*)?$/im;

/**
 * None: said of ours it would go unheard, and `sandbox` is what keeps blocks off the machine. Stars in the place of the first rule are
 * what the room itself writes, so that a stranger's document sets nothing.
 */
function none(text: string, file: string): FrontMatter {
  if (text.startsWith('***')) return NONE;
  const [top = ''] = text.split(/^(?: {0,3}#{1,6}[ \t]|[ \t]*(?:```|~~~))/m, 1);
  const unread = UNREAD.exec(top);
  if (unread === null) return NONE;
  throw new PlanProblems([
    {
      code: 'RUNBOOK_SETTINGS',
      what: 'What `opsroom:` says here is in no front matter, so nothing of it would count.',
      mend: 'Begin the file with a line `---`, right below it a line `opsroom:` with what it says, and a line `---` below that.',
      file,
      line: top.slice(0, unread.index).split('\n').length,
    },
  ]);
}

function ofFrontMatter(problem: Problem): Problem {
  return { ...problem, what: `In the front matter: ${problem.what}`, mend: 'Correct it between the two --- lines.' };
}
