import { type Allowlist, judgeCall, type Permitted } from '#ir/allowlist.js';
import type { CallContext, ToolResult } from '#ir/calls.js';
import { cleanJson } from '#ir/clean.js';
import { bareExpression, evaluate, render, type Scope } from '#ir/expressions.js';
import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Plan, Target } from '#ir/plan.js';
import type { ArtefactRef } from '#ir/proof.js';
import type { Verdict } from '#ir/verdict.js';
import { OpsroomError } from '#kit/errors.js';
import type { Mask } from '#observe/redact.js';
import type { Unit } from '../decide/units.js';
import type { LogStore } from '../logs/logs.js';
import type { Ports, RunSecrets } from '../ports.js';
import type { AttemptRow, Fault, RunRow } from '../records.js';
import { type Reads, type RunScope, secretsOf } from '../scope.js';
import { answered, broken, type Called, faultOf } from './called.js';
import { attemptId, callContext, timeoutOf } from './context.js';
import { type Before, Judge, type Judging, type Look } from './judge.js';
import { stored, withTimeout } from './limits.js';
import { Revival } from './revival.js';
import { admitted } from './sending.js';

/** What is known of a unit before its tool is called. */
export type Prepared =
  | { readonly kind: 'skip' }
  | { readonly kind: 'wait'; readonly args: JsonValue; readonly wakeAt: Date | undefined }
  | { readonly kind: 'refuse'; readonly fault: Fault }
  | {
      readonly kind: 'call';
      readonly args: JsonValue;
      readonly baseline: readonly Look[];
      /** What is called, and which entries of which lists permit it; undefined where no list holds. */
      readonly permitted: { readonly call: string; readonly by: readonly Permitted[] } | undefined;
    };

export interface AttemptDeps {
  readonly plan: Plan;
  readonly run: RunRow;
  readonly scope: RunScope;
  readonly reads: Reads;
  readonly ports: Ports;
  readonly logs: LogStore;
  /** The element of a forEach's list that an item stands for. */
  element(unit: Unit): JsonValue;
  /** The output of the step that a compensation undoes; undefined for any other unit. */
  undone(unit: Unit): JsonValue | undefined;
}

/** What expressions see of an attempt beside the run, as far as it is known. */
interface Parts {
  readonly secrets?: Readonly<Record<string, string>>;
  readonly output?: JsonValue;
  readonly startedAt?: Date;
}

const OUTPUT_CAP = 1_048_576;

const LATEST_MS = Date.UTC(9999, 11, 31);

