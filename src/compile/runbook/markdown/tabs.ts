import type { MarkdownIt, StateBlock } from 'markdown-it';
import { type ContainerKind, findMarkers, type Opening } from './tabs-markers.js';

/** Types of the tokens that a container becomes. The opening one has the kind as `markup` and the label as `info`. */
export const CONTAINER_OPEN = 'container_open';
export const CONTAINER_CLOSE = 'container_close';
const CONTAINER = 'container';

/** `=== "npm"` of MkDocs, and its admonitions `!!! note` and `??? tip "Title"`, whose content is indented by four. */
const INDENTED = /^(===|!!!|\?\?\?)[!+]?\s+(?:[\w-]+(?:\s+[\w-]+)*\s*)?(?:"([^"]*)"|'([^']*)')?\s*$/;
/** The pattern takes quadratic time in the number of spaces. */
const MAX_MARKER = 300;
const MARKER_STARTS = '<{:=!?';
const markersOf = new WeakMap<object, ReadonlyMap<number, Opening | undefined>>();

/**
 * Makes the parser see tabs and other containers, also where CommonMark would see an indented code block or HTML. A marker that
 * nothing closes is left out, and its content stands for itself.
 */
export function readContainers(parser: MarkdownIt): void {
  const alt = ['paragraph', 'reference', 'blockquote', 'list'];
  parser.block.ruler.before('table', CONTAINER, containerRule, { alt });
}

function containerRule(state: StateBlock, line: number, end: number, silent: boolean): boolean {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  if (!MARKER_STARTS.includes(state.src.charAt(start))) return false;
  // Tags inside tags may be indented as deep as their author likes.
  if (indent(state, line) - state.blkIndent >= 4 && state.parentType !== CONTAINER) return false;
  const markers = findAll(state);
  const opening = markers.get(line) ?? indentedOpening(state, line, end, start);
  if (opening === undefined && !markers.has(line)) return false;
  if (silent) return true;
  const read = opening?.close !== undefined && opening.close <= end && readBody(state, line, opening);
  const closing = markers.has(line) ? 1 : 0;
  state.line = Math.min(read ? (opening.close ?? end) + closing : (opening?.body ?? line + 1), end);
  return true;
}

function findAll(state: StateBlock): ReadonlyMap<number, Opening | undefined> {
  const found = markersOf.get(state.env) ?? findMarkers(state.src.split('\n'));
  markersOf.set(state.env, found);
  return found;
}

function indentedOpening(state: StateBlock, line: number, end: number, start: number): Opening | undefined {
  const text = state.src.slice(start, Math.min(state.eMarks[line] ?? start, start + MAX_MARKER));
  const [, marker, double, single] = INDENTED.exec(text) ?? [];
  if (marker === undefined || (marker === '===' && (double ?? single) === undefined)) return undefined;
  let close = line + 1;
  while (close < end && (state.isEmpty(close) || indent(state, close) >= state.blkIndent + 4)) close += 1;
  const kind: ContainerKind = marker === '===' ? 'tab' : marker === '???' ? 'details' : 'plain';
  return { kind, label: double ?? single ?? '', body: line + 1, close, mdx: false, margin: state.blkIndent + 4 };
}

/** Reads the content as if its margin were that of the document. False when it does not belong to where the marker stands. */
function readBody(state: StateBlock, line: number, opening: Opening): boolean {
  const { kind, label, body, close = body } = opening;
  const margin = marginOf(state, opening);
  if (margin < state.blkIndent) return false;
  const { blkIndent, lineMax, parentType } = state;
  const opened = state.push(CONTAINER_OPEN, '', 1);
  Object.assign(opened, { markup: kind, info: label, map: [line, close] });
  Object.assign(state, { blkIndent: margin, lineMax: close, parentType: CONTAINER });
  state.md.block.tokenize(state, body, close);
  Object.assign(state, { blkIndent, lineMax, parentType });
  state.push(CONTAINER_CLOSE, '', -1).map = [line, close];
  return true;
}

/** The least indentation of the content, unless that makes it indented code. */
function marginOf(state: StateBlock, { body, close = body, mdx, margin }: Opening): number {
  if (margin !== undefined) return margin;
  let [least, hasFence] = [Number.POSITIVE_INFINITY, false];
  for (let at = body; at < close; at += 1) {
    if (state.isEmpty(at)) continue;
    least = Math.min(least, indent(state, at));
    const start = (state.bMarks[at] ?? 0) + (state.tShift[at] ?? 0);
    hasFence ||= state.src.startsWith('```', start) || state.src.startsWith('~~~', start);
  }
  const isCode = least >= state.blkIndent + 4 && !hasFence && !mdx;
  return least === Number.POSITIVE_INFINITY || isCode ? state.blkIndent : least;
}

function indent(state: StateBlock, line: number): number {
  return state.sCount[line] ?? 0;
}
