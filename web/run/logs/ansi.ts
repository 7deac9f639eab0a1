import Anser from 'anser';

/** A piece of a line: its text, and how a tool wished it to look. */
export interface Piece {
  readonly text: string;
  /** One of the eight colours of `tokens.css`, `undefined` for the ordinary one. */
  readonly colour: Colour | undefined;
  readonly strong: boolean;
  readonly dim: boolean;
  readonly underlined: boolean;
  /** Where the text that was searched for begins or goes on. */
  readonly hit: boolean;
  /** A secret stands here; `text` is its name. */
  readonly secret: boolean;
}

export const COLOURS = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'dim'] as const;
export type Colour = (typeof COLOURS)[number];

const OF_ANSER: ReadonlyMap<string, Colour> = new Map<string, Colour>([
  ...(['red', 'green', 'yellow', 'blue', 'magenta', 'cyan'] as const).flatMap((name): [string, Colour][] => [
    [`ansi-${name}`, name],
    [`ansi-bright-${name}`, name],
  ]),
  ['ansi-black', 'dim'],
  ['ansi-bright-black', 'dim'],
]);
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const OTHER_CONTROL =
  /\u001b(?:\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[()#][0-9A-Za-z]|\[[0-9;?]*[ -/]*[@-ln-~]|[@-Z\\^_=>cNOM78])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const INVISIBLE = /[\u0000-\u0008\u000b-\u001a\u001c-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const MASK = /‹secret:([^›]{1,200})›/g;

/**
 * A line of a log in pieces, as its tool coloured it. Everything else that a terminal would obey is taken out, and signs that would
 * turn or hide text are shown as what they are, so that a line can pretend nothing. A carriage return starts the line over.
 *
 * @param wanted what is searched for, in any case; empty: nothing
 */
export function piecesOf(line: string, wanted = ''): Piece[] {
  const shown = line.replaceAll(/\r+$/g, '');
  const last = shown.slice(shown.lastIndexOf('\r') + 1).replaceAll(OTHER_CONTROL, '');
  const pieces = last.includes('\u001b') ? coloured(last) : [plain(visible(last))];
  return marked(pieces.flatMap(withSecrets), wanted.toLowerCase());
}

const visible = (text: string): string => text.replaceAll('\u001b', '␛').replaceAll(INVISIBLE, '�');

function plain(text: string): Piece {
  return { text, colour: undefined, strong: false, dim: false, underlined: false, hit: false, secret: false };
}

function coloured(line: string): Piece[] {
  return Anser.ansiToJson(line, { use_classes: true, remove_empty: true }).map(({ content, fg, decorations }) => ({
    ...plain(visible(content)),
    colour: OF_ANSER.get(fg),
    strong: decorations.includes('bold'),
    dim: decorations.includes('dim'),
    underlined: decorations.includes('underline'),
  }));
}

function withSecrets(piece: Piece): Piece[] {
  if (!piece.text.includes('‹secret:')) return [piece];
  // `split` with a group gives text and names by turns.
  return piece.text
    .split(MASK)
    .map((text, place) => ({ ...piece, text, secret: place % 2 === 1 }))
    .filter(({ text }) => text !== '');
}

/** A hit may begin in one piece and end in another, so it is looked for in the line as a reader sees it. */
function marked(pieces: readonly Piece[], wanted: string): Piece[] {
  if (wanted === '') return [...pieces];
  const whole = pieces.map(({ text }) => text.toLowerCase()).join('');
  const found: number[] = [];
  for (let at = whole.indexOf(wanted); at >= 0; at = whole.indexOf(wanted, at + wanted.length)) found.push(at);
  const borders = [...new Set(found.flatMap((at) => [at, at + wanted.length]))];
  let from = 0;
  return pieces.flatMap((piece) => {
    const to = from + piece.text.length;
    const cuts = [...borders.filter((at) => at > from && at < to), to];
    let start = from;
    const parts = cuts.map((cut) => {
      const text = piece.text.slice(start - from, cut - from);
      const hit = found.some((at) => at <= start && cut <= at + wanted.length);
      start = cut;
      return { ...piece, text, hit };
    });
    from = to;
    return parts;
  });
}
