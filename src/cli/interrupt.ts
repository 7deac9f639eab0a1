/** Ctrl-C, and the TERM that a service manager or a shell that closes sends. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** What a shell expects of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

/**
 * Calls `first` at the first interruption; a second one ends the process at once.
 * @returns takes the handlers off again
 */
export function onInterrupt(first: () => void): () => void {
  let seen = false;
  const handler = () => {
    if (seen) process.exit(INTERRUPTED);
    seen = true;
    first();
  };
  for (const signal of SIGNALS) process.on(signal, handler);
  return () => {
    for (const signal of SIGNALS) process.off(signal, handler);
  };
}
