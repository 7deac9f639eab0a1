/**
 * What the ledger says a worker owns and it does not drive. Seen in one beat it may just have been taken or let go; seen
 * in two, it came out of a commit with an unknown outcome, and nobody would ever go on with it.
 */
export class Strays {
  private suspects = new Set<string>();

  /** @returns the runs that are strays for the second time in a row */
  seen(owned: readonly string[], driven: (run: string) => boolean): string[] {
    const strays = owned.filter((run) => !driven(run));
    const twice = strays.filter((run) => this.suspects.has(run));
    this.suspects = new Set(strays);
    return twice;
  }
}
