import { lastSentence } from './intro.js';
import { phrase } from './phrase.js';

/** What the sentence before a block says of it beside "do it": that it was done, does itself, is compared, or chosen from. */

const DESCRIBED =
  /\b(?:(?:this|which|the (?:[\w-]+ ){0,2}(?:script|command|workflow|pipeline|job|hook|installer|playbook|image|container|action|target|unit|timer)|ci|github actions|jenkins|cron|systemd|docker) (?:will |then |also |automatically |simply |just |internally |basically )*(?:runs?|executes?|calls?|invokes?)\b|(?:runs?|executes?|calls?) (?:automatically|internally|under the hood|behind the scenes)|under the hood|behind the scenes|(?:is|are|roughly|basically) (?:equivalent to|the same as|short(?:hand)? for|an alias for)|(?:i|we) (?:once |previously |formerly |originally )?(?:ran|used|executed|did|had run|created|generated)|(?:was|were|has been|have been) (?:run|executed|generated|created|produced|built|tested|recorded|done) (?:with|using|by|via|from)|^\W*previously,|used to (?:be|run|do)|in the past|(?:in|from|by|on) (?:the )?(?:ci|cron)(?: pipeline| job)?\W*$|(?:shows|prints|yields|produces|gives|outputs|displays|reports) the following\b|with the (?:output|result)s? being\b)/i;

/** Something else than the reader does it: "is run every night by a timer". */
const DONE_BY_ITSELF =
  /\b(?:is|are|gets?) (?:run|executed|called|invoked|started|triggered)\b[^.]*\b(?:by (?:an?|the|our|its) (?:[\w-]+ ){0,2}(?:timer|cron(?:job)?|job|pipeline|ci|scheduler|hook|workflow|action|script|agent|operator|service)|every (?:night|day|hour|week|month|morning|\d+)|nightly|hourly|daily|automatically)\b|^\W*every (?:night|day|hour|week|month|morning)\b[^.]*\b(?:is|are|gets?|runs?)\b/i;
const DESCRIBED_ELSEWHERE = phrase(
  new RegExp(
    [
      String.raw`(?<!\p{L})(?:haben wir|wir haben|habe ich)(?!\p{L})|(?<!\p{L})(?:wird|werden|läuft|laufen) (?:[^.]* )?(?:automatisch|nachts|jede[nrs]?|stündlich|täglich|vom|von der)(?!\p{L})`,
      String.raw`(?<!\p{L})(?:nous avons|on a) (?:\p{L}+ )?\p{L}+(?:é|it|is)e?s?(?!\p{L})|(?<!\p{L})(?:est|sont) (?:lancé|exécuté|appelé)e?s? (?:automatiquement|par|toutes|tous|chaque)(?!\p{L})`,
      String.raw`(?<!\p{L})(?:se ejecutó|se lanzó|hicimos|se ejecuta (?:automáticamente|cada|sol[oa])|foi executado|fizemos|é executado (?:automaticamente|a cada|pel[oa])|abbiamo (?:eseguito|lanciato|usato|fatto|svuotato|riavviato)|viene eseguit[oa] (?:automaticamente|ogni|da))(?!\p{L})`,
      String.raw`(?<!\p{L})мы (?:\p{L}+ )*(?:запустили|выполнили|сделали|использовали|очистили|перезапустили)|(?:выполняется|запускается) (?:автоматически|кажд\p{L}+|по расписанию)|(?<!\p{L})(?:uruchomiliśmy|wykonaliśmy|zrobiliśmy)`,
      String.raw`我们(?:当时)?(?:先)?(?:执行|运行|使用|清空|重启)了|(?:自动|定时)(?:执行|运行|触发)`,
      String.raw`(?:実行|再起動|削除|適用)しました|自動(?:的に|で)(?:実行|起動|呼)|実行され(?:る|ます|ています)|실행했습니다|자동(?:으로)? 실행`,
    ].join('|'),
    'iu',
  ),
);

/** It tells what runs by itself, or was run once: "the script then runs:", "we ran", "is equivalent to". */
export function saysDescribed(intro: string): boolean {
  const sentence = lastSentence(intro);
  if (/\byou (?:have to|must|need to)\b/i.test(sentence)) return false;
  return DESCRIBED.test(sentence) || DONE_BY_ITSELF.test(sentence) || DESCRIBED_ELSEWHERE.test(sentence);
}

const WRONG =
  /^[ \t]*#[^\n]*(?:❌|✗|✘|🚫)[^\n]*(?:\b(?:don['’]?t|do not|not|never|wrong|bad|avoid|incorrect|nicht|falsch|pas|faux|nunca|mal|errado|non|sbagliato)\b|не |неправ|不要|错误|錯誤|别|勿|ダメ|だめ|しない|금지|하지)/imu;
