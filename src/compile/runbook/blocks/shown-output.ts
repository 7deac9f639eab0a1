import { lastSentence, saysOutput, saysSeen } from '../words/intro.js';
import { roleOfIntro } from '../words/roles.js';
import type { Decision } from './decision.js';
import { isReading } from './work.js';

/** What a document shows as the output of the block before it. */

/** A block that a sentence calls the output of the one before it, or that stands right behind a check, is what that one is expected to show. */
export function withShownOutput(decisions: readonly Decision[]): Decision[] {
  const shown = decisions.map((decision, i) =>
    isShownOutput(decision, decisions[i - 1]) ? decision.block.text : undefined,
  );
  return decisions.map((decision, i) => {
    const text = shown[i + 1] ?? statedNumber(decision);
    if (shown[i] !== undefined)
      return { ...decision, rule: 'shown-output', why: 'it is what the block before it is expected to print' };
    // Of several steps nobody can say which of them prints it.
    return text === undefined || decision.parts !== undefined ? decision : { ...decision, shown: text, weak: false };
  });
}

const LANGUAGES = /^(?:|text|txt|plain|plaintext|output|console|json|log)$/;

function isShownOutput({ label, rule, block }: Decision, before: Decision | undefined): boolean {
  if (label !== 'leave_out' || block.kind !== 'code' || before?.block.kind !== 'code') return false;
  if (before.block.section !== block.section || !LANGUAGES.test(block.language)) return false;
  if (!canShow(before)) return false;
  if (saysOutput(block.intro) || roleOfIntro(block.intro) === 'output') return true;
  if (!NO_SCRIPT.test(rule)) return false;
  if (block.intro === '') return before.label === 'verify' && isRightBehind(block, before.block);
  return saysPrinted(block.intro) || (looks(before) && saysExpectation(lastSentence(block.intro)));
}

function canShow({ label, form, shown }: Decision): boolean {
  return (label === 'run' || label === 'verify') && form === 'shell' && shown === undefined;
}

/** Left out for what it is, and not for where it stands: that might be a command as well. */
const NO_SCRIPT = /^(?:untagged-not-commands|other-language|session-without-prompt|text-not-command)$/;

function isRightBehind({ lines, item }: Decision['block'] & { kind: 'code' }, before: Decision['block']): boolean {
  return before.kind === 'code' && before.item === item && lines.from - before.lines.to <= 2;
}

const looks = ({ label, facts }: Decision): boolean => label === 'verify' || (facts !== undefined && isReading(facts));

/** "Debe mostrar:", "Das sollte 2 ausgeben:", "Cela doit afficher :". */
const PRINTED =
  /(?<!\p{L})(?:soll(?:te)?|muss|debe|deberá|debería|doit|devrait|deve|deverá|deveria|dovrebbe)(?: \S+){0,4}? (?:zeigen|anzeigen|ausgeben|liefern|zurückgeben|mostrar|devolver|imprimir|afficher|renvoyer|retourner|mostrare|stampare|restituire|exibir|retornar)(?!\p{L})/iu;
const NOT = /(?<!\p{L})(?:nicht|nichts|keine?|no|nada|ne|pas|rien|non|nulla|niente|não)(?!\p{L})/iu;

/** The sentence before a block says that it is printed. */
function saysPrinted(intro: string): boolean {
  const sentence = lastSentence(intro);
  return PRINTED.test(sentence) && !NOT.test(sentence);
}

const EXPECTED =
  /^\W*(?:(?:the )?expect(?:ed|s)?\b|.{1,60}\bshould (?:be|have|match|contain|read|say|print|report)\b|erwartet|erwartung|(?:résultat |réponse )?attendue?(?!\p{L})|(?:resultado |respuesta |resposta )?esperad[oa]|(?:risultato )?atteso|risposta attesa|oczekiwan|ожидает)|^\P{L}*(?:预期|期待|예상)|(?:即|则)?表示(?:成功|正常)|であれば(?:成功|正常|OK)/iu;

/** It tells what a look is expected to show. */
export function saysExpectation(sentence: string): boolean {
  return saysSeen(sentence) || EXPECTED.test(sentence) || saysPrinted(sentence);
}

/** "Expect 50.", right below what prints one thing. */
const NUMBER =
  /^\W*(?:expect(?:ed|s)?|erwartet|attendu|esperado|atteso)(?: (?:is|output|result|value|ist|werden?))?\s?[:：]?\s(-?\d{1,15}(?:\.\d{1,9})?)[.\s]*$/iu;

function statedNumber({ block, facts, ...decision }: Decision): string | undefined {
  if (block.kind !== 'code' || !canShow({ block, facts, ...decision })) return undefined;
  const [, number] = NUMBER.exec(block.outro) ?? [];
  const [first, ...others] = facts?.commands ?? [];
  return first === undefined || others.length > 0 ? undefined : number;
}
