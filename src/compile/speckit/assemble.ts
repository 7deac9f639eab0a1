import { metadataOf, type StepGroup } from '#ir/groups.js';
import type { JsonObject } from '#ir/json.js';
import { literal } from '../literal.js';
import type { Explanation } from '../runbook/assemble/explain.js';
import { placeText } from '../runbook/assemble/step.js';
import { Ids } from '../runbook/blocks/names.js';
import type { Bundle } from './bundle.js';
import { checkEntry, clip, taskEntry } from './explanation.js';
import type { TaskGraph } from './graph.js';
import { type Doer, manualStep, type Terms, taskStep } from './hand-over.js';
import { leftOut } from './left-out.js';
import {
  AGENT_BASE,
  type Draft,
  inSequence,
  OFFERING,
  type Offering,
  offerSettings,
  type PullRequest,
  withApplied,
  withPullRequest,
} from './offer.js';
import { type Join, type Order, orderOf, type Stop } from './order.js';
import { type Scenario, type Specification, titleIn } from './scenarios.js';
import { joinHint, taskHint, taskTitle } from './step-names.js';
import type { Checkpoint, Task, TaskList } from './task.js';

export interface AssembleInput {
  readonly bundle: Bundle;
  readonly list: TaskList;
  readonly graph: TaskGraph;
  readonly specification: Specification | undefined;
  readonly doer: Doer;
  /** A program that judges each task. */
  readonly check: Terms['check'];
  readonly pullRequest: PullRequest | undefined;
  /** Tasks that are ticked become steps, too. */
  readonly all: boolean;
}

export interface Assembled {
  /** In the form of a plan file. */
  readonly value: JsonObject;
  /** The line of each step, and the file when it is not the task list. */
  readonly places: ReadonlyMap<string, { readonly line: number; readonly file: string }>;
  readonly explanation: Omit<Explanation, 'warnings'>;
  readonly order: Order;
  /** Id of the step of each task that has one. */
  readonly steps: ReadonlyMap<number, string>;
}

/** Makes a plan of a task list: a step per task that is not done, the checkpoints, and the acceptance of each story. */
export function assemble(input: AssembleInput): Assembled {
  return new Assembly(input).assemble();
}

class Assembly {
  readonly #input: AssembleInput;
  readonly #ids = new Ids();
  readonly #todo: number[];
  readonly #scenarios: ReadonlyMap<string, readonly Scenario[]>;
  readonly #places = new Map<string, { line: number; file: string }>();
  readonly #explained: Explanation['steps'][number][] = [];
  readonly #stepOf = new Map<number, string>();
  readonly #groups = new Map<string, StepGroup>();

