/** Deep enough for any plan, and far from the end of the stack. */
const MAX_DEPTH = 200;

/**
 * JSON from a stranger. `problem` says in a few words why it is refused: too large, not Unicode, nested too deeply, not JSON.
 */
export function parseHostileJson(bytes: Uint8Array, maxBytes: number): { value: unknown } | { problem: string } {
  if (bytes.length > maxBytes) return { problem: `larger than ${maxBytes} bytes` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (isTooDeep(text)) return { problem: `nested more than ${MAX_DEPTH} deep` };
    const value: unknown = JSON.parse(text, SURROGATE_ESCAPE.test(text) ? refuseLoneSurrogates : undefined);
    return { value };
  } catch (error) {
    return { problem: error instanceof SyntaxError ? 'not JSON' : 'not Unicode text' };
  }
}

const SURROGATE_ESCAPE = /\\u[dD][89a-fA-F]/;

/** RFC 8785 has no form for them. */
function refuseLoneSurrogates(key: string, value: unknown): unknown {
  for (const text of [key, value]) {
    if (typeof text === 'string' && /\p{Surrogate}/u.test(text)) throw new TypeError('lone surrogate');
  }
  return value;
}

/** Counts brackets outside strings before anything recursive sees the text. */
function isTooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') {
      if (++depth > MAX_DEPTH) return true;
    } else if (char === '}' || char === ']') depth--;
  }
  return false;
}
