import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

/** Where the last results lie for scripts/test.mjs and scripts/requirements.mjs; below node_modules, so never committed. */
const FOLDER = join('node_modules', '.cache', 'opsroom');

/** One test's result as scripts read it. */
export interface Outcome {
  readonly title: string;
  readonly state: 'passed' | 'failed' | 'skipped';
  /** Why it was skipped, when the test said so. */
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
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    const outcomes = modules.map((module) => ({ module, tests: [...module.children.allTests()].map(outcomeOf) }));
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
}

function outcomeOf(test: TestCase): Outcome {
  const result = test.result();
  const title = `${test.module.relativeModuleId} > ${test.fullName}`;
  // A test that is still pending when the run ends never ran: its file or its suite's set-up broke, or the run was stopped.
  if (result.state === 'pending') return { title, state: 'failed' };
  if (result.state === 'skipped' && result.note) return { title, state: 'skipped', reason: result.note };
  return { title, state: result.state };
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
