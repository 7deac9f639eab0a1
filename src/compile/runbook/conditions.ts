import { slug } from './assemble-names.js';
import { lastSentence, saysCondition, sentenceOfCase } from './rules-intro.js';
import { isCodeLine, leadingComment } from './rules-text.js';

/** The first of the texts that says that what follows is for some cases only: its last sentence, without the end mark. */
export function conditionIn(...texts: readonly string[]): string | undefined {
  const text = texts.map((one) => one.replace(/^\[!\w+\]\s*/, '')).find((one) => saysCondition(one));
  return text === undefined
    ? undefined
    : (sentenceOfCase(text) ?? lastSentence(text)).replace(/[:.：。\s]+$/u, '').replaceAll(/\s+/g, ' ');
}

const UNLESS_THERE =
  /\b(?:if|falls|wenn|si|se) (?:(?:it|this|they) )?(?:(?:is|are|does|do|has|have) )?(?:not|nicht|no|n[ãa]o) (?:(?:already|yet|been|bereits|schon|ya) )*(?:installed|present|there|exist\w*|existing|created|available|vorhanden|installiert|instalado|installé)\b/i;

/**
 * The comment on top of a script. "Install ufw (if not installed)" above one command of several says when that one is needed, and
 * does no harm otherwise.
 */
export function conditionOfAll(script: string): string {
  const comment = leadingComment(script);
  if (!UNLESS_THERE.test(comment)) return comment;
  const lines = script.split('\n');
  const begun = lines.findIndex(isCodeLine);
  return lines.slice(begun + 1).some((line) => /^\s*#/.test(line)) ? '' : comment;
}

/** The input that people answer with yes or no: `if_using_argo_cd`. */
export function inputNameOf(condition: string): string {
  const words = slug(condition).split('-').slice(0, 7).join('_').slice(0, 50);
  return /^[a-z]/.test(words) ? words : `in_this_case${words === '' ? '' : `_${words}`}`;
}
