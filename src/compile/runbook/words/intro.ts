import { asksTrouble, opensCase, saysOnly, withoutLabel } from './case-openings.js';
import { phrase } from './phrase.js';

/** What the sentence before a block says about whether it is meant to be run. Only the last sentence counts. */

/** Where a sentence ends and another begins. */
const BOUNDARY = /[.!?。]\s+(?=[\p{Lu}"'`(])/gu;

const FIRST_END = new RegExp(BOUNDARY, 'u');

export function lastSentence(intro: string): string {
  if (intro === '') return '';
  if (latest.intro !== intro) latest = { intro, sentence: findLast(intro) };
  return latest.sentence;
}

/** Several rules ask about the same text, one after the other. */
let latest = { intro: '', sentence: '' };

export function firstSentence(text: string): string {
  const end = FIRST_END.exec(text);
  return end === null ? text : text.slice(0, end.index + 1);
}

function findLast(intro: string): string {
  const text = intro.trim();
  let start = 0;
  for (const { index, 0: end } of text.matchAll(BOUNDARY)) start = index + end.length;
  return text.slice(start);
}

/** All sentences of a text. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?。！])\s+(?=[\p{Lu}"'`(])|(?<=[。！])/u)
    .map((sentence) => sentence.trim().replaceAll(/\s+/g, ' '))
    .filter((sentence) => sentence !== '');
}

const EXAMPLE =
  /^(?:for (?:example|instance)|e\.g\.|examples?\s*(?::|$)|an? (?:\w+ )?example|here(?:'s| is| are) (?:an|some|a few|another) (?:\w+ )?examples?|some examples?|as an example|sample\b|par exemple|zum beispiel|z\.\s?b\.|por ejemplo|ad esempio|por exemplo|например|例えば|例如|比如|(?:使用)?[例예](?:시|子)?\s*(?:[:：]|$)|示例\s*(?:[:：]|$))|\b(?:for (?:example|instance)|e\.g\.|such as|like (?:this|so)|example (?:usage|command)s?)\s*:?$|\((?:example|e\.g\.|beispiel)\)\W*$|\bexamples? (?:of|below|usage)\b/i;

/** The block shows what something may look like. */
export function saysExample(intro: string): boolean {
  const sentence = lastSentence(intro);
  return EXAMPLE.test(sentence) && !DO_SO.test(sentence);
}

/** "Do this like so:" asks for it. */
const DO_SO =
  /^\W*(?:(?:then|now|next|first|please),? )?(?:do|run|start|install|build|clone|copy|execute)\b[^.]* like (?:this|so)\W*$/i;

const ASKS =
  /(?:^|[.,;:] )(?:(?:first(?:ly)?|then|now|next|finally|please|simply|just|and)[ ,]+)*(?:run|execute|use|enter|type|issue|invoke|perform|stop|start|restart|shut down|copy|create|delete|remove|restore|take|make|apply|provide|set|upgrade|update|install|deploy|trigger|clone|download|pull|push|check out|build|load|import|export|dump|scale|drain|rotate|revoke|generate|promote|switch|enable|disable|move|mount|unmount|snapshot|back up|log in|open|publish|tag)\b|\bthe following commands?\b/i;

/** The same by the imperative that a sentence begins with, or by the verb that ends it. */
const ASKS_ELSEWHERE = phrase(
  /(?:^|[.:;!?,]\s)[\s\p{P}\d]*(?:(?:anschließend|dann|nun|jetzt|puis|ensuite|luego|después|ahora|depois|agora|poi|ora|затем|теперь|далее|następnie|teraz)[, ]+)?(?:(?:führen|starten|stoppen|erstellen|löschen|kopieren|installieren|setzen|spielen|sichern) sie|exécutez|lancez|arrêtez|démarrez|redémarrez|créez|copiez|supprimez|installez|restaurez|sauvegardez|ejecut[ae]|inici[ae]|reinici[ae]|det[eé]n(?:ga)?|cre[ae]|copi[ae]|elimin[ae]|instal[ae]|restaur[ae]|execute|inicie|pare|crie|remova|rode|esegui|avvia|ferma|riavvia|crea|rimuovi|installa|ripristina|выполните|запустите|остановите|перезапустите|создайте|скопируйте|удалите|установите|восстановите|uruchom|wykonaj|zatrzymaj|utwórz|skopiuj|usuń|zainstaluj|przywróć)(?!\p{L})|(?:执行|运行|停止|启动|重启|创建|复制|删除|安装|恢复|还原)(?:以下|下面|如下|命令)|(?:実行|停止|起動|再起動|作成|コピー|削除|インストール|リストア|復元)し(?:ます|て(?:ください|下さい))|(?:실행|중지|시작|재시작|생성|복사|삭제|설치|복원)(?:합니다|하세요|하십시오)/iu,
);

/** Some sentence of it asks the reader to do something. */
export function asksFor(intro: string): boolean {
  return ASKS.test(intro.trim()) || ASKS_ELSEWHERE.test(intro);
}

const RUNS = phrase(
  /\b(?:run|runs|running|execute|type|enter|issue|invoke|command)\b[^.]*[:：]?\W*$|(?<!\p{L})(?:führen sie|ausführen|exécute[rz]|lance[rz]|ejecut[ae]r?|execut[ae]r?|esegui(?:re)?|выполните|запустите|uruchom)(?!\p{L})|执行|執行|运行|運行|実行|입력|실행/iu,
);

/** The block is to be run: "simply run:", "Führen Sie … aus", "以下のコマンドを実行". */
export function saysRun(intro: string): boolean {
  return RUNS.test(lastSentence(intro));
}

const CONDITION =
  /^(?:\(?optional(?:ly)?\b|if\b|in case\b|when (?:you(?!['’]?(?:re| are) (?:ready|done|finished)\b)|needed|something|it|(?:upgrading|updating|migrating|moving|coming) from|using)\b|unless\b|should (?:you|it|this|the)\b|for those who\b|(?:you|one) (?:can|may|could|might) (?:also|optionally|even|additionally)\b|only (?:if|when|in|on|for|after|once)\b|falls\b|wenn\b|si\b|se\b|при необходимости|если(?![а-яё])|如果|もし|eğer\b|gerekirse\b|isteğe bağlı)|\bvarsa\b|\bif (?:you (?:want|wish|prefer|need|would|'d|like|have|don't|do not|are|use|get|see|run|encounter|experience)|needed|necessary|required|desired|applicable|not already|something|anything|it (?:fails|does|is)|this (?:fails|does|is)|(?:the|any) \w+ (?:fails|is|are|does|has|still))\b|\bas needed\b|\boptional(?:ly)?\b|\bwhen(?:ever)? you (?:want|need|wish|would like)\b|\((?:if|when|unless|last resort|emergency|only (?:if|when|for|needed|required))\b|\b(?:last resort|emergency only)\b|\s(?:<=|>=|<|>) ?v?\w(?![\w-]*>)(?![\d.,]* ?(?:m|min|mins|minutes?|minuten?|s|sec|secs|seconds?|sekunden?|h|hours?|std)\b)|\b(?:users?|hosts?|people|anyone|those|systems?|teams?)\b[^.]* (?:can|may|could) (?:also |instead )?(?:run|use|install|try)\b|\b(?:can|may|could|might) (?:also )?(?:choose|opt|decide) to\b|\bfor (?:these|those|such|some|certain|other|older) (?:systems?|users?|cases?|setups?|installations?|clusters?|platforms?|distributions?|versions?|environments?)\b|^\W*in (?:this|that|such|these|those|some) cases?\b|\bonly (?:needed|required|necessary|relevant|run(?: this)?|do this|use this|applies|apply)?\s?(?:if|when|where)\b|\b(?:this|it|that|step|section)(?: is)? only (?:for|needed|required|necessary|if|when|on)\b|^\W*for [^.:]{1,40} only\W*$|^\W*not (?:needed|required|necessary) (?:on|for|if|when|in)\b|^\W*in an emergency\b|^\W*(?:for|on) (?:a |the )?(?:fresh|first|clean|brand[- ]new) install|^\W*(?:every|each) (?:mon|tues|wednes|thurs|fri|satur|sun)day\b|^\W*once (?:a|per|every) (?:day|week|month|quarter|year)\b|^\W*(?:but )?(?:if|when) (?:all|everything) else fails\b/i;

const CONDITION_ELSEWHERE = phrase(
  /^[\s\p{P}]*(?:(?:(?:s[oó]lo|[uú]nicamente|solamente) (?:si|cuando|en|para|tras)|(?:nur|erst) (?:wenn|falls|nach|nachdem|bei|im|auf|für)|(?:seulement|uniquement) (?:si|quand|lorsqu|sur|pour|après)|(?:solo|soltanto) (?:se|quando|in|per|dopo|su)|(?:somente|apenas|só) (?:se|quando|em|no|na|para|após)|(?:tylko|dopiero) (?:jeśli|gdy|na|w|dla|po)|только (?:если|когда|при|на|для|после)|(?:仅|只)(?:在|当|有|限)|sofern|bei bedarf|optional|en cas d|au besoin|facultati|optionnel|en caso de|em caso de|in caso di|nel caso|opcional|opzional|facoltativ|caso (?!d)|jeśli|jeżeli|w razie|w przypadku|opcjonaln|опциональн|в случае|indien|optioneel|eventueel)|(?:若|如需|可选|可選|任意|만약|필요시|선택))|(?<!\p{L})(?:bei bedarf|falls (?:nötig|gewünscht|erforderlich|vorhanden)|si (?:besoin|nécessaire|es necesario|fuera necesario)|se (?:necessário|necessario)|w razie potrzeby|при необходимости|indien nodig)(?!\p{L})|場合|必要に応じて|如有需要|需要的话|的话[,，:：]|경우|필요(?:하면|한 경우|에 따라)/iu,
);

/** "A 500 response means that …": what follows is for who has got one. */
const MEANS =
  /^\W*(?:an? |the )?\w[\w-]* (?:response|status|error|exit code|code|answer)s? (?:means|indicates|says)\b/i;

/** "Memory should be < 80 %" says what is to be seen, and not in which case. */
const GOAL =
  /\((?:targets?|goal|expected|expect|should be|slo|limit|ideal(?:ly)?|normal(?:ly)?|healthy|max(?:imum)?|min(?:imum)?|ziel|objectif|objetivo|obiettivo)\b[^()]*\)/gi;
const EXPECTED_LIMIT = /\b(should|must) (?:now )?(?:be|stay|remain|show|read|report)(?: \w+){0,2} (?:<=|>=|<|>)/i;

/** "If there's an issue it is best to mend it now": advice, and no case that the block is for. */
const ADVICE =
  /^\W*if (?:there(?:['’]s| is)|you (?:see|get|run into|have)) an? (?:issue|problem|error)s?\b,? ?(?:it(?:['’]s| is) best\b|please (?:report|open|contact|let us)\b)/i;

/** The block is meant for some readers or some situations only. */
export function saysCondition(intro: string): boolean {
  return sentenceOfCase(intro) !== undefined || MEANS.test(intro);
}

/** The sentence that says so, without "Note:" or a sign before it: the last, or one with "only" right before a last one that announces. */
export function sentenceOfCase(intro: string): string | undefined {
  const last = withoutLabel(lastSentence(intro));
  if (isCase(last)) return last;
  const before = sentencesOf(intro).at(-2);
  if (before === undefined || !/[:：]\W*$/.test(last)) return undefined;
  const said = withoutLabel(before);
  return saysOnly(said) || asksTrouble(said) ? said : undefined;
}

function isCase(sentence: string): boolean {
  if (ADVICE.test(sentence)) return false;
  if (/^\W*(?:required?|requires?|requirements?|needs?|prerequisites?)\b/i.test(sentence)) return false;
  return (
    CONDITION.test(sentence.replaceAll(GOAL, '').replace(EXPECTED_LIMIT, '$1')) ||
    CONDITION_ELSEWHERE.test(sentence) ||
    opensCase(sentence)
  );
}

const ECOSYSTEM =
  /^\W*(?:in|for|from) (?:ruby|python|node(?:\.js)?|deno|bun|go|rust|php|java|sass|typescript|javascript|(?:the )?browsers?|react(?: native)?|vue|angular|svelte|expo|next(?:\.js)?|nuxt|laravel|rails|django|\.net|c#|swift|kotlin|elixir|electron|flutter)\b[^.]*:\W*$/i;

/** The block is for those who write in a certain language, or for a certain framework. */
export function saysEcosystem(intro: string): boolean {
  return ECOSYSTEM.test(lastSentence(intro));
}

const FILE =
  /\b(?:add|append|put|paste|place|insert|include|save|write|edit|create|contains?|look(?:s)? like|content|set|define|modify|update|change)\b[^.]*(?:\.(?:bashrc|zshrc|profile|bash_profile|env|ya?ml|json|toml|conf|cfg|ini|sh|service|rc|config)\b|\b(?:crontab|shell profile|configuration|config(?:uration)? file|file|script|dotfiles?|environment variables?)\b)/i;

const FILE_ELSEWHERE = phrase(
  /(?<!\p{L})(?:bearbeiten|ändern|ergänzen|einfügen|hinzufügen|fügen|tragen|öffnen|modifiez|éditez|ajoutez|edita|modifica|añade|agrega|aggiungi)(?!\p{L}).*(?:datei|variablen|fichier|variables|archivo|fichero|file|variabili)|(?:编辑|修改|添加到|写入).*(?:文件|变量)|(?:ファイル|変数).*(?:編集|追加|変更)/iu,
);

/** The block is what a file shall hold. */
export function saysFileContent(intro: string): boolean {
  const sentence = lastSentence(intro);
  return FILE.test(sentence) || FILE_ELSEWHERE.test(sentence);
}

const SAVE =
  /\bsave (?:this|it|that|(?:the|this) (?:script|code|file|above|following)(?: \w+)?) (?:as|to|in|under)\b|\bspeicher\w* .*(?:als|unter) |\benregistre[rz]? .*sous |\bguard\w+ .*como |(?:另?保存|另存)(?:为|到|成)/i;

/** The reader writes a file first: the block is what it holds, or runs it. */
export function saysSave(intro: string): boolean {
  const sentence = lastSentence(intro);
  // "To take a snapshot and save it to S3:" is what the block does.
  return SAVE.test(sentence) && !/^\W*to\b/i.test(sentence);
}

const SHOWN =
  /\b(?:(?:should|will|would|you(?:'ll| will| should)|expect(?:ed)?(?: to)?) (?:see|get|show|print|output|look|return|display|respond|produce)|(?:sample|example|expected|typical|the) (?:output|result|response|answer)|output(?:s)?\s*(?:is|looks?|:|$)|prints?\s*:|returns?\s*:|which (?:outputs|prints|returns)|(?:looks?|look) (?:something )?like|results? in|responds? with|ausgabe|sortie|salida|вывод|输出|出力)/i;

/** The block shows what comes out, as opposed to what is typed. */
export function saysOutput(intro: string): boolean {
  const sentence = lastSentence(intro);
  return SHOWN.test(sentence) && !RUN_BELOW.test(sentence);
}

/** "You should see `a.jar`; to run it, run the command below once." */
const RUN_BELOW =
  /\b(?:run|execute|use|type|enter) (?:the|this|these) (?:following )?commands?(?: below)?(?: once)?\W*$/i;

const CHECK =
  /^(?:(?:and |you can |we can |to |now,? |then,? |finally,? |next,? |please |double[- ])*(?:verify|check|confirm|validate|ensure|make sure|smoke[- ]test|test that|test whether|test if|see (?:if|whether|that))\b)|\b(?:to (?:verify|confirm|validate)\b|to (?:check|make sure|ensure) (?:that|if|whether|it|the|your|this|everything|all)|to see (?:if|whether|that)|verify (?:that|it|the|your)|check (?:that|if|whether)|confirm (?:that|it)|health ?check)\b/i;

/** The same by the verb that a line begins or, where verbs stand last, ends with; their letters have no \b. */
const CHECK_ELSEWHERE = phrase(
  /^[\s\p{P}\d]*(?:(?:über)?prüfen?|vérifie[rz]|verifi(?:ca[rt]?|care|que|camos|chiamo)|vérifions|comprueb[ae]|comprobar|comprobamos|conferimos|controlliamo|controlla(?:re)?|провер(?:ить|ьте|яем)|sprawdź|zweryfikuj|controleer)(?!\p{L})|^[\s\p{P}\d]*(?:(?:检查|檢查)(?![点點])|(?:确认|確認|验证|驗證)(?![码碼番用])|核对)|(?<!\p{L})(?:(?:über)?prüfen|vérifier|verificar|verificare|comprobar|проверить)\P{L}*$|(?:確認|検証)(?:する|します|してください)?\P{L}*$|(?:확인|검증)(?:합니다|하기|하세요)?\P{L}*$/iu,
);

/** "Wenn …, sollte der Job angezeigt werden", "If it worked, you should see …": what is to be seen, not a case. */
const SEEN = phrase(
  /\b(?:should|must) (?:now |then |also )?(?:see|show|return|print|list|appear|report|answer|be (?:listed|shown|displayed|visible|running|healthy|ready))\b|\b(?:we|you) should (?:not|no longer) (?:see|find)\b|\bsoll(?:te|ten)\b.*\b(?:angezeigt|erscheinen|erscheint|zu sehen|sichtbar|ausgegeben|gelistet|antworten)\b|\b(?:muss|müssen) (?:jetzt |nun |dann )?(?:\p{L}+ )*(?:erscheinen|angezeigt|stehen|zu sehen|sichtbar)\b|\bdev(?:rait|rez|riez)\b.*\b(?:voir|afficher|apparaître)\b|\bdeber[ií]a[sn]?\b.*\b(?:ver|mostrar|aparecer)\b|(?<!\p{L})(?:powin(?:no|ien|na|ny|ieneś)\b.*(?:zobacz|pojawi|wyświetl)|должн[оыа]? .*(?:появит|увид|вывест|показат)|dov(?:rebbe|resti|rete).*(?:veder|appar|mostr)|dev(?:e|erá|eria|em) (?:aparecer|mostrar|exibir|retornar|ver))|应该?会?(?:看到|显示|输出|返回|出现)|(?:表示|出力)され(?:る|ます)(?:はず)?\P{L}*$|(?:표시|출력)(?:되어야|됩니다)|görünmeli/iu,
);

/** A look at what there is before anything is done. */
const NOT_YET = /\b(?:first|before(?:hand)?)\b|^(?:\W*optional)/i;
/** What is checked "before continuing" is what was done. */
const GOING_ON = /\bbefore (?:you )?(?:continu|proceed|mov|go(?:ing)? on|the next)\w*/i;

/** What is to be seen when it worked: "you should see". */
export function saysSeen(intro: string): boolean {
  return SEEN.test(lastSentence(intro));
}

/** "Check that it is there. (This should not fail.)" */
const ASIDE_AT_END = /(?<=[.!?]\s+)\([^()]*\)\W*$/;

/** The block looks whether something worked. */
export function saysCheck(intro: string): boolean {
  const sentence = lastSentence(intro.replace(ASIDE_AT_END, ''));
  if (SEEN.test(sentence) && !RUN_BELOW.test(sentence)) return true;
  return (CHECK.test(sentence) || CHECK_ELSEWHERE.test(sentence)) && !NOT_YET.test(sentence.replace(GOING_ON, ''));
}

const UNDO =
  /\b(?:to (?:undo|revert|roll ?back|restore the previous)|roll(?:ing)? ?back|undo(?:ing)? (?:this|the|it)|revert(?:ing)? (?:this|the|it))\b/i;

/** The block takes back what others did. */
export function saysUndo(intro: string): boolean {
  return UNDO.test(lastSentence(intro));
}

const OTHERWISE =
  /^(?:or\b|alternat(?:iv)?ely|alternative\b|otherwise|another (?:way|option)|or,? (?:if|with|using|via)|oder\b|ou\b|o bien|или(?![а-яё])|或者|または)|\b(?:alternat(?:iv)?ely|as an alternative|or (?:only|just|simply))\b|\binstead(?: of\b(?![^.]*, (?:we|this|the|it)\b)[^.]*)?\W*$/i;

/** A word alone may be an article elsewhere: "o", "of". */
const OTHERWISE_ELSEWHERE = phrase(
  /^\W*(?:(?:o|u|of|veya|ya da)\W*$|(?:lub|albo|ewentualnie|либо|или же|oppure|ovvero|alternativ\p{L}*|in alternativa|sonst|andernfalls|ansonsten|sinon|de lo contrario|en caso contrario|altrimenti|caso contrário|senão|w przeciwnym razie|в противном случае|иначе|als alternatief|alternatywnie|альтернативно)(?!\p{L}))|^[\s\p{P}]*(?:或者?|或是|否则|また?は|もしくは|あるいは|또는|혹은)|(?<!\p{L})(?:autre (?:méthode|façon|possibilité)|otra (?:forma|manera|opción)|outra (?:forma|maneira|opção)|eine andere möglichkeit|другой (?:способ|вариант)|inny sposób)(?!\p{L})|(?:另一种|其他)(?:方法|方式)|別の方法|다른 방법/iu,
);

/** The block does what the one before it does, in another way. */
export function saysOtherwise(intro: string): boolean {
  const said = intro.replaceAll(IN_PASSING, ' ');
  const sentence = lastSentence(said);
  return OTHERWISE.test(sentence) || OTHERWISE_ELSEWHERE.test(sentence) || OTHERWISE.test(said.trim());
}

/** "Delete it by the script (or just by hand)": another way than the block, which is not what stands before it. */
const IN_PASSING = /(?<=\S\s)\([^()]*\)/g;

const LATER =
  /^\W*(?:to|for) (?:stop|shut(?:ting)? ?down|tear(?:ing)? ?down|remov|uninstall|delet|clean|updat|upgrad|reset|wip(?:e|ing)\b|destroy|eras(?:e|ing)\b|start(?:ing)? over|(?:tear|shut|tak|bring)(?:e|ing)? (?:\S+ ){1,3}down)\w*/i;

/** The block is for another day: when what was set up is taken down, or renewed. */
export function saysLater(intro: string): boolean {
  return LATER.test(lastSentence(intro));
}
