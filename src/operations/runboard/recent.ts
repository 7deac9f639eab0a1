interface Kept<T> {
  readonly value: Promise<T>;
  readonly atMs: number;
}

/** Answers that many ask for at once, made once for all of them and kept for a moment. */
export class Recent<T> {
  private readonly owners = new WeakMap<object, Map<string, Kept<T>>>();

  /** @param keepMs how old an answer may be, from when it was begun */
  constructor(private readonly keepMs: number) {}

  /**
   * @param owner forgets its answers with itself
   * @param make is called when no answer is young enough; a failure is kept by nobody
   */
  get(owner: object, key: string, nowMs: number, make: () => Promise<T>): Promise<T> {
    const kept = this.owners.get(owner) ?? new Map<string, Kept<T>>();
    this.owners.set(owner, kept);
    const known = kept.get(key);
    if (known && nowMs - known.atMs < this.keepMs) return known.value;
    for (const [old, { atMs }] of kept) if (nowMs - atMs >= this.keepMs) kept.delete(old);
    const value = make();
    kept.set(key, { value, atMs: nowMs });
    value.catch(() => {
      if (kept.get(key)?.value === value) kept.delete(key);
    });
    return value;
  }
}
