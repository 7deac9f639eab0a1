import type { JsonObject } from '#ir/json.js';
import type { Plan, RollbackStep, Step } from '#ir/plan.js';
import { yaml } from '../yaml-library.js';
import { IN_WORKFLOW } from './github-carried.js';
import { checkScript, dispatchInputs, instructionsOf, preconditionScript } from './github-checks.js';
import type { Script } from './github-script.js';
import { keepingAtTrap, SESSION_STEP } from './github-sessions.js';
import { scriptOf } from './github-steps.js';
import { asCondition, asText, asValue, NotPortable } from './github-text.js';
import { notCarried } from './not-carried.js';
import { inSequence } from './sequence.js';

export interface Exported {
  readonly text: string;
  /** What it is usually called. */
  readonly file: string;
  /** What the form says otherwise, or what fails there, in words. */
  readonly notes: readonly string[];
  /** Members of the plan that it does not say: `retryPolicy of build, release`. */
  readonly notCarried: readonly string[];
}

/**
 * A plan as a GitHub Actions workflow that is started by hand. Steps run one after another in one job; a step that a person does
 * is a job with an environment of its own, for which GitHub can require a reviewer. Every value reaches a script by its
 * environment: no text of a plan is part of a script that the plan did not write as one. What has no counterpart fails.
 */
export function githubActions(plan: Plan): Exported {
  return new Workflow(plan).write();
}

/** What a note is about, and how long it may take. */
type Noted = Pick<Step, 'id'> & { readonly timeoutMs?: number | undefined };

type Job = JsonObject & { steps: JsonObject[] };

interface Undo {
  readonly step: Step;
  readonly back: RollbackStep;
}

/** https://docs.github.com/actions/reference/workflow-syntax: `on.workflow_dispatch.inputs`. */
const MOST_INPUTS = 25;

class Workflow {
  readonly #plan: Plan;
  readonly #notes: string[] = [];
  readonly #jobs: Record<string, Job> = {};
  #last: string | undefined;
  /** The job that steps are added to. */
  #open: Job | undefined;
  /** What takes back the steps of the open job, in the order in which it is done. */
  #undo: Undo[] = [];
  /** The job in which each session began, and its scripts so far. */
  readonly #sessions = new Map<string, { readonly job: Job; readonly text: string }>();

  constructor(plan: Plan) {
    this.#plan = plan;
  }

