import { type Context, createContext, Script } from 'node:vm';

const CALL = new Script('work()', { filename: 'bounded' });
/** Made once: it takes a millisecond. */
let context: Context | undefined;

/**
 * Does synchronous work that somebody else decides the length of, and ends it when it takes too long. What the work
 * changed until then stays changed: it must keep to itself.
 *
 * The script is constant; nothing of the work is read as code. One piece of work at a time, which it is: it is synchronous.
 *
 * @returns undefined when the time was up
 * @throws what the work throws
 */
export function bounded<T>(ms: number, work: () => T): { readonly value: T } | undefined {
  context ??= createContext({});
  const outer: unknown = context['work'];
  context['work'] = work;
  try {
    return { value: CALL.runInContext(context, { timeout: ms }) as T };
  } catch (error) {
    // Of the context's own kind of Error, which `instanceof` does not know.
    if ((error as { readonly code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  } finally {
    context['work'] = outer;
  }
}
