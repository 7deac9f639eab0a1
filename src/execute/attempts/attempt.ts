import type { CallContext, ToolResult } from '#ir/calls.js';
import { cleanJson } from '#ir/clean.js';
import { render, type Scope } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, Target } from '#ir/plan.js';
import type { ArtefactRef } from '#ir/proof.js';
import type { Verdict } from '#ir/verdict.js';
import type { Clock } from '#kit/clock.js';
import { OpsroomError } from '#kit/errors.js';
import type { Mask } from '#observe/redact.js';
import type { Unit } from '../decide/units.js';
import type { LogStore } from '../logs/logs.js';
import type { Ports, RunSecrets } from '../ports.js';
import type { AttemptRow, Fault, RunRow } from '../records.js';
import { type Reads, secretsOf } from '../scope.js';
import { answered, broken, type Called, faultOf } from './called.js';
import type { Calls, Known, Prepared } from './calls.js';
import { attemptId, callContext, levelOf, timeoutOf } from './context.js';
import { type Before, Judge, type Judging } from './judge.js';
import { stored, withTimeout } from './limits.js';
import { callName, listsOf, readied } from './readied.js';
import { Revival } from './revival.js';
import { admitted } from './sending.js';

export interface AttemptDeps extends Known {
  readonly plan: Plan;
  readonly run: RunRow;
  readonly reads: Reads;
  readonly ports: Ports;
  readonly logs: LogStore;
}

/** What expressions see of an attempt beside the run, as far as it is known. */
interface Parts {
  readonly secrets?: Readonly<Record<string, string>> | undefined;
  readonly output?: JsonValue | undefined;
  readonly startedAt?: Date | undefined;
}

const OUTPUT_CAP = 1_048_576;

/** Runs attempts of one run: looks before, calls the tool, judges after. Knows nothing of the ledger. */
export class Attempts implements Calls {
  private readonly judge: Judge;
  private readonly revival: Revival;
  /** By step: the secrets among which those that it was given are noted. */
  private readonly noted = new Map<string, RunSecrets>();

  constructor(private readonly deps: AttemptDeps) {
    const { run, ports } = deps;
    this.judge = new Judge(ports.verifiers);
    const secrets = () => ports.secrets(run.org_id, run.target);
    const scope = async (unit: Unit) => this.scope(unit, { secrets: (await secrets()).values });
    this.revival = new Revival({ run, ports, scope });
  }

  /** Notes what steps have left running, to start it anew where it does not run. */
  load(rows: readonly AttemptRow[]): void {
    this.revival.load(this.deps.plan, rows);
  }

  /** Condition, arguments, preconditions and baseline, in that order; stops at the first that says no. */
  async prepare(unit: Unit, signal: AbortSignal): Promise<Prepared> {
    try {
      const { plan, run, ports } = this.deps;
      const shown = this.scope(unit, this.undone(unit));
      const now = ports.clock.now();
      const first = readied(unit, { shown, lists: listsOf(plan, run), tools: ports.tools, now });
      if (first.kind !== 'call') return first;
      await this.revival.ensure(signal, { isNeeded: !isCompensation(unit) });
      const judging = await this.judging(unit, signal);
      if (judging.secrets) await this.toolContext(unit, judging);
      await this.requirePreconditions(unit, judging);
      return { ...first, baseline: await this.judge.baseline(judging) };
    } catch (error) {
      return { kind: 'refuse', fault: await this.maskedFault(error, signal) };
    }
  }

  /** Preconditions and programs that are started again see real secrets, and say what they saw. */
  private async maskedFault(error: unknown, signal: AbortSignal): Promise<Fault> {
    try {
      return (await this.secrets(signal)).mask.json(faultOf(error));
    } catch (unmaskable) {
      return faultOf(unmaskable);
    }
  }

  private async requirePreconditions(unit: Unit, judging: Judging): Promise<void> {
    const { scope } = judging;
    const names = new Set(Object.keys(scope.secrets ?? {}));
    for (const precondition of unit.step.preconditions) {
      const inline =
        typeof precondition === 'string' ? undefined : await this.judge.admittedConfig(precondition, judging);
      const rendered =
        typeof precondition === 'string' ? precondition : { ...precondition, config: inline?.config ?? {} };
      const context = inline?.context ?? judging.context;
      const { ok, missing, mend } = await this.deps.ports.checkPrecondition(rendered, context, names);
      if (!ok) throw new OpsroomError('PRECONDITION_FAILED', { what: missing, where: `step ${unit.key}`, mend });
    }
  }

