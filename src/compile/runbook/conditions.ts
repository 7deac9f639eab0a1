import { slug } from './assemble-names.js';
import { lastSentence, saysCondition } from './rules-intro.js';

/** The first of the texts that says that what follows is for some cases only: its last sentence, without the end mark. */
export function conditionIn(...texts: readonly string[]): string | undefined {
  const text = texts.find((one) => saysCondition(one));
  return text === undefined
    ? undefined
    : lastSentence(text)
        .replace(/[:.：。\s]+$/u, '')
        .replaceAll(/\s+/g, ' ');
}

/** The input that people answer with yes or no: `if_using_argo_cd`. */
export function inputNameOf(condition: string): string {
  const words = slug(condition).split('-').slice(0, 7).join('_').slice(0, 50);
  return /^[a-z]/.test(words) ? words : `in_this_case${words === '' ? '' : `_${words}`}`;
}