  write(): Exported {
    for (const step of inSequence(this.#plan)) {
      if (step.kind === 'system' && step.action === 'manual') this.#manual(step);
      else this.#step(step);
    }
    this.#close();
    const { title, description, inputSchema, inputs } = this.#plan;
    const asked = dispatchInputs(inputSchema, inputs);
    const workflow = {
      name: asText(title),
      on: { workflow_dispatch: Object.keys(asked).length === 0 ? {} : { inputs: asked } },
      permissions: { contents: 'read' },
      ...this.#concurrency(),
      jobs: this.#jobs,
    };
    if (Object.keys(asked).length > MOST_INPUTS)
      this.#notes.push(`GitHub asks for ${MOST_INPUTS} inputs at most; this plan has ${Object.keys(asked).length}.`);
    if (Object.keys(this.#jobs).length > 1)
      this.#notes.push(
        'Each job begins with a fresh checkout: what an earlier job made there is gone, unless it was pushed.',
      );
    if (Object.keys(this.#jobs).length > 1 && this.#plan.steps.some(({ rollback }) => (rollback ?? []).length > 0))
      this.#notes.push('What an earlier job did is not taken back when a later one fails.');
    const lost = notCarried(this.#plan, IN_WORKFLOW);
    const head = [
      'Exported from a plan of Opsroom.',
      ...description.trim().split(LINE_END).filter(Boolean),
      ...(lost.length === 0 ? [] : ['Not carried over:', ...lost.map((line) => `  ${line}`)]),
    ];
    return {
      text: `${head.map(comment).join('\n')}\n${yaml().stringify(workflow, { lineWidth: 0 })}`,
      file: '.github/workflows/opsroom.yml',
      notes: this.#notes,
      notCarried: lost,
    };
  }

  /** One after the other, as in the room; of those that wait GitHub keeps the newest alone. */
  #concurrency(): JsonObject {
    const { concurrencyKey } = this.#plan;
    if (concurrencyKey === undefined) return {};
    const group = this.#portable({ id: 'concurrencyKey' }, () => asValue(concurrencyKey));
    return group === undefined ? {} : { concurrency: { group, 'cancel-in-progress': false } };
  }

  /** The limit of the whole run, which holds for each job there. */
  #limit(): JsonObject {
    const { timeoutMs } = this.#plan;
    return timeoutMs === undefined ? {} : { 'timeout-minutes': minutes(timeoutMs) };
  }

  #manual(step: Step): void {
    this.#close();
    const id = jobId(step.id);
    const instructions = this.#portable(step, () => instructionsOf(step.args)) ?? '';
    this.#jobs[id] = {
      name: asText(step.title),
      'runs-on': 'ubuntu-latest',
      environment: `opsroom-${id}`.slice(0, 200),
      ...this.#limit(),
      ...this.#after(),
      steps: [
        {
          name: 'What a person does before approving',
          env: { OPSROOM_INSTRUCTIONS: instructions },
          shell: 'bash',
          run: `printf '%s\\n' "$OPSROOM_INSTRUCTIONS" >> "$GITHUB_STEP_SUMMARY"`,
        },
      ],
    };
    this.#last = id;
    this.#notes.push(`${step.id} is done by a person: protect the environment opsroom-${id} with required reviewers.`);
  }

  #step(step: Step): void {
    const job = this.#job(step);
    const condition = step.if === undefined ? undefined : this.#portable(step, () => asCondition(step.if ?? ''));
    const when = condition === undefined ? {} : { if: condition };
    for (const [index, precondition] of step.preconditions.entries())
      this.#add(job, { step, name: `${step.title}: precondition ${index + 1}`, when }, () =>
        preconditionScript(precondition),
      );
    const id = jobId(step.id);
    this.#add(job, { step, name: step.title, when: { ...when, id } }, () => {
      if (step.forEach !== undefined) throw new NotPortable('forEach');
      if (step.if !== undefined && condition === undefined) throw new NotPortable(`the condition ${step.if}`);
      return scriptOf(step);
    });
    for (const verifier of step.verifiers) {
      const soft = verifier.required ? {} : { 'continue-on-error': true };
      this.#add(job, { step, name: `${step.title}: check ${verifier.id}`, when: { ...when, ...soft } }, () =>
        checkScript(verifier),
      );
    }
    const rollback = this.#plan.onFailure === 'stop' ? [] : (step.rollback ?? []);
    this.#undo = [
      ...rollback.filter(({ args }) => args['guards'] === undefined).map((back) => ({ step, back })),
      ...this.#undo,
    ];
    if (step.retryPolicy !== undefined) this.#note(step, 'it is not tried again');
  }

  #rollback(job: Job, { step, back }: Undo): void {
    const here = job.steps.map(({ id }) => id);
    const undone = [step.id, ...(back.alsoUndoes ?? [])].map(jobId).filter((id) => here.includes(id));
    const done = undone.map((id) => `steps.${id}.outcome == 'success'`).join(' || ');
    const when = { if: `\${{ failure() && ${undone.length > 1 ? `(${done})` : done} }}` };
    const noted = { id: step.id, timeoutMs: back.timeoutMs };
    this.#add(job, { step: noted, name: `Take back: ${step.title}`, when }, () => {
      if (back.preconditions.length > 0 || back.verifiers.length > 0) throw new NotPortable('checks of a rollback');
      // A workflow that has failed can ask nobody.
      if (isGuarded(step, back)) throw new NotPortable('a rollback that asks first');
      return scriptOf(back);
    });
  }

  #add(job: Job, { step, name, when }: { step: Noted; name: string; when: JsonObject }, script: () => Script): void {
    const made = this.#portable(step, () => this.#joined(job, script()));
    const { run, env, folder } = made ?? refusal(step.id);
    job.steps.push({
      name: asText(name),
      ...when,
      ...(step.timeoutMs === undefined ? {} : { 'timeout-minutes': minutes(step.timeoutMs) }),
      ...(Object.keys(env).length === 0 ? {} : { env }),
      ...(folder === undefined ? {} : { 'working-directory': folder }),
      shell: 'bash',
      run,
    });
  }

  /** A session lives in the files of one job. @throws NotPortable */
  #joined(job: Job, script: Script): Script {
    if (script.session === undefined) return script;
    const began = this.#sessions.get(script.session);
    if (began !== undefined && began.job !== job)
      throw new NotPortable('going on in a session that began in another job');
    const text = `${began?.text ?? ''}\n${script.run}`;
    this.#sessions.set(script.session, { job, text });
    const [checkout, ...rest] = job.steps;
    if (checkout !== undefined && !rest.includes(BEGIN_SESSIONS)) job.steps = [checkout, BEGIN_SESSIONS, ...rest];
    return keepingAtTrap(script, text);
  }

  #portable<T>(step: Noted, make: () => T): T | undefined {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof NotPortable)) throw error;
      this.#note(step, `a workflow has no counterpart of ${error.message}; there it fails`);
      return undefined;
    }
  }

  #note(step: Noted, text: string): void {
    const note = `${step.id}: ${text}.`;
    if (!this.#notes.includes(note)) this.#notes.push(note);
  }

  #job(step: Step): Job {
    if (this.#open !== undefined) return this.#open;
    const id = jobId(`run-${step.id}`);
    const job: Job = {
      name: asText(this.#last === undefined ? this.#plan.title : `${this.#plan.title}, from ${step.id} on`),
      'runs-on': 'ubuntu-latest',
      ...this.#limit(),
      ...this.#after(),
      steps: [{ uses: 'actions/checkout@v4' }],
    };
    this.#jobs[id] = job;
    this.#open = job;
    this.#last = id;
    return job;
  }

  #after(): JsonObject {
    return this.#last === undefined ? {} : { needs: [this.#last] };
  }

  #close(): void {
    const job = this.#open;
    if (job !== undefined) for (const undo of this.#undo) this.#rollback(job, undo);
    this.#undo = [];
    this.#open = undefined;
  }
}

/** Before the steps of a job that has any in a session. */
const BEGIN_SESSIONS: JsonObject = {
  name: 'Let steps go on where the one before ended',
  shell: 'bash',
  run: SESSION_STEP,
};

function isGuarded({ rollback }: Step, { id }: RollbackStep): boolean {
  return (rollback ?? []).some(({ args: { guards } }) => Array.isArray(guards) && guards.includes(id));
}

function refusal(id: string): Script {
  return {
    run: 'echo "::error::$OPSROOM_STEP has no counterpart in a workflow. Do it in another way."\nexit 1',
    env: { OPSROOM_STEP: id },
  };
}

const minutes = (ms: number): number => Math.max(1, Math.ceil(ms / 60_000));

const LINE_END = /\r\n?|\n/;

/** What some reader takes for the end of a line (YAML 1.1 knows more of them than 1.2), and what none shows. */
const UNSEEN = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+/gu;

/** Words of the plan as one comment: no line of the workflow, and no expression of GitHub. */
const comment = (line: string): string => `# ${line.replaceAll(UNSEEN, ' ').replaceAll('${{', '$ {{')}`.trimEnd();

function jobId(id: string): string {
  return id.slice(0, 100);
}