  /** Calls the tool and lets the verifiers judge. Never rejects. */
  async call(unit: Unit, before: Before, outer: AbortSignal): Promise<Called> {
    // Before the time of the step begins: it waits for others, not for its tool.
    await this.pace(unit, outer);
    // Read, not reckoned from the ledger's: a reading of that one may have moved it since by more than files lag.
    const stampedFrom = this.wall.now();
    const limit = withTimeout(outer, timeoutOf(unit), unit.key);
    try {
      const { mask } = await this.secrets(limit.signal);
      return await this.callMasked(unit, { ...before, stampedFrom }, { outer, signal: limit.signal, mask });
    } catch (error) {
      // Only getting at the secrets throws: nothing was called, so there is nothing to mask.
      return broken(error, outer, { mask: { json: (fault) => fault }, isolation: levelOf(unit), logDigest: null });
    } finally {
      limit.clear();
    }
  }

  private pace(unit: Unit, signal: AbortSignal): Promise<void> | undefined {
    const { ports, run } = this.deps;
    const { tool, args } = unit.step;
    if (tool === undefined || ports.pace === undefined) return undefined;
    const isNamed = ports.tools.get(tool)?.contract.callName !== undefined;
    const call = isNamed
      ? callName(unit.step, render(args, this.scope(unit, this.undone(unit))) as JsonObject, ports.tools)
      : tool;
    return ports.pace(run.org_id, call, { signal, held: (by) => this.deps.held(unit, by) });
  }

  private async callMasked(
    unit: Unit,
    before: Before,
    { outer, signal, mask }: { readonly outer: AbortSignal; readonly signal: AbortSignal; readonly mask: Mask },
  ): Promise<Called> {
    const log = this.deps.logs.writer(attemptId(this.deps.run, unit), mask);
    const closeLog = async () => (await stored(() => log.close(), outer))?.digest ?? null;
    try {
      const judging = await this.judging(unit, signal, (stream, chunk) => log.write(stream, chunk));
      const result = await this.callTool(unit, judging);
      const output = result.ok ? this.outputs(unit, result.output, before) : result.output;
      const after = this.after(unit, judging, { output, startedAt: before.startedAt });
      const verdicts = result.ok ? await this.judge.verdicts(after, output, before) : [];
      const artefacts = await this.keepArtefacts(unit, result, after);
      const logDigest = await closeLog();
      return { ...answered(result, verdicts, outer, mask), output: mask.json(output), logDigest, artefacts };
    } catch (error) {
      const logDigest = await closeLog().catch(() => null);
      return broken(error, outer, { mask, isolation: levelOf(unit), logDigest });
    }
  }

  /** The arguments of the tool and the context that it is given, once its secrets may go where it sends them. */
  private async toolContext(unit: Unit, { scope, context, secrets }: Judging) {
    const { step } = unit;
    const undone = this.undone(unit);
    const args = render(step.args, undone ? { ...scope, ...undone } : scope) as JsonObject;
    const sends = this.deps.ports.tools.get(step.tool ?? '')?.contract.sends;
    return { args, context: await admitted({ written: step.args, rendered: args, sends }, context, secrets) };
  }

  private async callTool(unit: Unit, judging: Judging): Promise<ToolResult> {
    const tool = this.deps.ports.tools.get(unit.step.tool ?? '');
    if (!tool) {
      throw new OpsroomError('STEP_FAILED', {
        what: `There is no tool "${unit.step.tool}" in this room.`,
        where: `step ${unit.key}`,
      });
    }
    const { args, context } = await this.toolContext(unit, judging);
    const result = await tool.run(unit.step.action, args, context);
    return { ...result, output: cleanJson(result.output, { maxSize: OUTPUT_CAP }) };
  }

  /** The step's output: what its `outputs` name, or all that the tool said. */
  private outputs(unit: Unit, output: JsonValue, { startedAt }: Before): JsonValue {
    return unit.step.outputs
      ? cleanJson(render(unit.step.outputs, this.scope(unit, { output, startedAt })), { maxSize: OUTPUT_CAP })
      : output;
  }

