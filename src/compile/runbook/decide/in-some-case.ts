import { conditionIn, conditionOfAll, inputNameOf } from '../blocks/conditions.js';
import { type Decision, isInTurn } from '../blocks/decision.js';
import { clip } from '../blocks/names.js';
import type { CodeBlock } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { caseAround, titleAbove } from '../rules/case-around.js';
import type { Subject } from '../rules/rule.js';
import { isTimeOf } from '../words/heading-times.js';
import { caseAside, namesEmergency, namesFallback, namesLaterPlan, namesMishap } from '../words/headings.js';
import { phrase } from '../words/phrase.js';
import { wantsFirst } from '../words/says-first.js';

/** In a runbook, what is done "if …" is a question to people, whose answer is no unless they say otherwise. */
export function inSomeCase(subject: Subject, decision: Decision): Decision {
  const { intro, standing, script, block } = subject;
  if (!isInTurn(decision) || standing.readme || /^(?:marked|review)-/.test(decision.rule)) return decision;
  const comment = conditionOfBlock(script, decision);
  const { lead = '' } = block.item ?? {};
  const [nearest = ''] = standing.headings;
  const heading = isTimeOf(titleAbove(standing.headings), nearest) ? '' : nearest;
  // "If the list looks right": somebody looks, and is asked when the block is reached.
  const condition =
    usedWhen(subject) ??
    conditionIn(
      wantsFirst(intro) ? '' : intro,
      wantsFirst(lead) ? '' : lead,
      wantsFirst(comment) ? '' : comment,
      heading,
      caseAside(heading),
      asideOf(block),
    ) ??
    variationIn(subject) ??
    caseAround(subject) ??
    fallbackIn(subject) ??
    emergencyIn(subject);
  if (condition === undefined) return decision;
  const input = inputNameOf(condition);
  const why = `the text says "${clip(condition)}": it runs when the input "${input}" says yes`;
  return {
    ...decision,
    rule: 'condition',
    why,
    choice: { input, value: 'yes', says: clip(condition) },
  };
}

/** The comment on top, unless it is that of the first of several parts. */
function conditionOfBlock(script: string, { parts }: Decision): string {
  return parts?.[0]?.condition === undefined ? conditionOfAll(script) : '';
}

/** Not what the whole document is about. */
function fallbackIn({ standing: { below, plans } }: Subject): string | undefined {
  return below.find((heading) => namesFallback(heading) || (!plans && namesLaterPlan(heading)));
}

const USED_WHEN = phrase(
  /^\W*(?:use (?:this |it )?(?:when|if|for)|when to use|wann (?:verwenden|nutzen)|quand (?:l')?utiliser|cuándo usar|quando (?:usar|usare)|kiedy używać)(?!\p{L})|^[\s\p{P}]*(?:используйте,? (?:когда|если)|когда использовать|使用场景|适用(?:于|场景)|何时使用|使用場面)/iu,
);

/** "Emergency stop" among sections that are none; the title, which is the last, says what the whole document is about. */
function emergencyIn({ standing: { headings, incident } }: Subject): string | undefined {
  const title = titleAbove(headings);
  if (incident || namesEmergency(title)) return undefined;
  const above = headings.filter((heading) => heading !== '' && heading !== title);
  return above.find(namesEmergency) ?? (namesMishap(title) ? undefined : above.find(namesMishap));
}

/** "Use this when:" beside it, and the name of its heading. */
function usedWhen({ intro, block, standing }: Subject): string | undefined {
  return USED_WHEN.test(block.outro) || USED_WHEN.test(intro) ? (standing.headings[0] ?? '') : undefined;
}

/** "For a point-in-time restore:" before the command of the block before it, with other words: that one, or this one. */
function variationIn({ intro, block, before, script }: Subject): string | undefined {
  if (!/^\W*for\b[^.]*:\W*$/i.test(intro) || before?.section !== block.section) return undefined;
  const [own, others] = [lastCommand(script), lastCommand(before.text)];
  return own !== '' && own === others && script !== before.text ? intro.replace(/\W+$/, '') : undefined;
}

/** The first three words of the last command that begins a line. */
function lastCommand(script: string): string {
  const [line = ''] = script.match(/^[a-z][\w./-]*(?: [a-z][\w-]*){1,2}(?=[ \n]|$)/gm)?.slice(-1) ?? [];
  return line;
}

/** "(if applicable)" in the text of the item that holds the block, which other text may stand between. */
function asideOf({ item }: CodeBlock): string {
  return /\((?:if|when|optional|only (?:if|when))\b[^)]*\)/i.exec(said(item))?.[0].slice(1, -1) ?? '';
}
