import { counted } from './format.js';
import { visible } from './visible.js';

/** A value as one text: texts as they are, all else as JSON. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

/** One value in a tree, by the path to it. */
export interface Row {
  readonly path: string;
  readonly text: string;
}

const DEEPEST = 4;

/** The arguments of a step, a row for each: objects by the paths to their members, lists as JSON. */
export function rowsOf(value: unknown, path = '', depth = 0): Row[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || depth >= DEEPEST)
    return [{ path: visible(path), text: textOf(value) }];
  const members = Object.entries(value);
  if (members.length === 0) return path === '' ? [] : [{ path: visible(path), text: '{}' }];
  return members.flatMap(([name, member]) => rowsOf(member, path === '' ? name : `${path}.${name}`, depth + 1));
}

/** A part of a text: as it is, the name of a secret that will stand there, or what is known only when it runs. */
export interface Piece {
  readonly kind: 'text' | 'secret' | 'later';
  readonly text: string;
}

const MARK = /‹(secret:|known when it runs: )([^›]{1,300})›/gu;

/** A text cut at the marks that the room set in it, if it set any. */
export function piecesOf(text: string, marked: boolean): Piece[] {
  if (!marked) return text === '' ? [] : [{ kind: 'text', text }];
  const pieces: Piece[] = [];
  let from = 0;
  for (const { index, 0: all, 1: mark, 2: name = '' } of text.matchAll(MARK)) {
    pieces.push({ kind: 'text', text: text.slice(from, index) });
    pieces.push({ kind: mark === 'secret:' ? 'secret' : 'later', text: name });
    from = index + all.length;
  }
  return [...pieces, { kind: 'text', text: text.slice(from) } as const].filter((piece) => piece.text !== '');
}

const MOST_CHARACTERS = 480;
const MOST_LINES = 10;

/**
 * The beginning of a long text, and how much follows.
 * @returns `rest` in words; empty when all is there
 */
export function folded(text: string): { head: string; rest: string } {
  const lines = text.split('\n');
  const head = lines.slice(0, MOST_LINES).join('\n').slice(0, MOST_CHARACTERS);
  if (head.length === text.length) return { head, rest: '' };
  const [characters, left] = [text.length - head.length, lines.length - head.split('\n').length];
  return { head, rest: left > 0 ? counted(left, 'more line') : counted(characters, 'more character') };
}