const RIGHT = /^[ \t]*#[^\n]*(?:✅|✓|✔)/mu;

/** "# ❌ not this" above one command and "# ✅ but this" above another. */
export function comparesRight(script: string): boolean {
  return WRONG.test(script) && RIGHT.test(script);
}

const COMPARED =
  /^\W*(?:before|after|old(?: way| style)?|new(?: way| style)?|previous(?:ly)?|now|wrong|right|good|bad|correct|incorrect|don[’']?ts?|dos?|instead of(?: this)?|not this|vorher|nachher|falsch|richtig|avant|après|antes|después)\W*$/i;

/** It stands beside another to be compared with it: "Before:", "After:", "Wrong:". */
export function saysCompared(intro: string): boolean {
  return COMPARED.test(intro) || COMPARED.test(lastSentence(intro));
}

const OPTIONS =
  /^\W*(?:(?:some |the |a few |here are (?:some |the |a few )?)?(?:common|other|additional|more|useful|available|advanced|handy|further|extra|alternative|possible|various|helpful|supported|typical|basic|routine|ad-?hoc)(?: [\w-]+){0,2} (?:options?|variants?|variations|commands|flags|parameters|arguments|operations|queries|one-?liners|snippets|examples|patterns|recipes|invocations|tasks)|the (?:general |basic )?(?:syntax|synopsis|usage) is|(?:options|flags|parameters|arguments|syntax|synopsis|usage|variants|nützliche befehle|weitere befehle|commandes utiles|comandos útiles|常用命令|便利なコマンド))\W*$/i;

const OPTIONS_ELSEWHERE = phrase(
  new RegExp(
    `^\\P{L}*(?:${[
      String.raw`(?:die )?(?:häufig\p{L}*|gängig\p{L}*|nützlich\p{L}*|hilfreich\p{L}*|weitere|zusätzliche|verfügbare|oft (?:genutzt|gebraucht|verwendet)e)(?: \p{L}+)? (?:optionen|befehle|varianten|aufrufe)`,
      String.raw`(?:(?:les )?(?:options?|commandes?|variantes?) (?:\p{L}+ )?(?:courantes|utiles|fréquentes|disponibles|supplémentaires|possibles)|autres (?:options|commandes|variantes))`,
      String.raw`(?:(?:las |los |as |os )?(?:opciones|opções|comandos|variantes) (?:más |mais )?(?:útiles|úteis|comunes|comuns|frecuentes|frequentes|habituales|usad[oa]s|adicionales|adicionais|disponibles|disponíveis)|(?:otr[oa]s|outr[oa]s) (?:opciones|opções|comandos|variantes))`,
      String.raw`(?:(?:opzioni|comandi|varianti) (?:utili|comuni|frequenti|aggiuntiv[ie]|disponibili)|altr[ei] (?:opzioni|comandi|varianti))`,
      String.raw`(?:полезные|часто используемые|другие|дополнительные|доступные) (?:команды|опции|параметры|варианты)|(?:przydatne|inne|dodatkowe|dostępne) (?:polecenia|komendy|opcje)`,
      String.raw`(?:常用|其他|其它|更多|可选|可用)的?(?:命令|指令|选项|参数)|(?:よく使う|便利な|その他の|他の|利用可能な)(?:コマンド|オプション)|(?:자주 (?:쓰는|사용하는)|유용한|기타|다른|추가|사용 가능한) ?(?:명령어?|옵션)`,
    ].join('|')})\\P{L}*$`,
    'iu',
  ),
);

/** It shows a choice of commands, not a step: "Common options:", "Useful commands". */
export function saysOptions(intro: string): boolean {
  const sentence = lastSentence(intro);
  return OPTIONS.test(sentence) || OPTIONS_ELSEWHERE.test(sentence);
}

const ERROR =
  /\b(?:errors?|messages?|warnings?|exceptions?|failures?|output|logs?|stack ?traces?) (?:like|such as|similar to|looks?|messages?\W*$|reads|says|saying)\b|\b(?:fails?|failed|failing|crash(?:es|ed)?|exits?|complains?|stops?) (?:with|saying)\b|\b(?:may|might|sometimes|often|occasionally) (?:also )?(?:see|get|encounter|receive|run into)\b[^.]{0,60}:\W*$|\bfehlermeldung\b|\bmessage d[’']erreur\b|\bmensaje de error\b/i;

/** What follows is quoted from a screen: an error, a message, a log. */
export function saysQuoted(intro: string): boolean {
  return ERROR.test(lastSentence(intro));
}

const MESSAGE = phrase(
  /(?:^|[\s:])(?:copy|paste|post|send|write|reply|announce|comment|publish|schreib\p{L}*|poste[nrz]?|send\p{L}*|envoye[rz]|publie[rz]|enví[ae]\p{L}*|publi\p{L}+)\s.*(?:ticket|slack|channel|kanal|canal|chat|e-?mail|mail|thread|issue|pull request|status ?page|teams|#[\w-]+)(?!\p{L})[^.]*[:：]\P{L}*$/iu,
);

/** What is written to people: "Post in #ops:". */
export function saysMessage(intro: string): boolean {
  return MESSAGE.test(lastSentence(intro));
}

const SCRIPT = phrase(
  /(?<!\p{L})(?:(?:an?|this|the following|following|simple|here(?:['’]s| is) (?:an?|the)) (?:[\w-]+ ){0,4}scripts?|(?:ein|folgendes) (?:[\w-]+ )?skript|un script|следующий скрипт|以下脚本|次のスクリプト)(?!\p{L})[^.!?]{0,60}[.:：]\W*$/iu,
);
const TO_RUN = /\b(?:runs?|running|execut\w*|call|invoke|start|ausf|ejecut|exécut)/i;

/** "A simple backup script:", without a word of running it. */
export function saysScript(intro: string): boolean {
  const sentence = lastSentence(intro);
  return SCRIPT.test(sentence) && !TO_RUN.test(sentence);
}

const TO_CHANGE =
  /\b(?:replace|substitute|swap|change)\b[^.]*\b(?:with|by|to|for) (?:your|the (?:actual|real|right|correct))\b|\b(?:adjust|adapt|customi[sz]e|change|edit|modify) (?:(?:the|these|this|all) )?(?:[\w-]+ )?(?:values?|paths?|names?|variables?|addresses|it|them|this|below|accordingly|as (?:needed|required|necessary)|to (?:your|suit|match|fit))\b|\b(?:update|replace|change|adjust|edit|substitute|modify)\b[^.]*\bin the (?:commands?|examples?|snippets?|lines?|scripts?|blocks?)\b|\bfill in (?:the|your)\b|\b(?:passen sie|anpassen)\b|\b(?:remplacez|adaptez|reemplaza|reemplace|substitua|ajuste|adapta)\b|замените|替换(?:为|成)|改成|置き換え/i;

/** "Replace the values with your own:": as it stands, it is not meant to be run. */
export function saysChange(intro: string): boolean {
  return TO_CHANGE.test(lastSentence(intro));
}

const HAND =
  /(?:^|[.!?:] )(?:(?:first|now|next|manually),? )?(?:edit|modify|adjust|fill (?:in|out)|approve|open) (?:[^.!?]|\.(?=\S))*[.!?]\s+(?:then|and then|afterwards|after that|next|finally|now|once (?:done|that|it)|when (?:done|finished))\b[^.!?]*$|^\W*(?:after|once|when)\s+(?:you(?:['’]ve| have)? )?(?:edit|modif|adjust|approv|fill)\w*\b/i;

/** "Edit values.yaml. Then:", "After approving it in the console:": a person does something else first. */
export function saysHandFirst(intro: string): boolean {
  return HAND.test(intro.trim());
}

const FILE_NAME =
  /(?<![\w.])[\w~./${}-]*\.(?:sh|bash|zsh|service|timer|socket|env|conf|cfg|cnf|ini|ya?ml|json|toml|rc|bashrc|zshrc|profile|bash_profile|properties|sql|py|js|ts|rb|cron|rules|list|repo|tf|hcl|txt)(?![\w])|\/etc\/[\w./-]*\w|\bcrontab\b/gi;
const WRITES =
  /^\W*(?:\d+[.)]\s*)?(?:(?:then|now|next|first|finally|also),? )*(?:create|add|append|write|put|paste|insert|place|save|copy|edit|modify|update|change|configure|set|define|include|make)\b/i;
const GOES_ON =
  /\b(?:then|run|execute|deploy|apply|commit|push|restart|rebuild|start|using|by running|with the command)\b/i;

/** The files that a sentence asks people to write: "Create `backup.sh`:"; none when it asks for more than that. */
export function filesToWrite(intro: string): readonly string[] {
  const sentence = lastSentence(intro);
  if (!WRITES.test(sentence) || !/[:：]\W*$/.test(sentence)) return [];
  const named = sentence.match(FILE_NAME) ?? [];
  return GOES_ON.test(sentence.replaceAll(FILE_NAME, '')) ? [] : named;
}
