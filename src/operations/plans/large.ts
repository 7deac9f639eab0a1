/** Up to so much a plan compiles in some tens of milliseconds: not worth another thread. */
const MOST_TEXT = 32 * 1024;
const MOST_LINES = 1000;
const MOST_TEXTS = 256 * 1024;
const MOST_VALUES = 5000;

/** Whether compiling it may take so long that others would notice. Looks at no more than tells. */
export function isLarge(given: object): boolean {
  let [values, texts] = [0, 0];
  const left: unknown[] = [given];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value === 'string') {
      texts += value.length;
      if (texts > MOST_TEXTS || isLong(value)) return true;
    } else if (typeof value === 'object' && value !== null) {
      const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
      values += members.length;
      if (values > MOST_VALUES) return true;
      left.push(...members);
    }
  }
  return false;
}

function isLong(text: string): boolean {
  if (text.length > MOST_TEXT) return true;
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= MOST_LINES; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines > MOST_LINES;
}
