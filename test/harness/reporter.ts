import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { UserConsoleLog } from 'vitest';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

/** Where the last results lie for scripts/test.mjs and scripts/requirements.mjs; below node_modules, so never committed. */
const FOLDER = join('node_modules', '.cache', 'opsroom');

/** How test/harness/parts.ts begins the line that names a missing part. */
const SKIPPED = 'skipped: ';

/** One test's result as scripts read it. */
export interface Outcome {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped. */
  readonly reason?: string;
}

/** tests.json: what the last run counted. `broken` are files, suites and stray errors that failed outside any test. */
export interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly Outcome[];
  readonly broken: number;
}

/** requirements.json: per test file, what its latest run said of the tests that cite a row. */
export type Citations = Record<string, readonly (Outcome & { readonly ids: readonly string[] })[]>;

/** The rows that a test's full title cites: `[RUN-03] another worker takes over` gives `['RUN-03']`. */
export function citedIds(title: string): string[] {
  return [...title.matchAll(/\[([A-Z]+-\d+)\]/g)].flatMap((match) => match[1] ?? []);
}

/** Writes the counts and the citations of a run where the scripts find them. */
export default class OpsroomReporter implements Reporter {
  /** What parts.ts said is missing, by the id of the test file: `test.skipIf` has no place for a reason. */
  readonly #missing = new Map<string, Set<string>>();

  onUserConsoleLog(log: UserConsoleLog): void {
    if (!log.taskId || !log.content.startsWith(SKIPPED)) return;
    const reasons = this.#missing.get(log.taskId) ?? new Set();
    this.#missing.set(log.taskId, reasons.add(log.content.slice(SKIPPED.length).trim()));
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const outcomes = modules.map((module) => ({
      module,
      tests: [...module.children.allTests()].map((test) => this.#outcomeOf(test)),
    }));
    const tests = outcomes.flatMap((entry) => entry.tests);
    const summary: Summary = {
      passed: tests.filter((test) => test.state === 'passed').length,
      failed: tests.filter((test) => test.state === 'failed').length,
      skipped: tests.filter((test) => test.state === 'skipped'),
      broken: errors.length + modules.reduce((sum, module) => sum + brokenIn(module), 0),
    };
    write('tests.json', summary);
    const fresh = Object.fromEntries(outcomes.map(({ module, tests }) => [module.relativeModuleId, citing(tests)]));
    write('requirements.json', { ...readCitations(), ...fresh });
  }

  #outcomeOf(test: TestCase): Outcome {
    const result = test.result();
    const title = `${test.module.relativeModuleId} > ${test.fullName}`;
    if (result.state === 'skipped') return { title, state: 'skipped', reason: result.note ?? this.#reasonFor(test) };
    // A test that is still pending when the run ends never ran: the run was stopped, or its worker died.
    return { title, state: result.state === 'pending' ? 'failed' : result.state };
  }

  #reasonFor(test: TestCase): string {
    if (test.options.mode === 'run') return 'the set-up of its suite failed';
    return [...(this.#missing.get(test.module.id) ?? [])].join('; ') || 'no reason given';
  }
}

/** Set-up that fails takes its tests with it silently: it must count by itself. */
function brokenIn(module: TestModule): number {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return suites.length + (module.errors().length > 0 ? 1 : 0);
}

function citing(tests: readonly Outcome[]): Citations[string] {
  return tests.map((test) => ({ ...test, ids: citedIds(test.title) })).filter((test) => test.ids.length > 0);
}

function readCitations(): Citations {
  try {
    return JSON.parse(readFileSync(join(FOLDER, 'requirements.json'), 'utf8')) as Citations;
  } catch {
    return {};
  }
}

function write(name: string, value: unknown): void {
  const path = join(FOLDER, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
