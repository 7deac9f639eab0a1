import type { ShellFacts } from '../../shell/facts.js';
import type { CodeBlock } from '../markdown/document.js';
import { said } from '../markdown/item-text.js';
import { lastSentence } from '../words/intro.js';
import { phrase } from '../words/phrase.js';
import { leadingComment } from '../words/text.js';
import { conditionIn } from './conditions.js';
import { isChangingWork } from './work.js';

const FAIL = String.raw`(?:fail|be (?:refused|rejected|denied|impossible)|error out|(?:return|give|end with|exit with|result in) (?:an? )?(?:error|failure|non-?zero(?: \w+)?)|(?:not|no longer) (?:work|succeed|be (?:possible|allowed|accepted)))`;
/** A word that each of them needs. */
const NEAR_MUST =
  /fail|refused|rejected|denied|impossible|error|non-?zero|not |no longer|fehlschlagen|scheitern|gelehnt|gewiesen|échouer|refus|rejet|fallar|rechazad|falhar|rejeitad|fallire|rifiutat|ошибк|отклон|失败|报错|拒绝|失敗|拒否/i;
const MUST = phrase(
  new RegExp(
    [
      String.raw`\b(?:must|should|has to|needs to|ought to|is expected to|is supposed to) (?:now |then |always )?${FAIL}(?: (?:now|with [^.]{1,60}|because [^.]{1,60}))?\W*$`,
      String.raw`\bexpect(?:ed)? (?:it|this|that|the [\w-]+(?: [\w-]+)?)? ?to (?:now )?${FAIL}\W*$`,
      String.raw`(?<!\p{L})(?:muss|sollte|soll) (?:jetzt |nun |dann )?(?:fehlschlagen|scheitern|abgelehnt werden|abgewiesen werden)\P{L}*$`,
      String.raw`(?<!\p{L})(?:doit|devrait) (?:échouer|être (?:refusée?|rejetée?))\P{L}*$|(?<!\p{L})(?:debe|debería) (?:fallar|ser rechazad[oa])\P{L}*$|(?<!\p{L})(?:deve|deveria) (?:falhar|ser rejeitad[oa])\P{L}*$|(?<!\p{L})(?:deve|dovrebbe) (?:fallire|essere rifiutat[oa])\P{L}*$`,
      String.raw`(?<!\p{L})(?:должна?о?|должен) (?:завершиться (?:с )?ошибкой|быть отклон\p{L}+)\P{L}*$|应该?(?:会)?(?:失败|报错|被拒绝)\P{L}*$|(?:失敗|拒否)する(?:はず|こと)\P{L}*$`,
    ].join('|'),
    'iu',
  ),
);

/** "None of the checks should fail": it must succeed. */
const NONE = phrase(
  /\b(?:none|neither|nothing|nobody|no one)\b|\bno (?:[\w-]+ ){1,3}(?:must|should|has to|is)\b|(?<!\p{L})(?:keine?[rs]?|nichts|niemand|aucune?|rien|ning[uú]n\p{L}*|nada|nessun\p{L}*|niente|nenhum\p{L}*|ни од\p{L}+|ничего)(?!\p{L})/iu,
);

/** "This command must fail:": what the text before the block, or the comment on top of it, expects of it. */
export function mustFail(block: CodeBlock): boolean {
  return sentenceOf(block) !== undefined;
}

function sentenceOf({ intro, item, text }: CodeBlock): string | undefined {
  const before = intro === '' ? said(item) : intro;
  return [before, leadingComment(text)]
    .map((one) => (one === '' ? '' : lastSentence(one)))
    .find((one) => one !== '' && saysMustFail(one));
}

/** It speaks of the command; "Writes to the old database must be rejected" does not. */
const OF_THE_COMMAND = phrase(
  /(?<!\p{L})(?:this|it|that|the (?:command|call|request|query|statement|attempt|login|upload|insert|write|script|access|connection)|dies|das|es|der (?:befehl|aufruf|zugriff|versuch)|die (?:anfrage|anmeldung|verbindung)|cela|cette (?:commande|requête)|la (?:commande|requête|connexion|conexión|conexão|connessione|petición|consulta)|est[eo]|el (?:comando|acceso)|ist?o|o (?:comando|acesso)|questo|il comando|l['’]accesso|команда|это|запрос)(?!\p{L})|命令|请求|コマンド|これ/iu,
);

/** "If it should fail:" tells of a case. */
function saysMustFail(sentence: string): boolean {
  return NEAR_MUST.test(sentence) && MUST.test(sentence) && !NONE.test(sentence) && conditionIn(sentence) === undefined;
}

interface Turned {
  readonly script: string;
  readonly facts: ShellFacts;
  readonly adapted: string;
}

export const TURNED = 'the text says that it must fail, so it counts as done where it does';

/**
 * The script turned round, so that it succeeds where its command fails; undefined when it cannot be: of several commands nobody knows
 * which one is to fail, and what acts may be what makes another thing fail. A program that is not there, or cannot be started (126, 127), was not refused, and what was killed (128 and more)
 * neither.
 */
export function turnedRound(
  block: CodeBlock,
  script: string,
  factsOf: (script: string) => ShellFacts,
): Turned | undefined {
  const says = sentenceOf(block);
  const own = factsOf(script);
  if (says === undefined || isTurned(script) || !isOneCommand(own)) return undefined;
  if (isChangingWork(own) && !OF_THE_COMMAND.test(says)) return undefined;
  const turned = `if\n${script}\nthen false; else [ "$?" -lt 126 ]; fi`;
  const facts = factsOf(turned);
  return facts.parsed ? { script: turned, facts, adapted: TURNED } : undefined;
}

function isOneCommand({ parsed, commands }: ShellFacts): boolean {
  const [first, second] = commands.filter(({ substituted }) => !substituted);
  return parsed && first !== undefined && second === undefined && !first.inBackground;
}

/** `! nc -z host 5432` says itself that it must fail. */
export function isTurned(script: string): boolean {
  return /^\s*!\s/.test(script);
}
