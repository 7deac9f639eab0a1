import { plainText } from './text.js';

/** `group`: holds tabs or labelled code. `tab`, `details`: hold content under a label. `plain`: a note, a warning. */
export type ContainerKind = 'group' | 'tab' | 'details' | 'plain';

/** A line that opens a container and the line that closes it. Lines count from 0. */
export interface Opening {
  readonly kind: ContainerKind;
  readonly label: string;
  /** First line of the content. */
  readonly body: number;
  /** Undefined when nothing closes it. */
  readonly close: number | undefined;
  /** MDX knows no indented code: however deep the content is, it begins at the margin. */
  readonly mdx: boolean;
  /** Column where the content begins, when that is known. */
  readonly margin?: number;
}

/** A marker as one line shows it, before it is known what closes it. */
interface Marker {
  /** What its closing line must name. */
  readonly name: string;
  readonly kind: ContainerKind;
  readonly label: string;
  readonly lines: number;
}

const KINDS: ReadonlyMap<string, ContainerKind> = new Map([
  ['tabs', 'group'],
  ['codegroup', 'group'],
  ['code-group', 'group'],
  ['codetabs', 'group'],
  ['tab-set', 'group'],
  ['tabpane', 'group'],
  ['tab', 'tab'],
  ['tabitem', 'tab'],
  ['tab-item', 'tab'],
  ['tabs.tab', 'tab'],
  ['details', 'details'],
]);
/** Quotes, bullets and numbers that may stand before a marker. */
const PREFIX = /^(?:[\s>]|[-*+]\s|\d{1,9}[.)]\s)*/;
/** Lines that begin otherwise, as most do, are neither a marker nor a fence. */
const MARKS = new RegExp(`${PREFIX.source}[<{:\`~]`);
const TAG = /^<(\/?)([A-Za-z][\w.]*)(?=[\s>]|$)/;
const TEMPLATE = /^\{[{%][%<]?\s*(?:(\/|end)\s*)?([a-z]+)\b([^{}]*)\}+\s*$/;
const COLONS = /^(:{3,})\s*(?:\{([\w-]+)\}|([\w-]+))?\s*(.*)$/;
const LABEL = /\b(label|title|header|name|value)\s*=\s*(?:\{\s*)?(?:"([^"]*)"|'([^']*)')/g;
/** A tag or a summary may spread over this many lines. */
const REACH = 30;

/**
 * Every marker outside fenced code that opens or closes a container, by its line: tags (`<Tabs>`, `<TabItem label="npm">`,
 * `<details>`), templates (`{% tab title="npm" %}`) and colons (`::: code-group`). Closing lines map to undefined.
 */
export function findMarkers(lines: readonly string[]): ReadonlyMap<number, Opening | undefined> {
  const found = new Map<number, Opening | undefined>();
  const open = new OpenMarkers(found);
  let fence: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const written = lines[at] ?? '';
    if (!MARKS.test(written)) continue;
    const line = written.replace(PREFIX, '');
    const mark = /^(?:`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[0];
    if (fence !== undefined) {
      if (mark?.startsWith(fence) && line.trimEnd() === mark) fence = undefined;
    } else if (mark !== undefined) fence = mark;
    else if (/^[<{:]/.test(line)) open.read(line, at, lines);
  }
  open.rest();
  return found;
}

class OpenMarkers {
  readonly #stack: (Marker & { readonly at: number })[] = [];
  /** How many of a name are open, so that a stray closing marker costs nothing. */
  readonly #counts = new Map<string, number>();
  readonly #found: Map<number, Opening | undefined>;

  constructor(found: Map<number, Opening | undefined>) {
    this.#found = found;
  }

  read(line: string, at: number, lines: readonly string[]): void {
    const closing = closingName(line);
    if (closing !== undefined) return this.#close(closing, at);
    const marker = tagMarker(line, at, lines) ?? templateMarker(line) ?? colonMarker(line);
    if (marker === undefined) return;
    this.#stack.push({ ...marker, at });
    this.#counts.set(marker.name, (this.#counts.get(marker.name) ?? 0) + 1);
  }

  rest(): void {
    while (this.#stack.length > 0) this.#pop(undefined);
  }

  #close(name: string, at: number): void {
    const colons = /^:+$/.test(name);
    const top = this.#stack.at(-1)?.name ?? '';
    // Colons close what was opened with as many or fewer.
    const target = colons && /^:+$/.test(top) && top.length <= name.length ? top : name;
    if (colons && target === name && top !== name) return;
    this.#found.set(at, undefined);
    while ((this.#counts.get(target) ?? 0) > 0) if (this.#pop(at) === target) return;
  }

  /** What is above the closed marker on the stack was never closed. */
  #pop(close: number | undefined): string {
    const marker = this.#stack.pop();
    if (marker === undefined) return '';
    const { at, name, kind, label, lines } = marker;
    this.#counts.set(name, (this.#counts.get(name) ?? 1) - 1);
    const mdx = kind !== 'details' && /^[a-z]/.test(name);
    this.#found.set(at, { kind, label, body: at + lines, close, mdx });
    return name;
  }
}

function closingName(line: string): string | undefined {
  const tags = /^(?:<\/[A-Za-z][\w.]*\s*>\s*)*$/.test(line.trimEnd()) ? line.match(/[A-Za-z][\w.]*/g) : null;
  const tag = tags?.map((name) => name.toLowerCase()).find((name) => KINDS.has(name));
  if (tag !== undefined) return tag;
  const [, end, template = ''] = TEMPLATE.exec(line) ?? [];
  if (end !== undefined && KINDS.has(template)) return `{${template}`;
  return /^:{3,}\s*$/.test(line) ? line.trimEnd() : undefined;
}

function tagMarker(line: string, at: number, lines: readonly string[]): Marker | undefined {
  const [, slash, tag = ''] = TAG.exec(line) ?? [];
  const name = tag.toLowerCase();
  const kind = KINDS.get(name);
  if (kind === undefined || slash === '/' || line.includes(`</${tag}`)) return undefined;
  if (kind === 'details') return { name, kind, ...summary(at, lines) };
  const length = lines.slice(at, at + REACH).findIndex((text) => text.trimEnd().endsWith('>')) + 1;
  const text = lines.slice(at, at + length).join('\n');
  if (length === 0 || text.trimEnd().endsWith('/>')) return undefined;
  return { name, kind, label: labelOf(text), lines: length };
}

/** The label of `<details>` is its summary, on the same line or soon below. */
function summary(at: number, lines: readonly string[]): { label: string; lines: number } {
  const text: string[] = [];
  for (const line of lines.slice(at, at + REACH)) {
    text.push(line);
    if (!line.includes('</summary>')) continue;
    const [, label = ''] = /<summary[^<>]*>([\s\S]*)<\/summary>/.exec(text.join('\n')) ?? [];
    return { label: plainText(label), lines: text.length };
  }
  return { label: '', lines: 1 };
}

function templateMarker(line: string): Marker | undefined {
  const [, end, template = '', rest = ''] = TEMPLATE.exec(line) ?? [];
  const kind = KINDS.get(template);
  if (kind === undefined || end !== undefined) return undefined;
  const [, first] = /["']([^"']*)["']/.exec(rest) ?? [];
  return { name: `{${template}`, kind, label: labelOf(rest) || (first ?? ''), lines: 1 };
}

function colonMarker(line: string): Marker | undefined {
  const [, colons, braced, bare, rest = ''] = COLONS.exec(line) ?? [];
  const name = (braced ?? bare)?.toLowerCase();
  if (colons === undefined || name === undefined) return undefined;
  return { name: colons, kind: KINDS.get(name) ?? 'plain', label: plainText(rest), lines: 1 };
}

/** `label` says more than `value` does. */
function labelOf(attributes: string): string {
  const found = new Map([...attributes.matchAll(LABEL)].map(([, key = '', a, b]) => [key, a ?? b ?? '']));
  const best = ['label', 'title', 'header', 'name', 'value'].find((key) => found.has(key));
  return (best === undefined ? undefined : found.get(best)) ?? '';
}