  constructor(input: AssembleInput) {
    this.#input = input;
    const { list, specification, all } = input;
    this.#todo = list.tasks.flatMap(({ state }, index) =>
      state === 'open' || (all && state === 'done') ? [index] : [],
    );
    this.#scenarios = byStory(specification?.scenarios ?? []);
  }

  assemble(): Assembled {
    const { list, graph } = this.#input;
    const after = restricted(graph.after, new Set(this.#todo));
    const acceptance = this.#acceptance();
    const order = orderOf({ tasks: this.#todo, all: list.tasks, after, checkpoints: list.checkpoints, acceptance });
    const ids = order.stops.map((stop) => this.#idOf(stop));
    const drafts = order.stops.map((stop, at): Draft => {
      const waits = [...(order.waits.get(at) ?? [])].flatMap((before) => ids[before] ?? []);
      return { id: ids[at] ?? '', ...this.#body(stop, ids[at] ?? ''), dependsOn: waits };
    });
    order.stops.forEach((stop, at) => {
      this.#groups.set(ids[at] ?? '', this.#groupOf(stop, this.#groups.get(ids[at - 1] ?? '')));
    });
    const offered = this.#offered(drafts);
    const placeOf = new Map(offered.map(({ id }, at) => [id, at]));
    const value = this.#plan(offered);
    return {
      value,
      places: this.#places,
      explanation: {
        steps: this.#explained.sort((a, b) => (placeOf.get(a.id) ?? 0) - (placeOf.get(b.id) ?? 0)),
        leftOut: leftOut({
          list,
          bundle: this.#input.bundle,
          steps: this.#stepOf,
          explained: this.#explained,
          scenarios: this.#scenarios,
          accepted: new Set([...acceptance.values()].flat()),
        }),
        questions: [],
      },
      order,
      steps: this.#stepOf,
    };
  }

  /** As `check` and `pullRequest` ask for it. */
  #offered(drafts: readonly Draft[]): readonly Draft[] {
    const { check, pullRequest, doer, list } = this.#input;
    const tasks = new Set(this.#stepOf.values());
    const ordered = check === undefined ? drafts : inSequence(drafts, (id) => tasks.has(id));
    if (pullRequest === undefined) return ordered;
    const applied = withApplied(ordered, (what, of) => this.#offering(what, `${of}-apply`, this.#groups.get(of)));
    const words = this.#todo.flatMap((index) => {
      const task = list.tasks[index];
      return task === undefined ? [] : [clip(`${task.id ?? ''} ${task.text}`.trim(), 200)];
    });
    return withPullRequest(applied, pullRequest, { title: this.#title(), tasks: words, doer }, (what) =>
      this.#offering(what, what, { phase: what === 'branch' ? 'Branch' : 'Pull request', stories: [] }),
    );
  }

  #offering(what: Offering, hint: string, group: StepGroup | undefined): string {
    const id = this.#ids.take(hint);
    if (group !== undefined) this.#groups.set(id, group);
    const { path } = this.#input.bundle.tasks;
    this.#places.set(id, { line: 1, file: path });
    this.#explained.push({
      ...checkEntry(id, 1, { rule: 'pull-request', why: OFFERING[what], text: '' }),
      label: 'run',
    });
    return id;
  }

  /** After the last task of each story that has scenarios. */
  #acceptance(): Map<number, string[]> {
    const last = new Map<string, number>();
    for (const index of this.#todo) {
      const stories = this.#input.list.tasks[index]?.stories ?? [];
      for (const story of stories) if (this.#scenarios.has(story)) last.set(story, index);
    }
    const stories = new Map<number, string[]>();
    for (const [story, index] of last) stories.set(index, [...(stories.get(index) ?? []), story]);
    return stories;
  }

  #idOf(stop: Stop): string {
    if (!('task' in stop)) return this.#ids.take(joinHint(stop.join, this.#partOf(stop.join)));
    const id = this.#ids.take(taskHint(this.#input.list.tasks[stop.task]));
    this.#stepOf.set(stop.task, id);
    return id;
  }

  /** @param before of the stop before: the acceptance of a story follows the story's last task */
  #groupOf(stop: Stop, before: StepGroup | undefined): StepGroup {
    if ('task' in stop) {
      const { phase, stories = [] } = this.#input.list.tasks[stop.task] ?? {};
      return { ...named(phase), stories };
    }
    const { join } = stop;
    if (join.kind === 'acceptance') return { ...before, stories: [String(join.of)], mark: 'acceptance' };
    const part = this.#partOf(join);
    const stories = part?.story === undefined ? [] : [part.story];
    return { ...named(part), stories, ...(join.kind === 'checkpoint' ? { mark: 'checkpoint' as const } : {}) };
  }

  #partOf({ kind, of }: Join): Task['phase'] {
    const { checkpoints, tasks } = this.#input.list;
    if (kind === 'checkpoint') return checkpoints[Number(of)]?.phase;
    return tasks.find(({ phase }) => phase?.line === of)?.phase;
  }

  #body(stop: Stop, id: string): JsonObject {
    if ('task' in stop) return this.#task(stop.task, id);
    if (stop.join.kind === 'acceptance') return this.#accept(String(stop.join.of), id);
    if (stop.join.kind === 'phase')
      return {
        title: `All of ${clip(this.#partOf(stop.join)?.heading ?? 'the phase', 200)}`.replaceAll('{{', '{ {'),
        kind: 'system',
        action: 'wait',
        args: { durationMs: 0 },
      };
    return this.#checkpoint(this.#input.list.checkpoints[Number(stop.join.of)], id);
  }

  #task(index: number, id: string): JsonObject {
    const { list, bundle, doer, check, pullRequest } = this.#input;
    const task = list.tasks[index];
    if (task === undefined) return {};
    this.#places.set(id, { line: task.lines.from, file: bundle.tasks.path });
    this.#explained.push(taskEntry(task, id, doer !== undefined));
    const name = task.id ?? `the task at line ${task.lines.from}`;
    const context = bundle.context.map(({ path }) => path);
    return {
      title: taskTitle(task, id),
      description: placeText(bundle.tasks.path, task.lines),
      ...taskStep({ task, name, context }, doer, { check, base: pullRequest && AGENT_BASE }),
    };
  }

  #checkpoint(checkpoint: Checkpoint | undefined, id: string): JsonObject {
    const { line = 0, text = '' } = checkpoint ?? {};
    const { path } = this.#input.bundle.tasks;
    this.#places.set(id, { line, file: path });
    const why = 'a checkpoint: it waits for all above it in its phase, and a person looks';
    this.#explained.push(checkEntry(id, line, { rule: 'checkpoint', why, text }));
    return {
      title: literal(clip(`Checkpoint: ${text}`, 200)),
      description: placeText(path, { from: line, to: line }),
      ...manualStep(`Check before going on: ${text}`),
    };
  }

  #accept(story: string, id: string): JsonObject {
    const scenarios = this.#scenarios.get(story) ?? [];
    const { tasks, spec } = this.#input.bundle;
    const line = scenarios[0]?.line ?? 0;
    const to = scenarios.at(-1)?.line ?? line;
    const { path } = spec ?? tasks;
    this.#places.set(id, { line, file: path });
    const text = `${scenarios.length} acceptance ${scenarios.length === 1 ? 'scenario' : 'scenarios'} of ${story}`;
    const why = 'what the specification says must be true once the story is done; a person looks';
    this.#explained.push({
      ...checkEntry(id, line, { rule: 'acceptance', why, text }),
      lines: { from: line, to },
      file: path,
    });
    return {
      title: `Acceptance of ${story}`,
      description: placeText(path, { from: line, to }),
      ...manualStep(['All of this must hold:', ...scenarios.map((one) => `- ${one.text}`)].join('\n')),
    };
  }

  #title(): string {
    const { list, specification, bundle } = this.#input;
    const title = list.title === undefined ? specification?.title : titleIn(list.title);
    return clip(title || specification?.title || bundle.tasks.path, 300);
  }

  #plan(steps: readonly Draft[]): JsonObject {
    const { bundle, doer, check, pullRequest } = this.#input;
    const groups = new Map(
      steps.flatMap(({ id }) => {
        const group = this.#groups.get(id);
        return group === undefined ? [] : [[id, group] as const];
      }),
    );
    const isHere = doer !== undefined || check !== undefined || pullRequest !== undefined;
    return {
      kind: 'spec',
      title: literal(this.#title()),
      description: `Compiled from ${bundle.tasks.path}.`,
      ...(pullRequest === undefined ? {} : offerSettings(pullRequest, bundle.tasks.path)),
      steps: [...steps],
      // What is handed over, judged or offered is in the project itself.
      ...(isHere ? { workspace: { kind: 'inplace' } } : {}),
      metadata: { source: bundle.tasks.path, ...metadataOf(groups) },
    };
  }
}

function named(part: Task['phase']): Pick<StepGroup, 'phase'> {
  return part === undefined || part.heading === '' ? {} : { phase: part.heading };
}

function byStory(scenarios: readonly Scenario[]): Map<string, Scenario[]> {
  const stories = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    const known = stories.get(scenario.story ?? '');
    if (known === undefined) stories.set(scenario.story ?? '', [scenario]);
    else known.push(scenario);
  }
  return stories;
}

function restricted(after: TaskGraph['after'], todo: ReadonlySet<number>): Map<number, Set<number>> {
  return new Map(
    [...after].flatMap(([task, before]) =>
      todo.has(task) ? [[task, new Set([...before].filter((one) => todo.has(one)))] as const] : [],
    ),
  );
}
