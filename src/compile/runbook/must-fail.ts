import type { ShellFacts } from '../shell/facts.js';
import type { CodeBlock } from './document.js';
import { said } from './item-text.js';
import { lastSentence } from './rules-intro.js';
import { leadingComment } from './rules-text.js';

const FAIL = String.raw`(?:fail|be (?:refused|rejected|denied|impossible)|error out|(?:return|give|end with|exit with|result in) (?:an? )?(?:error|failure|non-?zero(?: \w+)?)|not (?:work|succeed|be (?:possible|allowed|accepted)))`;
const MUST = new RegExp(
  [
    String.raw`\b(?:must|should|has to|needs to|ought to|is expected to|is supposed to) (?:now |then |always |no longer )?${FAIL}(?: (?:now|with [^.]{1,60}|because [^.]{1,60}))?\W*$`,
    String.raw`\bexpect(?:ed)? (?:it|this|that|the [\w-]+(?: [\w-]+)?)? ?to (?:now )?${FAIL}\W*$`,
    String.raw`(?<!\p{L})(?:muss|sollte|soll) (?:jetzt |nun |dann )?(?:fehlschlagen|scheitern|abgelehnt werden|abgewiesen werden)\P{L}*$`,
    String.raw`(?<!\p{L})(?:doit|devrait) (?:échouer|être (?:refusée?|rejetée?))\P{L}*$|(?<!\p{L})(?:debe|debería) (?:fallar|ser rechazad[oa])\P{L}*$|(?<!\p{L})(?:deve|deveria) (?:falhar|ser rejeitad[oa])\P{L}*$|(?<!\p{L})(?:deve|dovrebbe) (?:fallire|essere rifiutat[oa])\P{L}*$`,
    String.raw`(?<!\p{L})(?:должна?о?|должен) (?:завершиться (?:с )?ошибкой|быть отклон\p{L}+)\P{L}*$|应该?(?:会)?(?:失败|报错|被拒绝)\P{L}*$|(?:失敗|拒否)する(?:はず|こと)\P{L}*$`,
  ].join('|'),
  'iu',
);

/** "This command must fail:": what the text before the block, or the comment on top of it, expects of it. */
export function mustFail({ intro, item, text }: CodeBlock): boolean {
  const before = intro === '' ? said(item) : intro;
  return [before, leadingComment(text)].some((one) => one !== '' && MUST.test(lastSentence(one)));
}

interface Turned {
  readonly script: string;
  readonly facts: ShellFacts;
  readonly adapted: string;
}

/** The script turned round, so that it succeeds where what it holds fails; undefined when it cannot be. */
export function turnedRound(script: string, factsOf: (script: string) => ShellFacts): Turned | undefined {
  const turned = `! (\n${script}\n)`;
  const facts = factsOf(turned);
  const adapted = 'the text says that it must fail, so it counts as done where it does';
  return facts.parsed ? { script: turned, facts, adapted } : undefined;
}
