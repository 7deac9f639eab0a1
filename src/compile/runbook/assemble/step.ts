import { basename } from 'node:path';
import type { JsonObject, JsonValue } from '#ir/json.js';
import { literal } from '../../literal.js';
import type { ShellFacts } from '../../shell/facts.js';
import type { Decision } from '../blocks/decision.js';
import { readHttpRequest } from '../blocks/http-request.js';
import type { Bound } from '../blocks/secret-variables.js';
import type { Settings } from '../blocks/settings.js';
import { databaseOf, isReadingSql, sqlStatements } from '../blocks/statements.js';
import type { CodeBlock } from '../markdown/document.js';
import { durationMs } from '../markdown/durations.js';
import { attribute } from '../markdown/outline.js';
import type { Inputs } from './inputs.js';

/** What turns a decision into the body of a step: no id, no title, no order among the others. */
export interface StepParts {
  readonly file: string;
  readonly settings: Settings;
  readonly inputs: Inputs;
}

/** Larger than the order of any step. */
export const LAST_ORDER = 99_999;

/** The shell that all blocks of a runbook are typed into, as it seems. At its `end`: a rollback sees all that was set up to the failure. */
export function session(order: number | 'end'): JsonObject {
  return order === 'end' ? { name: 'main', order: LAST_ORDER, after: true } : { name: 'main', order };
}

/** `rotate.md:12–18`; the folder is left out, so that the plan is the same wherever the file lies. */
export function placeText(file: string, { from, to }: { from: number; to: number }): string {
  return `${basename(file)}:${from === to ? from : `${from}–${to}`}`;
}

/** The steps that run a block: one, or one per statement of an SQL block. `order` is the place of the first. */
export function toolSteps(decision: Decision, order: number | 'end', parts: StepParts): JsonObject[] {
  const common = commonFields(decision, parts);
  if (decision.form === 'sql') return sqlSteps(decision, parts).map((step) => ({ ...common, ...step }));
  if (decision.form === 'http')
    return [{ ...common, tool: 'http', args: escaped(readHttpRequest(decision.script) ?? {}) }];
  const call = shellCall(decision, order, parts);
  const { background } = decision;
  if (background === undefined) return [{ ...common, tool: 'shell', args: call }];
  const args = { ...call, ...drawnFor(decision, call), ready: { ...background } };
  return [{ ...common, tool: 'shell', action: 'background', args }];
}

/** `watch` ends at once where nothing says what kind of terminal it draws for. */
function drawnFor({ facts }: Decision, { env }: JsonObject): JsonObject {
  const draws = facts?.commands.some(({ program }) => program === 'watch') === true;
  return draws ? { env: { TERM: 'xterm', ...(env as JsonObject | undefined) } } : {};
}

/** `{run, session, env?, cwd?}`: what a shell step, a shell verifier and a shell precondition have in common. */
export function shellCall(decision: Decision, order: number | 'end', { file, inputs }: StepParts): JsonObject {
  const { script, facts, block, anew } = decision;
  const { run, env } = inputs.bind(script, facts, placeText(file, block.lines));
  const cwd = attribute(decision, 'cwd');
  return {
    run,
    session: { ...session(order), ...(anew === undefined ? {} : { folder: 'start' }), ...kept(env, facts) },
    ...(Object.keys(env).length === 0 ? {} : { env }),
    ...(cwd === undefined ? {} : { cwd }),
  };
}

/** What a script makes of an input is for the blocks after it: `VERSION=${VERSION#v}`. Secrets are handed to each of them. */
function kept(env: JsonObject, facts: ShellFacts | undefined): JsonObject {
  const isInput = (value: JsonValue | undefined) => typeof value === 'string' && value.startsWith('{{ inputs');
  const keeps = (facts?.assignedVariables ?? []).filter((name) => isInput(env[name]));
  return keeps.length === 0 ? {} : { keeps };
}

/** The script and the environment of a shell step. */
export function boundOf({ args }: JsonObject): Bound {
  const { run, env } = args as JsonObject;
  return { run: typeof run === 'string' ? run : '', env: (env as JsonObject | undefined) ?? {} };
}

/** A step that a person does. `lead` says why it is asked of a person. */
export function manualStep(decision: Decision, lead: string | undefined, { file }: StepParts): JsonObject {
  const { block, part, script } = decision;
  const text = block.kind === 'item' ? block.said : `\n${indented(part === undefined ? block.text : script)}`;
  const instructions = [lead, text].filter((part) => part !== undefined && part !== '').join('\n');
  return {
    kind: 'system',
    action: 'manual',
    description: placeText(file, block.lines),
    args: { instructions: literal(instructions === '' ? 'Do what the runbook says here.' : instructions) },
  };
}

function commonFields(decision: Decision, { file, settings }: StepParts): JsonObject {
  const timeoutMs = durationMs(attribute(decision, 'timeout') ?? '') ?? settings.timeout;
  return {
    description: placeText(file, decision.block.lines),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  };
}

function sqlSteps(decision: Decision, parts: StepParts): JsonObject[] {
  return sqlStatements(decision.script).map((query) => ({
    tool: 'sql',
    action: isReadingSql(query) ? 'query' : 'execute',
    args: sqlCall({ ...decision, script: query }, parts),
  }));
}

/** `{url, query}`: one statement, as the SQL tool and the SQL verifier take it. */
export function sqlCall({ script, block }: Decision, { settings }: StepParts): JsonObject {
  const secret = databaseOf(block as CodeBlock, settings) ?? '';
  return { url: `{{ secrets.${secret} }}`, query: literal(sqlStatements(script)[0] ?? '') };
}

function escaped(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value), (_key, member: unknown) =>
    typeof member === 'string' ? literal(member) : member,
  ) as JsonObject;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