/** Runs attempts of one run: looks before, calls the tool, judges after. Knows nothing of the ledger. */
export class Attempts {
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
      const { step } = unit;
      const shown = this.scope(unit, this.undone(unit));
      if ('if' in step && step.if !== undefined && !truth(evaluate(bareExpression(step.if), shown), unit))
        return { kind: 'skip' };
      const args = render(step.args, shown) as JsonObject;
      if (step.kind === 'system') return { kind: 'wait', args, wakeAt: this.wakeAt(unit, args) };
      const permitted = this.permit(unit, args);
      await this.revival.ensure(signal, { isNeeded: !isCompensation(unit) });
      const judging = await this.judging(unit, signal);
      if (judging.secrets) await this.toolContext(unit, judging);
      await this.requirePreconditions(unit, judging);
      return { kind: 'call', args, baseline: await this.judge.baseline(judging), permitted };
    } catch (error) {
      return { kind: 'refuse', fault: await this.maskedFault(error, signal) };
    }
  }

  /** @throws OpsroomError TOOL_NOT_ALLOWED for what a list of the plan, the run or its session does not name */
  private permit(unit: Unit, args: JsonObject): { call: string; by: readonly Permitted[] } | undefined {
    const { plan, run } = this.deps;
    if (plan.tools === undefined && run.allowed_tools === null) return undefined;
    const own: Allowlist[] = plan.tools === undefined ? [] : [{ of: 'plan', tools: plan.tools }];
    const call = this.callName(unit, args);
    const judged = judgeCall(call, [...own, ...(run.allowed_tools ?? [])]);
    if ('by' in judged) return { call, by: judged.by };
    const { of, tools } = judged.against;
    throw new OpsroomError('TOOL_NOT_ALLOWED', {
      what: `The list of the ${of} does not name ${call}: ${tools.length === 0 ? 'it is empty' : tools.slice(0, 10).join(', ')}.`,
      where: `step ${unit.key}`,
    });
  }

  private callName({ step }: Unit, args: JsonObject): string {
    const tool = step.tool ?? '';
    return this.deps.ports.tools.get(tool)?.contract.callName?.(args) ?? tool;
  }

  /** Preconditions and programs that are started again see real secrets, and say what they saw. */
  private async maskedFault(error: unknown, signal: AbortSignal): Promise<Fault> {
    try {
      return (await this.secrets(signal)).mask.json(faultOf(error));
    } catch (unmaskable) {
      return faultOf(unmaskable);
    }
  }

  /** The arguments may have come from expressions: what they give need be no time, nor one that can be stored. */
  private wakeAt({ step, key }: Unit, { durationMs, until }: JsonObject): Date | undefined {
    if (step.action !== 'wait') return undefined;
    const ms =
      typeof durationMs === 'number'
        ? this.deps.ports.clock.now().getTime() + durationMs
        : typeof until === 'string'
          ? Date.parse(until)
          : Number.NaN;
    if (ms <= LATEST_MS) return new Date(Math.max(0, ms));
    const what = `The wait ends at no time before the year 10000: ${JSON.stringify(durationMs ?? until ?? null)}.`;
    throw new OpsroomError('ARGUMENT_INVALID', { what, where: `step ${key}` });
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
    const limit = withTimeout(outer, timeoutOf(unit), unit.key);
    try {
      const { mask } = await this.secrets(limit.signal);
      return await this.callMasked(unit, before, { outer, signal: limit.signal, mask });
    } catch (error) {
      // Only getting at the secrets throws: nothing was called, so there is nothing to mask.
      return broken(error, outer, { json: (fault) => fault }, null);
    } finally {
      limit.clear();
    }
  }

  private pace(unit: Unit, signal: AbortSignal): Promise<void> | undefined {
    const { ports, run } = this.deps;
    const { tool, args } = unit.step;
    if (tool === undefined || ports.pace === undefined) return undefined;
    const isNamed = ports.tools.get(tool)?.contract.callName !== undefined;
    const call = isNamed ? this.callName(unit, render(args, this.scope(unit, this.undone(unit))) as JsonObject) : tool;
    return ports.pace(run.org_id, call, signal);
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
      const after = this.after(unit, judging, { output, ...before });
      const verdicts = result.ok ? await this.judge.verdicts(after, output, before) : [];
      const artefacts = await this.keepArtefacts(unit, result, after);
      const logDigest = await closeLog();
      return { ...answered(result, verdicts, outer, mask), output: mask.json(output), logDigest, artefacts };
    } catch (error) {
      const logDigest = await closeLog().catch(() => null);
      return broken(error, outer, mask, logDigest);
    }
  }

  /** The arguments of the tool and the context that it is given, once its secrets may go where it sends them. */
  private async toolContext(unit: Unit, { scope, context, secrets }: Judging) {
    const { step } = unit;
    const args = render(step.args, { ...scope, ...this.undone(unit) }) as JsonObject;
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
    return this.judge.proveCut(this.after(unit, await this.judging(unit, signal), before), before);
  }

  private scope(unit: Unit, more: Parts = {}): Scope {
    return this.deps.scope.at(unit, { ...more, revision: this.deps.run.revision, element: this.deps.element(unit) });
  }

  private undone(unit: Unit): { output: JsonValue } | undefined {
    const output = this.deps.undone(unit);
    return output === undefined ? undefined : { output };
  }

  /** What is known once the tool has run. */
  private after(unit: Unit, judging: Judging, { output, startedAt }: Pick<Parts, 'output' | 'startedAt'>): Judging {
    const known = { ...(output === undefined ? {} : { output }), ...(startedAt ? { startedAt } : {}) };
    return { ...judging, scope: this.scope(unit, { secrets: judging.scope.secrets ?? {}, ...known }) };
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

function truth(value: JsonValue, unit: Unit): boolean {
  if (typeof value === 'boolean') return value;
  const what = `The condition gives ${JSON.stringify(value)}, not true or false.`;
  throw new OpsroomError('PLAN_EXPRESSION', { what, where: `step ${unit.key}, if` });
}
