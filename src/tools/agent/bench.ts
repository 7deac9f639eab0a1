import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallContext } from '#ir/calls.js';
import { OpsroomError } from '#kit/errors.js';
import { removeTree } from '#kit/remove-tree.js';
import type { Keeper } from '#sandbox/keeper.js';
import { workspaceFolder } from '#sandbox/workspace.js';
import { type Change, changeRefusal, readChanges } from './changes.js';
import { type GitPlace, git, tryGit } from './git.js';
import { type Links, readBlobs, readLinks } from './links.js';

/** In the workspace; git shows nothing of it there. */
const FOLDER = '.opsroom-agents';
const KEPT = 'kept.git';
/** What was judged. */
export const RESULT = 'refs/opsroom/result';
const IDENTITY = {
  GIT_AUTHOR_NAME: 'Opsroom agent',
  GIT_AUTHOR_EMAIL: 'agent@opsroom.invalid',
  GIT_COMMITTER_NAME: 'Opsroom agent',
  GIT_COMMITTER_EMAIL: 'agent@opsroom.invalid',
};

/** Absolute folder of a step of the run in its workspace. */
function folderOf(workspace: string, stepId: string, item: number): string {
  return join(workspace, FOLDER, `${stepId.replaceAll('/', '.')}${item < 0 ? '' : `.${item}`}`);
}

/** Where the commit of a step is kept, for a later one to apply. Whatever may write there cannot put another under its digest. */
export function keptRepository(workspace: string, stepId: string): string {
  return join(folderOf(workspace, stepId, -1), KEPT);
}

/** What an agent's work became. */
export interface Outcome {
  readonly head: string;
  readonly changes: readonly Change[];
  readonly patch: Buffer;
  /** What it committed itself; only the state of its files counts. */
  readonly commits: readonly { readonly sha: string; readonly subject: string }[];
}

/**
 * A place for an agent to work in: a clone that shares nothing with the repository (no hooks, no settings, no remote, no
 * credentials), and beside it, out of a sandboxed agent's sight, a bare copy with which its work is judged. Nothing that the agent wrote
 * into its own `.git` is ever believed but its commits, and these are only looked at.
 */
export class Bench {
  private constructor(
    /** Absolute folder of the step in the workspace, with `clone` and `result` in it. */
    readonly folder: string,
    readonly clone: string,
    readonly result: string,
    readonly base: string,
    private readonly kept: string,
    private readonly place: GitPlace,
  ) {}

  static async set(repository: string, base: string, context: CallContext, keeper: Keeper | undefined): Promise<Bench> {
    const source = await workspaceFolder(context.workspace, repository);
    const folder = await freshFolder(context);
    const kept = join(folder, KEPT);
    const place = { context, folders: [context.workspace], keeper };
    const sha = await git(place, ['rev-parse', '--verify', '--end-of-options', `${base}^{commit}`], { cwd: source });
    await git(place, ['clone', '--quiet', '--bare', '--no-hardlinks', '--template=', '--', source, kept], {
      cwd: folder,
    });
    await git(place, ['update-ref', 'refs/heads/opsroom-work', sha], { cwd: kept });
    const clone = join(folder, 'clone');
    const from = [
      '--quiet',
      '--no-hardlinks',
      '--no-tags',
      '--single-branch',
      '--branch',
      'opsroom-work',
      '--template=',
    ];
    await git(place, ['clone', ...from, '--config', 'core.hooksPath=/dev/null', '--', kept, clone], { cwd: folder });
    await git(place, ['remote', 'remove', 'origin'], { cwd: clone });
    return new Bench(folder, clone, join(folder, 'result'), sha, kept, place);
  }

  /**
   * Takes the state of the agent's files for its work: one commit upon the base, and its files laid out clean in `result`.
   * @throws OpsroomError CHANGE_REFUSED, STEP_OVER_LIMIT, STEP_FAILED
   */
  async take(rules: {
    allowedPaths: readonly string[] | undefined;
    message: string;
    maxDiffBytes: number;
  }): Promise<Outcome> {
    const commits = await this.history();
    const tree = await this.tree();
    const raw = await this.judge([
      'diff-tree',
      '-r',
      '-z',
      '--raw',
      '--no-renames',
      '--full-index',
      '--abbrev=64',
      this.base,
      tree,
    ]);
    const changes = readChanges(raw);
    if (changes.length === 0) throw new OpsroomError('STEP_FAILED', { what: 'The agent changed nothing' });
    const links = { before: await this.links(this.base), after: await this.links(tree) };
    const refusal = changeRefusal(changes, { ...rules, links });
    if (refusal !== undefined) throw refused(refusal);
    const patch = await this.patch(tree, rules.maxDiffBytes);
    const head = await this.judge(['commit-tree', tree, '-p', this.base, '-F', '-'], {
      stdin: `${rules.message}\n`,
      env: IDENTITY,
    });
    await this.judge(['update-ref', RESULT, head]);
    await this.layOut(head);
    return { head, changes, patch, commits };
  }

