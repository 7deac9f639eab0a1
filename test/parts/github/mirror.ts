import { execFileSync } from 'node:child_process';

export interface Mirrored {
  /** A bare repository. */
  readonly folder: string;
  /** Posts to the emulator, below the repository's address. */
  readonly post: (path: string, body: object) => Promise<object>;
  /** Hears of the commit of each branch that was not there before. */
  readonly branched: (sha: string) => void;
}

const COMMIT = '%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B';

/**
 * Makes the emulator know what was pushed, as GitHub does: object by object, each under the name that git gave it.
 * Commits are to be made in UTC, for the emulator keeps no other zone.
 */
export class Mirror {
  readonly #known = new Set<string>();
  constructor(readonly parts: Mirrored) {}

  async pushed(): Promise<void> {
    for (const commit of this.#lines('rev-list', '--reverse', '--topo-order', '--all')) await this.#commit(commit);
    for (const line of this.#lines('for-each-ref', '--format=%(objectname) %(refname)', 'refs/heads')) {
      const [sha = '', ref = ''] = line.split(' ');
      if (this.#known.has(ref)) continue;
      await this.parts.post('/git/refs', { ref, sha });
      this.#known.add(ref);
      this.parts.branched(sha);
    }
  }

  async #commit(sha: string): Promise<void> {
    if (this.#known.has(sha)) return;
    const [root = '', parents = '', ...said] = this.#git('show', '-s', `--format=${COMMIT}`, sha)
      .toString()
      .split('\n');
    const [authorName, authorEmail, authored, name, email, date, ...message] = said;
    await this.#tree(root);
    await this.#copy(sha, '/git/commits', {
      message: message.join('\n').trimEnd(),
      tree: root,
      parents: parents === '' ? [] : parents.split(' '),
      author: { name: authorName, email: authorEmail, date: authored },
      committer: { name, email, date },
    });
  }

  async #tree(sha: string): Promise<void> {
    const tree: object[] = [];
    for (const line of this.#lines('ls-tree', '-r', sha)) {
      const [, mode, type, blob = '', path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.+)$/.exec(line) ?? [];
      const content = this.#git('cat-file', 'blob', blob).toString('base64');
      await this.#copy(blob, '/git/blobs', { content, encoding: 'base64' });
      tree.push({ path, mode, type, sha: blob });
    }
    await this.#copy(sha, '/git/trees', { tree });
  }

  async #copy(sha: string, path: string, body: object): Promise<void> {
    if (this.#known.has(sha)) return;
    const made = await this.parts.post(path, body);
    if (!('sha' in made) || made.sha !== sha) throw new Error(`the emulator has ${JSON.stringify(made)} for ${sha}`);
    this.#known.add(sha);
  }

  #git(...args: string[]): Buffer {
    return execFileSync('git', args, { cwd: this.parts.folder, maxBuffer: 64 * 1024 * 1024 });
  }

  #lines(...args: string[]): string[] {
    return this.#git(...args)
      .toString()
      .split('\n')
      .filter((line) => line !== '');
  }
}
