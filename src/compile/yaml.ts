import type { Document, LineCounter, Node, Pair } from 'yaml';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { readPlainJson } from './plain-json.js';
import type { Problem } from './problems.js';
import { yaml } from './yaml-library.js';

export const MAX_BYTES = 8 * 1024 * 1024;
const MAX_DEPTH = 100;
/** The parser keeps about two entries of its stack for each level of nesting. */
const MAX_STACK = 3 * MAX_DEPTH;
/** Aliases may unfold to this many values (a "billion laughs" file to far more). */
const MAX_VALUES = 2_000_000;

export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly (string | number)[];

/** A read file: its value, and where each part of it stands. */
export interface Source {
  readonly value: JsonValue;
  readonly problems: readonly Problem[];
  /** Where the value at the path stands, or the nearest thing around it that exists. `find` narrows it to a text within. */
  place(path: Path, find?: string): Place;
}

/**
 * Reads YAML 1.2 or JSON, which is a part of it. Problems of syntax are collected, not thrown.
 * @throws OpsroomError PLAN_TOO_LARGE, PLAN_UNREADABLE
 */
export function readYaml(text: string, file: string): Source {
  refuseUnreadable(text, file);
  const value = readPlainJson(text);
  if (value === undefined) return readDocument(text, file);
  let document: Source | undefined;
  return {
    value,
    problems: [],
    place(path, find) {
      document ??= readDocument(text, file);
      return document.place(path, find);
    },
  };
}

function readDocument(text: string, file: string): Source {
  const lines = new (yaml().LineCounter)();
  const document = compose(text, file, lines);
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: Problem[] = document.errors.slice(0, 20).map((error) => ({
    code: 'PLAN_SYNTAX',
    what: `The file is not valid YAML: ${error.message}`,
    mend: 'Correct the syntax at the named place.',
    file,
    ...place(error.pos[0]),
  }));
  if (problems.length > 0) return { value: null, problems, place: () => ({ line: 1, column: 1 }) };
  const reader = new Reader(document, (what, mend, offset) =>
    problems.push({ code: 'PLAN_SYNTAX', what, mend, file, ...place(offset) }),
  );
  const value = reader.read(file);
  return { value, problems, place: (path, find) => place(locate(document, path, text, find)) };
}

function refuseUnreadable(text: string, file: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES)
    throw new OpsroomError('PLAN_TOO_LARGE', {
      what: `The file has ${bytes} bytes; at most ${MAX_BYTES} are read.`,
      where: file,
    });
  if (text.trim() === '') throw new OpsroomError('PLAN_UNREADABLE', { what: 'The file is empty.', where: file });
  // U+FFFD is what decoding makes of bytes that are not UTF-8.
  if (/[\0\x01-\x08\x0E-\x1F]/.test(text) || text.slice(0, 4096).includes('\uFFFD')) {
    throw new OpsroomError('PLAN_UNREADABLE', { what: 'The file is binary, not text in UTF-8.', where: file });
  }
}

/** Feeds the parser by hand: its time grows with the square of the nesting, so nesting must be bounded while it works. */
function compose(text: string, file: string, lines: LineCounter): Document.Parsed {
  const { Composer, Lexer, Parser } = yaml();
  const parser = new Parser(lines.addNewLine);
  // The parser does this itself only when it is given the whole text.
  lines.addNewLine(0);
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, stringKeys: false });
  const documents: Document.Parsed[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (parser.stack.length > MAX_STACK) throw tooDeep(file);
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end(true, text.length));
  const [first] = documents;
  if (first === undefined || documents.length > 1) {
    throw new OpsroomError('PLAN_UNREADABLE', {
      what: `The file holds ${documents.length} YAML documents; a plan is one.`,
      where: file,
    });
  }
  return first;
}

function tooDeep(file: string): OpsroomError {
  return new OpsroomError('PLAN_TOO_LARGE', {
    what: `The file is nested deeper than ${MAX_DEPTH} levels.`,
    where: file,
    mend: 'Make it flatter: that many lists and objects inside one another are no plan.',
  });
}

function tooMany(file: string): OpsroomError {
  return new OpsroomError('PLAN_TOO_LARGE', {
    what: `The file unfolds to more than ${MAX_VALUES} values.`,
    where: file,
    mend: 'Write what the aliases stand for in place of aliases of aliases.',
  });
}