  /** An agent may commit, but not make away with what was there before it. */
  private async history(): Promise<Outcome['commits']> {
    const args = [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      '--end-of-options',
      this.clone,
      '+HEAD:refs/opsroom/agent',
    ];
    const fetched = await tryGit(this.place, args, { cwd: this.kept });
    if (fetched.code !== 0) throw refused('its repository cannot be read any more');
    const kept = await tryGit(this.place, ['merge-base', '--is-ancestor', this.base, 'refs/opsroom/agent'], {
      cwd: this.kept,
    });
    if (kept.code !== 0) throw refused('it rewrote the history that was there before');
    const log = await this.judge([
      'log',
      '-z',
      '--max-count=100',
      '--format=%H %s',
      `${this.base}..refs/opsroom/agent`,
    ]);
    return log
      .split('\0')
      .filter((line) => line !== '')
      .map((line) => ({ sha: line.slice(0, line.indexOf(' ')), subject: line.slice(line.indexOf(' ') + 1, 500) }));
  }

  private async tree(): Promise<string> {
    await this.judge(['read-tree', this.base]);
    const added = await tryGit(this.place, ['--work-tree', this.clone, 'add', '--all', '.'], this.judging(this.clone));
    if (added.code !== 0) throw refused(`its files cannot be taken over: ${added.stderr.slice(-300)}`);
    return this.judge(['write-tree']);
  }

  private async patch(tree: string, mostBytes: number): Promise<Buffer> {
    const args = ['diff', '--binary', '--no-ext-diff', '--no-textconv', '--no-color', this.base, tree];
    return (await tryGit(this.place, args, { ...this.judging(this.kept), mostBytes })).stdout;
  }

  /** A link whose target is not known counts as leading out. */
  private async links(tree: string): Promise<Links> {
    const listing = await this.raw(['ls-tree', '-r', '-z', '--full-tree', tree]);
    const links = readLinks(listing);
    if (links.size === 0) return links;
    const targets = readBlobs(await this.raw(['cat-file', '--batch'], `${[...new Set(links.values())].join('\n')}\n`));
    return new Map([...links].map(([path, sha]) => [path, targets.get(sha) ?? '/']));
  }

  private async layOut(head: string): Promise<void> {
    await mkdir(this.result);
    await this.judge(['read-tree', head]);
    await git(
      this.place,
      ['--work-tree', this.result, 'checkout-index', '--all', '--force'],
      this.judging(this.result),
    );
  }

  /** What git prints, byte by byte. */
  private async raw(args: readonly string[], stdin = ''): Promise<string> {
    const { code, stdout, stderr } = await tryGit(this.place, args, { ...this.judging(this.kept), stdin });
    if (code !== 0) throw new OpsroomError('STEP_FAILED', { what: `git ${args[0]} failed: ${stderr.slice(-500)}` });
    return stdout.toString('latin1');
  }

  private judge(args: readonly string[], more: { stdin?: string; env?: Record<string, string> } = {}): Promise<string> {
    const { env, ...ask } = this.judging(this.kept);
    return git(this.place, args, { ...ask, ...more, env: { ...env, ...more.env } });
  }

  /** The settings that count are those of the kept repository, whatever lies in the folder. */
  private judging(cwd: string) {
    const env = {
      GIT_DIR: this.kept,
      GIT_INDEX_FILE: join(this.kept, 'opsroom-index'),
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'false',
    };
    return { cwd, env };
  }
}

async function freshFolder({ workspace, id }: CallContext): Promise<string> {
  const all = join(workspace, FOLDER);
  await mkdir(all, { recursive: true });
  // A step before may have put a link there.
  await workspaceFolder(workspace, FOLDER);
  await writeFile(join(all, '.gitignore'), '*\n');
  const folder = folderOf(workspace, id.stepId, id.item);
  await removeTree(folder);
  await mkdir(folder);
  return folder;
}

const refused = (why: string) => new OpsroomError('CHANGE_REFUSED', { what: `What the agent left is refused: ${why}` });
