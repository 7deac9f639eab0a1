import { lastSentence, saysOutput, saysSeen, sentencesOf } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { roleOfIntro } from '../words/roles.js';
import type { Decision } from './decision.js';
import { mustFail } from './must-fail.js';
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
    if (decision.parts !== undefined) return decision;
    if (text !== undefined) return { ...decision, shown: text, weak: false };
    const prints = statedOutput(decision);
    return prints === undefined ? decision : { ...decision, prints, weak: false };
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
const PRINTED = phrase(
  /(?<!\p{L})(?:soll(?:te)?|muss|debe|deberá|debería|doit|devrait|deve|deverá|deveria|dovrebbe)(?: \S+){0,4}? (?:zeigen|anzeigen|ausgeben|liefern|zurückgeben|mostrar|devolver|imprimir|afficher|renvoyer|retourner|mostrare|stampare|restituire|exibir|retornar)(?!\p{L})/iu,
);
const NOT = phrase(/(?<!\p{L})(?:nicht|nichts|keine?|no|nada|ne|pas|rien|non|nulla|niente|não)(?!\p{L})/iu);

/** The sentence before a block says that it is printed. */
function saysPrinted(intro: string): boolean {
  const sentence = lastSentence(intro);
  return PRINTED.test(sentence) && !NOT.test(sentence);
}

const EXPECTED = phrase(
  /^\W*(?:(?:the )?expect(?:ed|s)?\b|.{1,60}\bshould (?:be|have|match|contain|read|say|print|report)\b|erwartet|erwartung|(?:résultat |réponse )?attendue?(?!\p{L})|(?:resultado |respuesta |resposta )?esperad[oa]|(?:risultato )?atteso|risposta attesa|oczekiwan|ожидает)|^\P{L}*(?:预期|期待|예상)|(?:即|则)?表示(?:成功|正常)|であれば(?:成功|正常|OK)/iu,
);

/** It tells what a look is expected to show. */
export function saysExpectation(sentence: string): boolean {
  return saysSeen(sentence) || EXPECTED.test(sentence) || saysPrinted(sentence);
}

/** "Expect 50.", right below what prints one thing. */
const NUMBER = phrase(
  /^\W*(?:expect(?:ed|s)?|erwartet|attendu|esperado|atteso)(?: (?:is|output|result|value|ist|werden?))?\s?[:：]?\s(-?\d{1,15}(?:\.\d{1,9})?)[.\s]*$/iu,
);

function statedNumber({ block, facts, ...decision }: Decision): string | undefined {
  if (block.kind !== 'code' || !canShow({ block, facts, ...decision })) return undefined;
  const [, number] = NUMBER.exec(block.outro) ?? [];
  const [first, ...others] = facts?.commands ?? [];
  return first === undefined || others.length > 0 ? undefined : number;
}

const SEES = phrase(
  new RegExp(
    [
      String.raw`(?:(?:you|we|it|this|that|the (?:output|command|response|result|answer|last line|check)) (?:should|will|must)|(?:you|we|it)['’]ll) (?:(?:now|then|also|again|only) )?(?:see|be|say|print|show|read|return|report|contain|include|display|output|answer(?: with)?)`,
      String.raw`(?:it|this|that|the (?:command|check)) (?:prints|says|shows|returns|outputs|reports|answers(?: with)?)`,
      String.raw`the (?:expected )?(?:output|response|result|answer) (?:is|says|contains|reads)`,
      String.raw`(?:you (?:can )?)?expect(?:ed)?(?: (?:output|result|response|to see|(?:output|result) is))?`,
      String.raw`(?:sie|du|man|es|das) (?:sollten?|solltest|muss|müssen)|die ausgabe (?:ist|lautet)`,
      String.raw`(?:vous devriez voir|(?:cela|il) (?:doit|devrait) afficher|debería[sn]? ver|(?:debe|debería) mostrar|(?:você )?deve(?:ria)? (?:ver|mostrar)|dovrest[ie] vedere|deve mostrare)`,
      String.raw`(?:应该?会?|會|应)(?:看到|显示|输出|返回)`,
    ].join('|'),
    'iu',
  ),
);
/** What may come between those words and the code, and behind it where that is all that is to be seen. */
const BETWEEN = phrase(/^[\s:："“„«]*(?:(?:the )?(?:text|word|line|message|status|value) )?/iu);
const BEHIND = phrase(
  /^["”»]?(?:[\s.!。]*$|\s(?:(?:in|as|at|on) (?:the|its|this|your) (?:[\w-]+ )?(?:output|list|response|answer|result|line|column|row|table|status|body|end)|for (?:all|each|every|both)(?: of)?(?: the)? [\w-]+|sehen|stehen|erscheinen|anzeigen|ausgeben)[\s.!]*$)/iu,
);
/** Not what it says, but of what form it is. */
const STANDS_FOR =
  /[<>{}$…*]|\.{3}|x{3,}|\b(?:YOUR|MY)[_-]|\b[A-Z\d]+_(?:NAME|ID|IP|HOST|VERSION|KEY|TOKEN)\b|example\.(?:com|org|net)|\d{4}-\d\d-\d\d|\d\d:\d\d|#{2,}|^(?:N|X|foo|bar|bla)$/;
/** "In case of trouble it prints `refused`." */
const IN_SOME_CASE =
  /^\W*(?:if|when|unless|wenn|falls|si|se)(?!\p{L})|(?<!\p{L})(?:otherwise|in case|(?:on|upon|after) (?:an? )?(?:errors?|failures?)|sonst|andernfalls|bei (?:einem )?fehlern?|sinon|en cas|de lo contrario|altrimenti|caso contrário|senão)(?!\p{L})/iu;
const LONGEST_STATED = 200;

/** "You should see `ok`." */
function statedOutput(decision: Decision): string | undefined {
  const { block, background } = decision;
  if (block.kind !== 'code' || block.outroCode.length === 0 || background !== undefined || !canShow(decision))
    return undefined;
  // What is refused says so on the other channel.
  if (mustFail(block)) return undefined;
  for (const sentence of sentencesOf(block.outro)) {
    const sees = SEES.exec(sentence);
    if (sees === null || IN_SOME_CASE.test(sentence)) continue;
    const rest = BETWEEN.without(sentence.slice(sees.index + sees[0].length));
    const said = block.outroCode.find((code) => rest.startsWith(code) && BEHIND.test(rest.slice(code.length)));
    if (said !== undefined && said !== '' && said.length <= LONGEST_STATED && !STANDS_FOR.test(said)) return said;
  }
  return undefined;
}