class TooDeep extends Error {}
class TooMany extends Error {}

/** Turns the document into JSON, refusing what JSON does not have. */
class Reader {
  readonly #yaml = yaml();
  readonly #anchors = new Map<string, Node>();
  readonly #report: (what: string, mend: string, offset: number) => void;
  readonly #document: Document.Parsed;
  #left = MAX_VALUES;

  constructor(document: Document.Parsed, report: (what: string, mend: string, offset: number) => void) {
    this.#document = document;
    this.#report = report;
  }

  read(file: string): JsonValue {
    try {
      return this.#value(this.#document.contents, 0);
    } catch (error) {
      if (error instanceof TooDeep) throw tooDeep(file);
      if (error instanceof TooMany) throw tooMany(file);
      throw error;
    }
  }

  #value(node: unknown, depth: number): JsonValue {
    const { isAlias, isMap, isScalar, isSeq } = this.#yaml;
    if (--this.#left < 0) throw new TooMany();
    if (depth > MAX_DEPTH) throw new TooDeep();
    if (isAlias(node)) return this.#alias(node.source, offsetOf(node), depth);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined)
      this.#anchors.set(node.anchor, node);
    if (isMap(node)) return this.#map(node.items, depth);
    if (isSeq(node)) return node.items.map((item) => this.#value(item, depth + 1));
    return isScalar(node) ? this.#scalar(node.value, offsetOf(node)) : null;
  }

  #alias(name: string, offset: number, depth: number): JsonValue {
    const target = this.#anchors.get(name);
    if (target !== undefined) return this.#value(target, depth + 1);
    this.#report(`The alias *${name} names no anchor above it`, 'Define it with & before it is used.', offset);
    return null;
  }

  #map(items: readonly Pair[], depth: number): JsonValue {
    const result = new Map<string, JsonValue>();
    for (const { key, value } of items) {
      const name = this.#key(key);
      if (name === undefined) continue;
      if (result.has(name)) this.#report(`The key "${name}" stands twice`, 'Remove one of the two.', offsetOf(key));
      result.set(name, this.#value(value, depth + 1));
    }
    return Object.fromEntries(result);
  }

  #key(key: unknown): string | undefined {
    if (!this.#yaml.isScalar(key)) {
      this.#report(
        'A key must be text',
        'Write a plain name before the colon; quote expressions: "{{ … }}".',
        offsetOf(key),
      );
      return undefined;
    }
    const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
    this.#refuseBrokenText(name, offsetOf(key));
    return name;
  }

  /** Neither jsonb nor the digest of a plan takes such text. */
  #refuseBrokenText(text: string, offset: number): void {
    if (/[\0\p{Surrogate}]/u.test(text))
      this.#report('The text holds NUL or half a character', 'Remove the escape.', offset);
  }

  #scalar(value: unknown, offset: number): JsonValue {
    if (typeof value === 'string') {
      this.#refuseBrokenText(value, offset);
      return value;
    }
    if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      this.#report(
        `${typeof value === 'number' ? value : 'The value'} has no form in JSON`,
        'Write it as text, in quotes.',
        offset,
      );
      return null;
    }
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21) {
      this.#report(`The integer ${value} is beyond 2^53 and would be rounded`, 'Write it as text, in quotes.', offset);
    }
    return value;
  }
}

function offsetOf(node: unknown): number {
  const { isAlias, isMap, isScalar, isSeq } = yaml();
  return isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Offset of the value at the path, or of the last part of the path that exists. */
function locate(document: Document.Parsed, path: Path, text: string, find: string | undefined): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node);
  for (const part of path) {
    const [key, next] = child(node, part);
    if (next === undefined && key === undefined) return offset;
    offset = offsetOf(key ?? next);
    node = next;
  }
  if (find === undefined || !yaml().isScalar(node) || !node.range) return offset;
  const [start, end] = node.range;
  const within = text.slice(start, end).indexOf(find);
  return within === -1 ? start : start + within;
}

/** The key node (for maps) and the value node at one part of a path. */
function child(node: unknown, part: string | number): [unknown, unknown] {
  const { isMap, isScalar, isSeq } = yaml();
  if (isSeq(node)) return [undefined, node.items[Number(part)]];
  if (!isMap(node)) return [undefined, undefined];
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair === undefined ? [undefined, undefined] : [pair.key, pair.value];
}
