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
 * @throws PlanProblems (an OpsroomError) PLAN_SYNTAX with the line in the file; PLAN_TOO_LARGE, PLAN_UNREADABLE
 */
export function readFrontMatter(text: string, file: string): FrontMatter {
  if (!/^---[ \t]*\n/.test(text)) return NONE;
  const end = /\n(?:---|\.\.\.)[ \t]*(?:\n|$)/.exec(text);
  if (end === null) return NONE;
  // The first fence becomes an empty line: places then count lines of the file.
  const yaml = text.slice(text.indexOf('\n'), end.index + 1);
  const first = yaml.split('\n').find((line) => line.trim() !== '' && !line.startsWith('#'));
  const lines = yaml.split('\n').length;
  if (first === undefined) return yaml.trim() === '' ? NONE : { value: null, lines };
  if (!/^(?:"[^"]*"|'[^']*'|[\w.$/-]+(?: [\w.$/-]+){0,3})\s*:(?:\s|$)|^\{/.test(first)) return NONE;
  const source = readYaml(yaml, file);
  const [problem, ...more] = source.problems.map(ofFrontMatter);
  if (problem === undefined) return { value: source.value, lines, lineOf: (path) => source.place(path).line };
  if (!yaml.includes('opsroom')) return { value: null, lines, fault: problem };
  throw new PlanProblems([problem, ...more]);
}

function ofFrontMatter(problem: Problem): Problem {
  return { ...problem, what: `In the front matter: ${problem.what}`, mend: 'Correct it between the two --- lines.' };
}