  private async keepArtefacts(
    unit: Unit,
    result: ToolResult,
    { scope, context: { id, workspace, signal }, mask }: Judging,
  ): Promise<ArtefactRef[]> {
    const declared = result.ok ? (unit.step.artefacts ?? []) : [];
    const rendered = declared.map(({ name, path }) => ({ name, path: pathText(render(path, scope), name) }));
    const files = [...(result.artefacts ?? []), ...rendered].map(({ name, path }) => ({ name: mask.text(name), path }));
    if (files.length === 0) return [];
    return (await stored(() => this.deps.ports.keepArtefacts(id, workspace, files, mask), signal)) ?? [];
  }

  /** After a crash: do the verifiers prove the attempt that was cut short? */
  async proveCut(unit: Unit, before: Before, signal: AbortSignal): Promise<{ proven: boolean; verdicts: Verdict[] }> {
    const leavesUnseen =
      this.deps.ports.tools.get(unit.step.tool ?? '')?.contract.leavesUnseen?.(unit.step.args) ?? false;
    if (leavesUnseen) return { proven: false, verdicts: [] };
    const stamped = { ...before, stampedFrom: this.byWall(before.startedAt) };
    return this.judge.proveCut(this.after(unit, await this.judging(unit, signal), before), stamped);
  }

  /**
   * What this machine's own clock showed at a moment of the ledger's: files are stamped by it, and the two may be apart. After a crash
   * nothing else is known; where the ledger's was moved since, a file may look older than it is, and a person is asked.
   */
  private byWall(at: Date): Date {
    return new Date(at.getTime() + this.wall.now().getTime() - this.deps.ports.clock.now().getTime());
  }

  private get wall(): Clock {
    const { clock, wall = clock } = this.deps.ports;
    return wall;
  }

  private scope(unit: Unit, more: Parts = {}): Scope {
    const { secrets, output, startedAt } = more;
    const { deps } = this;
    const { revision } = deps.run;
    return deps.scope.at(unit, { secrets, output, startedAt, revision, element: deps.element(unit) });
  }

  private undone(unit: Unit): { output: JsonValue } | undefined {
    const output = this.deps.undone(unit);
    return output === undefined ? undefined : { output };
  }

  /** What is known once the tool has run. */
  private after(unit: Unit, judging: Judging, { output, startedAt }: Pick<Parts, 'output' | 'startedAt'>): Judging {
    return { ...judging, scope: this.scope(unit, { secrets: judging.scope.secrets, output, startedAt }) };
  }

  private async judging(unit: Unit, signal: AbortSignal, log?: CallContext['log']): Promise<Judging> {
    const { run, ports } = this.deps;
    const secrets = await this.secrets(signal);
    const { values, mask } = secrets;
    const bare = mask.refused.find(({ name }) => this.deps.reads.secrets.has(name));
    if (bare)
      throw new OpsroomError('SECRET_UNUSABLE', {
        what: `The secret ${bare.name} is ${bare.reason}.`,
        where: `step ${unit.key}`,
      });
    await this.noteUse(unit, secrets, signal);
    const context = callContext({ run, unit, ports, signal, mask, ...(log ? { log } : {}) });
    return {
      step: unit.step,
      scope: this.scope(unit, { secrets: values }),
      context,
      mask,
      ...(this.deps.reads.secrets.size > 0 ? { secrets } : {}),
    };
  }

  /** Waits while the database is away: without them nothing that a step says could be masked. */
  private async secrets(signal: AbortSignal): Promise<RunSecrets> {
    const { run, ports } = this.deps;
    const found = await stored(() => ports.secrets(run.org_id, run.target as Target), signal);
    if (!found) throw signal.reason;
    return found;
  }

  private async noteUse({ stepId, step }: Unit, secrets: RunSecrets, signal: AbortSignal): Promise<void> {
    if (this.deps.reads.secrets.size === 0 || this.noted.get(stepId) === secrets) return;
    const names = secretsOf(step);
    if (names.size > 0) await stored(() => secrets.note({ runId: this.deps.run.id, stepId }, names), signal);
    this.noted.set(stepId, secrets);
  }
}

const isCompensation = ({ stepId }: Unit): boolean => stepId.includes('/');

/** An artefact's path may be one expression, whose value keeps its type. */
function pathText(path: JsonValue, name: string): string {
  if (path !== null && typeof path !== 'object') return String(path);
  const what = `The path of the artefact "${name}" gives ${path === null ? 'null' : 'no text'}.`;
  throw new OpsroomError('PLAN_EXPRESSION', { what });
}
