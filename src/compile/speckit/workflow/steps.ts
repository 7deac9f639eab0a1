import type { JsonObject, JsonValue } from '#ir/json.js';
import { literal } from '../../literal.js';
import type { Path } from '../../yaml.js';
import { yaml } from '../../yaml-library.js';
import { clip } from '../explanation.js';
import { type Doer, manualStep } from '../hand-over.js';
import { asCel, asCondition, asScript, asTemplate, type Names, Untold } from './expressions.js';

/** What a step of a workflow became. */
export interface Made {
  /** Its id there. */
  readonly id: string;
  readonly path: Path;
  readonly body: JsonObject;
  readonly label: 'run' | 'manual' | 'verify';
  readonly rule: string;
  readonly why: string;
  readonly text: string;
}

/** What became no step. */
export interface Left {
  readonly path: Path;
  readonly rule: string;
  readonly why: string;
  readonly text: string;
}

/** A step as it is written, with the conditions around it. */
export interface Written {
  readonly step: JsonObject;
  readonly id: string;
  readonly path: Path;
  readonly conditions: readonly string[];
}

export interface Making {
  readonly names: Names;
  readonly doer: Doer;
  readonly left: (left: Left) => void;
}

/** What Spec Kit gives a shell step, in seconds. */
const USUAL_TIMEOUT = 300;
const ANY_CODE = Array.from({ length: 256 }, (_, code) => code);
const MOST_TOLD = 4000;

const KNOWN: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    command: ['id', 'type', 'command', 'input', 'continue_on_error'],
    prompt: ['id', 'type', 'prompt', 'continue_on_error'],
    shell: ['id', 'type', 'run', 'timeout', 'continue_on_error'],
    gate: ['id', 'type', 'message', 'options', 'on_reject', 'show_file'],
  }),
);
const WHY_LEFT: ReadonlyMap<string, string> = new Map(
  Object.entries({
    integration: 'who does a step is said by --with',
    model: 'who does a step is said by --with',
    options: 'who does a step is said by --with',
    output_format: 'what a step prints stays text here',
  }),
);

/** The step of a plan that does a step of a workflow; a person does what has no counterpart. */
export function madeOf(written: Written, making: Making): Made {
  const type = typeOf(written.step);
  try {
    const made = MAKERS.get(type)?.(written, making);
    if (made === undefined) return byHand(written, `a step of type ${clip(type, 40)} has no counterpart here`);
    leaveMembers(written, KNOWN.get(type) ?? [], making);
    return made;
  } catch (error) {
    if (!(error instanceof Untold)) throw error;
    return byHand(written, `there is no counterpart of ${clip(error.message, 100)}`);
  }
}

export const typeOf = ({ type = 'command' }: JsonObject): string => (typeof type === 'string' ? type : '');

/** A person does what stands there. */
export function byHand({ step, id, path, conditions }: Written, why: string): Made {
  const told = yaml().stringify(step, { lineWidth: 0 }).slice(0, MOST_TOLD);
  const when = conditions.length === 0 ? '' : 'Only if the conditions around it hold.\n';
  const body = manualStep(`Do by hand what the workflow says here: ${why}.\n${when}\n${told}`);
  return { id, path, body, label: 'manual', rule: 'by-hand', why: `a person does it: ${why}`, text: id };
}

function leaveMembers({ step, path }: Written, known: readonly string[], { left }: Making): void {
  for (const [name, value] of Object.entries(step)) {
    if (known.includes(name)) continue;
    const why = WHY_LEFT.get(name) ?? 'a plan has nothing of the kind';
    left({ path: [...path, name], rule: 'member', why, text: `${name}: ${JSON.stringify(value)}` });
  }
}

type Maker = (written: Written, making: Making) => Made;

