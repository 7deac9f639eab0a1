import { basename } from 'node:path';
import { nearest } from '#ir/suggest.js';
import type { Attributes, Section } from '../markdown/document.js';
import { durationMs } from '../markdown/durations.js';
import type { Decision } from './decision.js';

/** What authors may say, and what Runme calls so; marks count in any case of letters. */
const MARKS = [
  'run',
  'skip',
  'ignore',
  'manual',
  'interactive',
  'verify',
  'check',
  'rollback',
  'undo',
  'precondition',
  'prerequisite',
  'background',
  'excludeFromRunAll',
  'promptEnv',
];
const KEYS = ['name', 'timeout', 'if', 'cwd', 'within', 'ready', 'database', 'expect'];
const DURATIONS = ['timeout', 'within'];

/** Keys of other tools that lie near one of ours. */
const OTHERS = /^(?:cmd|read|eval|lang|file|title|id|width|tag)$/i;
const RUNNABLE = /^(?:|bash|sh|shell|zsh|console|sql|http)$/;

/**
 * What stands beside the language of a block that may run, or at a heading, and seems meant for us, but is not: `{skp}`, `tmeout=3s`.
 * It is a warning and no refusal, since other tools have keys of their own.
 */
export function misspelt(decisions: readonly Decision[], file: string): string[] {
  const sections = new Set<Section>();
  return decisions.flatMap(({ block, label }) => {
    const headings: string[] = [];
    for (let at: Section | undefined = block.section; at !== undefined && !sections.has(at); at = at.parent) {
      sections.add(at);
      headings.push(...problemsOf(at.attributes, `${basename(file)}:${at.lines.from}`));
    }
    if (block.kind !== 'code' || (label === 'leave_out' && !RUNNABLE.test(block.language))) return headings;
    return [...headings, ...problemsOf(block.attributes, `${basename(file)}:${block.lines.from}`)];
  });
}

function problemsOf(attributes: Attributes, where: string): string[] {
  return [...attributes].flatMap(([key, value]) => {
    if (DURATIONS.includes(key) && durationMs(value) === undefined)
      return `${where}: "${key}=${value}" is no duration such as 30s, so it is passed over.`;
    const near = isKnown(key) || OTHERS.test(key) ? undefined : nearest(key, [...MARKS, ...KEYS]);
    return near === undefined ? [] : `${where}: "${key}" says nothing here. Did you mean "${near}"?`;
  });
}

function isKnown(key: string): boolean {
  return KEYS.includes(key) || MARKS.some((mark) => mark.toLowerCase() === key.toLowerCase());
}
