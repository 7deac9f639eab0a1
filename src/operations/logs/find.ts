/** What a line must hold to be found, and what was found so far. */
export interface Finder {
  /** @returns whether to go on */
  look(number: number, stream: string, text: string): boolean;
  readonly found: number[];
}

const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
const ERROR =
  /\berr!|\b(?:error|fatal|panic|exception|traceback|failed|failure|segmentation fault|cannot|denied|refused|not found)\b/i;
const NO_ERROR = /\b(?:0|no) (?:errors?|failed|failures?)\b|\bwithout errors?\b|error: 0\b/i;

/** Finds the lines that hold a text, in any case, as a reader sees them: without colours. */
export function finder(text: string, most: number): Finder {
  const wanted = text.toLowerCase();
  const found: number[] = [];
  return {
    found,
    look: (number, _, line) => {
      if (plain(line).toLowerCase().includes(wanted)) found.push(number);
      return found.length < most;
    },
  };
}

/** Finds the first line that reads like an error; when none does, the first that was written to stderr. */
export function errorFinder(): Finder {
  const found: number[] = [];
  let firstErr: number | undefined;
  return {
    get found() {
      return found.length > 0 || firstErr === undefined ? found : [firstErr];
    },
    look: (number, stream, line) => {
      const shown = plain(line);
      if (stream === 'err' && shown.trim() !== '') firstErr ??= number;
      if (ERROR.test(shown) && !NO_ERROR.test(shown)) found.push(number);
      return found.length === 0;
    },
  };
}

const plain = (line: string): string => (line.includes('\u001b') ? line.replaceAll(ANSI, '') : line);
