import type { ShellFacts } from '../../shell/facts.js';
import type { Decision, Part } from '../blocks/decision.js';
import { clip, firstLine } from '../blocks/names.js';
import type { Section } from '../markdown/document.js';
import { isWithin } from '../markdown/outline.js';
import { isCodeLine } from '../words/text.js';

/** `cd app`, `export NAME=web`, `DIR=$BASE/x`: what holds for the blocks below as well, and does nothing else. */
const WORD = `(?:"[^"\`\\n]*"|'[^'\\n]*'|[^\\s"'\`;&|<>()#])+`;
const SETS = new RegExp(`^\\s*(?:cd\\s+${WORD}|(?:export\\s+)?[A-Za-z_]\\w*=(?:${WORD})?)\\s*(?:#.*)?$`);
const GOES_AND = new RegExp(`^(\\s*cd\\s+${WORD})\\s*&&\\s*(?=\\S)`);

/**
 * A no to a block leaves out what it sets, too, and the blocks below would run in another folder, or with other variables.
 * So where a block that asks, or one of a section that is asked about, begins by going somewhere or setting something, that is a step of its own, which nobody is asked about.
 */
export function withSettingFirst(
  decisions: readonly Decision[],
  factsOf: (script: string) => ShellFacts,
): readonly Decision[] {
  const last = decisions.findLastIndex(isTyped);
  let section: Section | undefined;
  return decisions.map((decision, at) => {
    const { ask, gate, stop, block } = decision;
    section = stop?.within ?? section;
    const isAsked = (ask ?? gate) !== undefined || (section !== undefined && isWithin(block.section, section));
    if (at >= last || !isAsked || !isTyped(decision) || isApart(decision)) return decision;
    const parts = apart(decision, factsOf);
    return parts === undefined ? decision : { ...decision, parts };
  });
}

function isTyped({ label, form, block }: Decision): boolean {
  return block.kind === 'code' && form === 'shell' && label !== 'leave_out' && label !== 'manual';
}

function isApart({ parts, ways, background, shown }: Decision): boolean {
  return parts !== undefined || ways !== undefined || background !== undefined || shown !== undefined;
}

function apart({ script, facts }: Decision, factsOf: (script: string) => ShellFacts): readonly Part[] | undefined {
  const lines = script.split('\n');
  const first = lines.findIndex((line) => isCodeLine(line) && (!SETS.test(line) || HOLDS_CODE.test(line)));
  if (first < 0 || facts === undefined) return undefined;
  const [, goes] = GOES_AND.exec(lines[first] ?? '') ?? [];
  const line = lines[first] ?? '';
  const setting = [...lines.slice(0, first), ...(goes === undefined ? [] : [goes])].join('\n');
  const rest = [goes === undefined ? line : line.replace(GOES_AND, ''), ...lines.slice(first + 1)].join('\n');
  if (!setting.split('\n').some(isCodeLine)) return undefined;
  const read = [setting, rest].map(factsOf);
  const [one, other] = read;
  if (one === undefined || other === undefined || !read.every(({ parsed }) => parsed)) return undefined;
  return [
    {
      script: setting,
      facts: one,
      lines: { from: 0, to: setting.split('\n').length - 1 },
      title: clip(firstLine(setting)),
    },
    { script: rest, facts: other, lines: { from: first, to: lines.length - 1 }, title: '' },
  ];
}

/** What a command prints is looked up, which a no is for as well. */
const HOLDS_CODE = /\$\(/;
