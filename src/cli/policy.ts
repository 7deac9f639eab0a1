import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { loadConfig } from '#kit/config.js';
import { OpsroomError } from '#kit/errors.js';
import { invoke } from '#operations/invoke.js';
import { readInputs, readPlan } from '#operations/plans/file.js';
import { explainPolicies } from '#operations/policies/explain.js';
import {
  initFolder,
  type LookedAt,
  lookAtFiles,
  lookAtFolder,
  projectFolder,
  roomFolder,
  testFolder,
} from '#operations/policies/folder.js';
import type { Room } from '#operations/room.js';
import { table, time } from './format.js';
import { unwritable } from './out-file.js';
import type { Output } from './output.js';
import { withExistingRoom } from './session.js';

const here = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short !== '' && short.length < path.length ? short : path;
};

const folderOf = async (named: string | undefined): Promise<string> =>
  named === undefined ? roomFolder(loadConfig(), process.cwd()) : resolve(named);

/** `opsroom policy`: which policies would decide here. */
export async function showPolicies(named: string | undefined, output: Output): Promise<number> {
  const found = lookAtFolder(await folderOf(named));
  const { folder, shipped, digest, policies, problems } = found;
  output.print(`${here(folder)}${shipped ? ' (shipped with Opsroom)' : ''}\ndigest ${digest}`);
  const { dim } = output.colours;
  const rows = policies.map(({ id, effect, reason, approval }) => [
    id,
    approval
      ? `waits for ${approval.count} of ${approval.roles.join(', ')}`
      : effect === 'permit'
        ? 'permits'
        : 'forbids',
    reason,
  ]);
  if (problems.length === 0) output.print(table([['policy', 'effect', 'why'].map(dim), ...rows]));
  output.result(found);
  return problemsPrinted(found, output);
}

/** `opsroom policy check FILE…`: whether files can be loaded; without files, those of the folder. */
export async function checkPolicies(files: readonly string[], output: Output): Promise<number> {
  const found = files.length === 0 ? lookAtFolder(await folderOf(undefined)) : lookAtFiles(files);
  const { digest, policies, problems } = found;
  output.result({ ok: problems.length === 0, ...found });
  if (problems.length === 0) output.print(`${policies.length} policies, nothing wrong with them.\ndigest ${digest}`);
  return problemsPrinted(found, output);
}

function problemsPrinted({ folder, problems }: LookedAt, output: Output): number {
  for (const { file, line, column, policy, message, mend } of problems) {
    const place = line === undefined ? '' : `:${line}:${column ?? 1}`;
    const whose = policy === undefined ? '' : ` policy "${policy}":`;
    output.note(`${here(resolve(folder, file))}${place}:${whose} ${message}\n  ${mend}`);
  }
  return problems.length === 0 ? 0 : 2;
}

/** `opsroom policy test`: what the tests beside the policies expect, and what is said. */
export async function testPolicies(named: string | undefined, output: Output): Promise<number> {
  const folder = await folderOf(named);
  const { outcomes, untested } = await testFolder(folder);
  const failed = outcomes.filter(({ passed }) => !passed);
  for (const { file, test, expected, found, reason } of failed) {
    output.print(`${output.colours.red('FAILED')} ${test} (${file})\n  expected ${expected}\n  found    ${found}`);
    if (reason !== null) output.print(`  ${reason}`);
  }
  output.print(`${outcomes.length - failed.length} of ${outcomes.length} tests passed.`);
  if (untested.length > 0) output.note(`In no test these decide: ${untested.join(', ')}`);
  output.result({ folder, passed: failed.length === 0, outcomes, untested });
  return failed.length === 0 ? 0 : 1;
}

/** `opsroom policy init`: the shipped policies as files of one's own. */
export async function initPolicies(named: string | undefined, output: Output): Promise<number> {
  const folder = named === undefined ? await projectFolder(loadConfig(), process.cwd()) : resolve(named);
  const files = await initFolder(folder).catch(unwritable(folder));
  output.print(files.map((file) => `wrote ${here(file)}`).join('\n'));
  output.note('They decide from now on. Edit them, then: opsroom policy test');
  output.result({ folder, files });
  return 0;
}

/** What `opsroom policy explain` is told. */
interface ExplainOptions {
  readonly as?: string;
  readonly action: string;
  readonly environment?: string;
  readonly app?: string;
  readonly branch?: string;
  readonly tool?: readonly string[];
  readonly readOnly?: true;
  readonly isolated?: true;
  readonly proposer?: string;
  readonly name?: string;
  readonly approved?: true;
  readonly input?: readonly string[];
}

/** `opsroom policy explain`: what would be said, by which policies, and what would be needed. */
export function explain([plan, ...more]: readonly string[], options: ExplainOptions, output: Output): Promise<number> {
  if (more.length > 0) throw new OpsroomError('USAGE', { what: 'Name one plan.' });
  return withExistingRoom(async ({ room }) => {
    const explained = await invoke(explainPolicies, await questionOf(plan, options), room);
    printExplained(explained, output, room);
    output.result(explained);
    return 0;
  });
}

async function questionOf(name: string | undefined, options: ExplainOptions): Promise<object> {
  const {
    as,
    action,
    environment,
    app,
    branch,
    tool: tools,
    readOnly,
    isolated,
    proposer,
    approved,
    input = [],
  } = options;
  const intent = name !== undefined && isIntent(name) ? name : undefined;
  const read = name === undefined || intent !== undefined ? undefined : await readPlan(name);
  const request = { environment, app, branch, tools, readOnly, isolated };
  return {
    as,
    action,
    intent,
    ...(read ? { plan: read.given, inputs: await readInputs(read.plan, input, undefined) } : {}),
    request: Object.fromEntries(Object.entries(request).filter(([, value]) => value !== undefined)),
    proposer,
    name: options.name,
    approved,
  };
}

/** A plan has an ending, or is a file here. */
const isIntent = (name: string): boolean => /^(last|[0-9a-fA-F-]{4,36})$/.test(name) && !existsSync(name);

type Explained = Awaited<ReturnType<typeof explainPolicies.run>>;

function printExplained({ effect, reason, policies, rules, principal }: Explained, output: Output, room: Room): void {
  const { bold, dim } = output.colours;
  const said = { allow: 'allowed', deny: 'denied', needs_approval: 'needs approval' }[effect];
  output.print(`${bold(said)} for ${principal.by === room.by ? 'you' : principal.by}`);
  if (reason !== null) output.print(reason);
  for (const { policy, roles, count, window, form, opensAt } of rules) {
    const who = `${count} of ${roles.join(', ')}`;
    const when =
      window === null ? '' : `, within ${window}${opensAt === null ? ' (open now)' : ` (opens ${time(opensAt)})`}`;
    output.print(`${policy} waits for ${who}${when}${form === null ? '' : `, who fill in ${form}`}`);
  }
  for (const { id, effect: does, reason: why, file, line, text } of policies) {
    output.print(`\n${bold(id)} ${does}s: ${why}\n${dim(`${file}:${line}`)}\n${text.replaceAll(/^/gm, '  ')}`);
  }
}
