/** Work that is done again and again until it is closed. */
export interface Repeated {
  /** Does it now rather than when its time comes; while it is under way, once more afterwards. */
  wake(): void;
  /** No more is begun; resolves when what is under way has ended. */
  close(): Promise<void>;
}

/**
 * Does `work` at once and then every `everyMs`, counted from its end, so that it never overlaps itself. What it throws goes to
 * `failed` and ends nothing.
 */
export function repeat(
  work: () => Promise<void>,
  { everyMs, failed }: { readonly everyMs: number; readonly failed: (error: unknown) => void },
): Repeated {
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let again = false;
  let under: Promise<void> | undefined;
  const once = async (): Promise<void> => {
    clearTimeout(timer);
    again = false;
    await work().catch(failed);
    under = undefined;
    if (closed) return;
    if (again) return begin();
    timer = setTimeout(begin, everyMs);
    timer.unref();
  };
  const begin = (): void => {
    under ??= once();
  };
  begin();
  return {
    wake: () => {
      if (closed) return;
      if (under) again = true;
      else begin();
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await under;
    },
  };
}
