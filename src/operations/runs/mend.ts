import { shortId } from './reference.js';

/** A mend with its places filled in: `opsroom logs RUN --step STEP`. */
export function filled(mend: string, run: string, step: string | undefined): string {
  const named = mend.replaceAll(/\bRUN\b/g, shortId(run));
  return step === undefined ? named : named.replaceAll(/\bSTEP\b/g, step);
}
