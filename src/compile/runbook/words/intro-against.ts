import { lastSentence, sentencesOf } from './intro.js';
import { phrase } from './phrase.js';
import { wantsFirst } from './says-first.js';

/** What the sentence before a block says against it: that it is not to be done, at all or here. */

const ENGLISH =
  /^\W*(?:do not|don['’]t|never|avoid|wrong|bad|incorrect|anti-?pattern)\b|\bdeprecated\b|\bno longer (?:works|supported|recommended)\b|❌/i;

/** "Old way, do not use:", "Whatever you do, never run". Not "If it is empty, do not run this", which is for that case, nor "do not run it twice". */
const AT_ITS_END =
  /^(?!\W*(?:if|when|unless|only|while|once)\b).*[,;:–—-]\s+(?:do not|don['’]t|never) (?:use|run|execute|type)(?: (?:this|these|it|them|the following|any ?more))?\W*$/i;

/** What was done once, is a mistake, or is not there yet. */
const OLD = phrase(
  /^\W*(?:what not to do|how not to do it|(?:an? |the )?(?:typical|common|frequent|classic|usual) (?:mistake|error|pitfall)s?\b|(?:the |our )?(?:old|former|legacy|previous|obsolete) (?:way|method|procedure|process|approach|command)(?: (?:was|is|used to be))?\s*(?:[:(]|$)|(?:this is |it is )?not (?:yet )?(?:implemented|supported|working|available|done)(?: yet)?\W*$|this (?:command|script|one)? ?(?:took down|broke|destroyed|deleted|caused)\b|you (?:do not|don['’]t|need not) (?:need|have) to (?:run|do|execute) (?:this|it|that)\b)|^\P{L}*(?:(?:der |die |das )?(?:alte[rs]?|frühere[rs]?) (?:weg|verfahren|methode|ablauf)|was man nicht tun sollte|(?:ein )?(?:häufiger|typischer) fehler|(?:l['’])?ancienne (?:méthode|procédure)|ce qu['’]il ne faut pas faire|(?:el )?(?:método|procedimiento) antiguo|qué no hacer|lo que no se debe hacer|(?:o )?(?:método|procedimento) antigo|o que não fazer|(?:il )?vecchio (?:metodo|modo)|(?:la )?vecchia procedura|cosa non fare|старый (?:способ|метод)|stary sposób)(?!\p{L})|^\P{L}*(?:旧方法|旧的方法|以前的方法|古い(?:方法|手順))/iu,
);

/** "# Old way (deprecated)" above all of a script. */
export function commentsOld(comment: string): boolean {
  return OLD.test(comment) || /^\P{L}*(?:deprecated|obsolete|veraltet|obsolète|obsolet[oa])(?!\p{L})/iu.test(comment);
}

const ELSEWHERE = phrase(
  new RegExp(
    [
      String.raw`^\P{L}*(?:bitte |bitte,? )?(?:auf keinen fall|keinesfalls|niemals|nie|nicht (?:mehr )?(?:ausführen|verwenden|benutzen|nutzen|starten|aufrufen|neu ?starten)|veraltet)(?!\p{L})`,
      String.raw`^\P{L}*(?:(?:surtout )?ne (?:\p{L}+ )?(?:surtout )?(?:pas|jamais)|n['’]\p{L}+ (?:pas|jamais|surtout pas)|jamais|à (?:ne (?:pas|jamais)|éviter)|déconseillé|obsolète)(?!\p{L})`,
      String.raw`^\P{L}*(?:(?:no|não|non) (?:ejecut|execut|esegu|lanz|lanci|us|utili[cz]|rod|corr|hag|fa[zç]|far|reinici|riavvi|borr|elimin|apag|remov|cancell|toqu|toc)\p{L}*|nunca|jamás|jamais|mai|evit\p{L}+|prohibido|proibido|vietato|obsolet[oa])(?!\p{L})`,
      String.raw`^\P{L}*(?:не (?:запуск|выполн|использ|дела|примен|удаля|перезапуск)\p{L}*|никогда|нельзя|запрещ\p{L}+|устар\p{L}+)`,
      String.raw`^\P{L}*(?:nie (?:uruchamiaj|wykonuj|używaj|rób|usuwaj|restartuj)\p{L}*|nigdy|niet (?:uitvoeren|gebruiken|doen)|nooit|asla|hiçbir zaman)(?!\p{L})`,
      String.raw`(?:不要|请勿|請勿|切勿|严禁|嚴禁|禁止|不得|不可|千万别)|已(?:废弃|弃用)`,
      String.raw`しないで|してはいけ|しては(?:なら|いけ)|(?:行|使)わないで|実行しないこと|非推奨`,
      String.raw`(?:하지 ?)?마(?:세요|십시오|시오)|하지 말|금지|실행하지 않`,
    ].join('|'),
    'iu',
  ),
);

const FORBIDS =
  /^\W*(?:do not|don['’]t|never|avoid) (?:use|using|pass|passing|add|adding|set|setting)\b(?!.*\bwithout\b)/i;
/** "Do not use `--force`. We are limited to five a week:", above what uses it. */
function forbidsOption(intro: string, script: string): boolean {
  const options = sentencesOf(intro).flatMap((one) => (FORBIDS.test(one) ? (one.match(LONG_OPTION) ?? []) : []));
  if (options.length === 0) return false;
  const used = new Set(script.match(LONG_OPTION));
  return options.some((option) => used.has(option));
}

const LONG_OPTION = /(?<![\w-])--[a-z][\w-]+/g;

/** "Do not forget to …", "Never skip this step" ask for it. */
const FORGET = phrase(
  /^\W*(?:do(?:n[’']t| not)|never) (?:forget|skip|omit|miss|worry|hesitate|panic|be (?:lazy|afraid|scared|shy|alarmed|surprised))\b|vergess|oubli|olvid|esque[cç]|dimentic|забуд|забыв|zapomn|vergeet|unutma|忘|잊/iu,
);
const POINTS = phrase(
  /\b(?:this|these|it|that|following|below|like so|dies\p{L}*|folgende\p{L}*|cec?i|cette|suivante?s?|est[aeo]s?|siguientes?|seguintes?|quest[aeio]|seguent[ei])\b|(?:эт[оиу]|следующ)|[此该]|以下|下列|次の|この|다음|이 명령/iu,
);

/**
 * The block shows what not to do. "Do not delete the old cluster." is a caution about something else, unless the script does what
 * it names.
 */
export function saysDoNot(intro: string, script: string): boolean {
  const sentence = lastSentence(intro);
  if (OLD.test(sentence) || forbidsOption(intro, script)) return true;
  const english = ENGLISH.test(sentence) || AT_ITS_END.test(sentence);
  if ((!english && !ELSEWHERE.test(sentence)) || FORGET.test(sentence)) return false;
  // "Do not run this until …" says when it is done.
  if (wantsFirst(sentence)) return false;
  const caution = english
    ? /^\W*(?:do not|don[’']t|never|avoid)\b[^:]*\.\W*$/i.test(sentence)
    : !/[:：]\P{L}*$/u.test(sentence);
  return !caution || POINTS.test(sentence) || sharesWord(sentence, script);
}

/**
 * "Do not run this once customers have written data": whether it is to be done, who is there knows. Not "Do not stop the old server
 * before the new one is up".
 */
export function saysDoNotWhen(sentence: string): boolean {
  const english = DO_NOT.test(sentence);
  return (english || ELSEWHERE.test(sentence) || NOT_THIS.test(sentence)) && WHEN.test(sentence);
}

const DO_NOT =
  /^\W*(?:(?:important|note|warning|caution|danger|attention)\W+)?(?:do not|don['’]t|never|must not) (?:run|execute|do|use|perform|start|apply|roll|revert|restore|undo|load|import|continue|proceed|go (?:on|back))\b/i;
const NOT_THIS = phrase(
  /^\P{L}*(?:dies\p{L}* (?:\p{L}+ )?)?nicht (?:mehr )?(?:ausführen|zurückrollen|einspielen|wiederherstellen)(?!\p{L})/iu,
);
const WHEN = phrase(
  /\b(?:once|after|unless|if|when|while|as soon as|as long as|before|without|until|during)\b|(?<!\p{L})(?:sobald|nachdem|wenn|falls|bevor|ohne|solange|während|nach|une fois|après|si|quand|sans|avant|una vez|después|cuando|sin|antes|tras|uma vez|depois|quando|sem|após|dopo|senza|prima|когда|после|если|без|gdy|jeśli)(?!\p{L})|[后後]|如果|若|たら/iu,
);

/** Some word of it that is not a small one is also one of the script. */
function sharesWord(sentence: string, script: string): boolean {
  const words = new Set(script.toLowerCase().match(/[\w-]{4,}/g) ?? []);
  return (sentence.toLowerCase().match(/[\w-]{4,}/g) ?? []).some((word) => words.has(word));
}
