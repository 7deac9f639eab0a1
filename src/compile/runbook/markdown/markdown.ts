import { basename } from 'node:path';
import MarkdownIt, { type Token } from 'markdown-it';
import { OpsroomError } from '#kit/errors.js';
import { refuseManyBlocks, refuseManyMarks } from '../../limits.js';
import { MAX_BYTES } from '../../yaml.js';
import type { RunbookDocument } from './document.js';
import { strayEnd } from './fence.js';
import { type FrontMatter, readFrontMatter } from './front-matter.js';
import { narrow } from './narrow.js';
import { readContainers } from './tabs.js';
import { plainTokens } from './tokens.js';
import { MarkdownWalk } from './walk.js';

/** Block tokens with their lines are all that is needed: inline Markdown is left as written. */
const parser = new MarkdownIt({ html: true }).use(readContainers).use(plainTokens);
parser.core.ruler.enableOnly(['normalize', 'block']);

/**
 * Reads a Markdown file: sections, code blocks and numbered or ticked list items with their exact lines. Never fails for what is
 * written in it, except in the front matter.
 * @param file named in errors; its last part is the title when the document has none
 * @throws OpsroomError PLAN_TOO_LARGE above 8 MiB or 20,000 blocks, PLAN_SYNTAX for broken front matter with settings of ours, PLAN_UNREADABLE for binary files
 */
export function readMarkdown(text: string, file: string): RunbookDocument {
  refuseUnreadable(text, file);
  refuseManyMarks(text, file);
  const lined = text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
  const frontMatter = readFrontMatter(lined, file);
  const lines = lined.split('\n');
  if (lines.length > 1 && lines.at(-1) === '') lines.pop();
  const body = lines.fill('', 0, frontMatter.lines);
  const walk = new MarkdownWalk(body);
  parse(body).forEach((token, index, tokens) => walk.token(token, tokens[index + 1], tokens[index + 2]));
  refuseManyBlocks(walk.result().blocks, file);
  const { value, lineOf, fault } = frontMatter;
  return { title: titleOf(frontMatter, walk, file), frontMatter: value, lineOf, fault, ...walk.result() };
}

/** So often is a document read anew because the end of a fence stands outside of its list item. */
const MOST_STRAY = 10;

function parse(given: readonly string[]): Token[] {
  const lines = [...given];
  let tokens = parser.parse(lines.join('\n'), {});
  for (let mended = 0; mended < MOST_STRAY; mended += 1) {
    const end = strayEnd(tokens, lines);
    if (end === undefined) break;
    lines[end.line] = end.margin + (lines[end.line] ?? '').trim();
    tokens = parser.parse(lines.join('\n'), {});
  }
  for (const token of tokens) token.content = narrow(token.content);
  return tokens;
}

function titleOf({ value }: FrontMatter, walk: MarkdownWalk, file: string): string {
  const named = typeof value === 'object' && value !== null && 'title' in value ? value.title : undefined;
  if (typeof named === 'string' && named.trim() !== '') return named.trim();
  const heading = walk.result().sections.find(({ level, heading }) => level === 1 && heading !== '')?.heading;
  return heading ?? basename(file);
}

function refuseUnreadable(text: string, file: string): void {
  if (Buffer.byteLength(text) > MAX_BYTES) {
    throw new OpsroomError('PLAN_TOO_LARGE', { what: `At most ${MAX_BYTES} bytes are read.`, where: file });
  }
  if (text.includes('\0')) {
    throw new OpsroomError('PLAN_UNREADABLE', { what: 'The file is binary, not text in UTF-8.', where: file });
  }
}
