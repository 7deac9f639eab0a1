/**
 * A pattern for texts of all languages. To make one ready that folds case, and tells letters, over all of Unicode takes many times as long
 * as over ASCII, and so does each try.
 */
export interface Phrase {
  readonly source: string;
  test(text: string): boolean;
  exec(text: string): RegExpExecArray | null;
  /** The text without what fits first. */
  without(text: string): string;
}

/** ASCII, and dashes, quotation marks, arrows, ticks: none of these is a letter or a digit, or has another case. */
const PLAIN = /^[\ufe0f\0-\x7f\u2010-\u2027\u2190-\u21ff\u2600-\u2767\u2794-\u27bf]*$/;

type Pattern = Pick<RegExp, 'source' | 'flags'>;

/** What of such texts a class of Unicode holds. */
const CLASSES: Readonly<Record<string, string>> = {
  L: 'A-Za-z',
  Lu: 'A-Z',
  N: '0-9',
  P: String.raw`!-#%-*,-\/:;?@[-\]_{}\u2010-\u2027`,
};

/** Class of Unicode, escape, or bracket. */
const PART = /\\([pPu])\{([^{}]*)\}|\\[\s\S]|[[\]]/g;

/** @param pattern with the flag `u`, or what makes one: then that is done when it is first tried */
export function phrase(pattern: Pattern): Phrase {
  return new ReadPhrase(pattern);
}

class ReadPhrase implements Phrase {
  readonly source: string;
  readonly #flags: string;
  #whole: RegExp | undefined;
  #plain: RegExp | undefined;

  constructor({ source, flags }: Pattern) {
    this.source = source;
    this.#flags = flags;
  }

  test(text: string): boolean {
    return this.#for(text).test(text);
  }

  exec(text: string): RegExpExecArray | null {
    return this.#for(text).exec(text);
  }

  without(text: string): string {
    return text.replace(this.#for(text), '');
  }

  #for(text: string): RegExp {
    if (isPlain(text)) return (this.#plain ??= plainOf(this.source, this.#flags));
    return (this.#whole ??= new RegExp(this.source, this.#flags));
  }
}

/** Many patterns are tried on the same text, one after the other. */
let latest = { text: '', plain: true };

function isPlain(text: string): boolean {
  if (latest.text !== text) latest = { text, plain: PLAIN.test(text) };
  return latest.plain;
}

/**
 * The pattern that plain texts fit where they fit this one; itself where it has a class that is not known here. No pattern may have what
 * Unicode alone folds into ASCII (`ſ`, the sign for kelvin), or a letter beyond four digits in brackets or with a count.
 */
function plainOf(source: string, flags: string): RegExp {
  let inside = false;
  let known = true;
  const plain = source.replace(PART, (part, sign: string | undefined, name: string) => {
    if (part === '[' || part === ']') inside = part === '[';
    if (sign === undefined) return part;
    const letters = CLASSES[name];
    known &&= letters !== undefined && sign !== 'u' && !(sign === 'P' && (inside || name === 'Lu'));
    return inside ? `${letters}` : `[${sign === 'P' ? '^' : ''}${letters}]`;
  });
  return known ? new RegExp(plain, flags.replace('u', '')) : new RegExp(source, flags);
}