const OF_TYPE: Readonly<Record<string, Maker>> = {
  command: (written, making) => {
    const { command, input } = written.step;
    if (typeof command !== 'string' || !/^[\w.:-]{1,200}$/.test(command)) throw new Untold('a command without a name');
    const args = isObject(input) ? input['args'] : undefined;
    for (const name of Object.keys(isObject(input) ? input : {}).filter((one) => one !== 'args'))
      making.left({
        path: [...written.path, 'input', name],
        rule: 'member',
        why: 'a command takes its words from `args` alone',
        text: name,
      });
    const words = args === undefined || args === null ? '' : ` ${asTemplate(textOf(args), making.names)}`;
    return handed(written, making, { prompt: `/${command}${words}`, rule: 'command', what: `/${command}` });
  },
  prompt: (written, making) => {
    const prompt = asTemplate(textOf(written.step['prompt']), making.names);
    return handed(written, making, { prompt, rule: 'prompt', what: 'words for an agent' });
  },
  shell: (written, { names }) => {
    const { step, id, path } = written;
    const { run, env } = asScript(textOf(step['run']), names);
    const { timeout = USUAL_TIMEOUT } = step;
    if (typeof timeout !== 'number' || timeout <= 0) throw new Untold('a timeout that is no number of seconds');
    const args = { run: literal(run), shell: 'sh', ...(Object.keys(env).length > 0 ? { env } : {}), ...codes(step) };
    const body = { tool: 'shell', args, timeoutMs: Math.ceil(timeout * 1000) };
    return { id, path, body, label: 'run', rule: 'shell', why: 'a script of the workflow', text: run };
  },
  gate: ({ step, id, path }, { names }) => {
    const message = asTemplate(textOf(step['message'] ?? 'Review required.'), names);
    const shown =
      step['show_file'] === undefined ? '' : `\nRead first: ${asTemplate(textOf(step['show_file']), names)}`;
    const options = Array.isArray(step['options']) ? step['options'].filter((one) => typeof one === 'string') : [];
    const choice = options.length === 0 ? '' : `\nThe workflow offers: ${literal(options.join(', '))}.`;
    const no = step['on_reject'] === 'skip' ? 'Say why, and confirm' : 'Cancel the run';
    const instructions = `${message}${shown}${choice}\nConfirm to approve. ${no} if it is to be rejected.`;
    const body = { kind: 'system', action: 'manual', args: { instructions } };
    return {
      id,
      path,
      body,
      label: 'verify',
      rule: 'gate',
      why: 'a person looks, and goes on or ends the run',
      text: message,
    };
  },
};

/** The type is whatever somebody wrote: `constructor` is none. */
const MAKERS: ReadonlyMap<string, Maker> = new Map(Object.entries(OF_TYPE));

interface HandedOver {
  /** With the expressions of a plan. */
  readonly prompt: string;
  readonly rule: string;
  readonly what: string;
}

function handed({ step, id, path }: Written, { doer }: Making, { prompt, rule, what }: HandedOver): Made {
  const why = `${what}, ${doer === undefined ? 'which a person gives to their agent' : 'given to the program of --with'}`;
  const common = { id, path, rule, why, text: prompt };
  if (doer === undefined) {
    const args = { instructions: `Give this to your coding agent, in the folder of the project:\n\n${prompt}` };
    return { ...common, body: { kind: 'system', action: 'manual', args }, label: 'manual' };
  }
  if ('agent' in doer) {
    const body = { tool: 'agent', args: { preset: 'claude-code', prompt, message: literal(`${id}: ${what}`) } };
    return { ...common, body, label: 'run' };
  }
  const args = {
    argv: doer.argv.map(literal),
    stdin: prompt,
    env: { OPSROOM_TASK: prompt, OPSROOM_TASK_ID: id },
    ...codes(step),
  };
  return { ...common, body: { tool: 'shell', args }, label: 'run' };
}

/** With `continue_on_error` no exit code ends the run; later steps may read it. */
const codes = (step: JsonObject): JsonObject =>
  step['continue_on_error'] === true ? { allowExitCodes: ANY_CODE } : {};

function textOf(value: JsonValue | undefined): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Untold('a member that is no text');
}

export const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Which conditions the branches of an `if` or `switch` run under, with the steps of each. @throws Untold */
export function branchesOf(step: JsonObject, names: Names): { key: Path; steps: JsonValue; condition: string }[] {
  if (typeOf(step) === 'if') {
    const condition = asCondition(step['condition'], names);
    return [
      { key: ['then'], steps: step['then'] ?? [], condition },
      { key: ['else'], steps: step['else'] ?? [], condition: `!(${condition})` },
    ];
  }
  const cases = isObject(step['cases']) ? Object.entries(step['cases']) : [];
  const [, inner] = /^\s*\{\{((?:(?!\}\}).)*)\}\}\s*$/s.exec(textOf(step['expression'])) ?? [];
  if (inner === undefined) throw new Untold('a switch over no expression');
  const value = asCel(inner, names);
  const is = (name: string) => `string(${value}) == ${JSON.stringify(name)}`;
  const none = cases.map(([name]) => `!(${is(name)})`).join(' && ') || 'true';
  return [
    ...cases.map(([name, steps]) => ({ key: ['cases', name], steps, condition: is(name) })),
    { key: ['default'], steps: step['default'] ?? [], condition: none },
  ];
}
