import { lastSentence, sentencesOf } from './intro.js';
import { phrase } from './phrase.js';

/** What the text says of the machine that a block is typed on, where that is another than the one before it. */

const NOUNS =
  'nodes?|servers?|hosts?|machines?|vms?|vps|instances?|masters?|workers?|replicas?|droplets?|pis?|routers?|devices?|laptops?|clients?|rechner|knoten|server|serveurs?|servidor(?:es)?|máquinas?';
const OTHERS =
  'other|old|new|remote|second|secondary|standby|primary|replica|target|destination|source|worker|master|control[- ]plane|bastion|jump|backup|database|db|nas|raspberry|affected|failed|failing|alten|neuen|anderen|ancien|nouveau';
const ON = String.raw`(?:^\W*|[.,:] )(?:(?:then|now|next),? )?(?:(?:run|execute|do|perform|type|issue|as root|als root)(?: (?:this|it|these|the following))?(?: commands?| steps?)? (?:only )?)?(?:on|from|auf|sur|en) `;
/** Asked first: few sentences begin so, and the whole pattern takes longer to be made ready than all the other rules of a block. */
const BEGINS_SO = phrase(new RegExp(ON, 'iu'));
const MACHINE = phrase(
  new RegExp(
    String.raw`${ON}(?:(?:each|every|all(?: the| of the)?|any|another|both|one of the|an?|jedem|chaque|cada) (?:[\w-]+ ){0,3}(?:${NOUNS})|(?:[\w-]+ ){1,2}(?:hosts|nodes|servers|workers|machines|instances|replicas|clients)|(?:the|your|dem|der|den|le|la|el) (?:[\w-]+ ){0,2}(?:${OTHERS})(?: [\w-]+){0,2} (?:${NOUNS})|(?:the|your) (?:(?:new|old|current|former) )?(?:primary|standby|replica|secondary|bastion|jump host|nas|remote(?: end| side)?))\b`,
    'iu',
  ),
);

const PLACE = phrase(
  new RegExp(
    String.raw`^\s*#\W*(?:\d+[.)]\s*)?(?:(?:then|now),? )?(?:on|from|auf|sur|en|na|su) (?:(?:the|your|an?|each|every|another|dem|der|den|le|la|el|o|il) )?(?:[\w-]+ ){0,2}(?:${NOUNS}|laptop|workstation|local|remote|production|primary|standby|bastion)\W*$|^\s*#\W*在.{0,8}(?:服务器|伺服器|机器|節點|节点|主机|主機|本地)上?\W*$`,
    'iu',
  ),
);

/** A comment that says on which machine the lines below it are typed, and nothing else: "# On the server". */
export function namesMachine(comment: string): boolean {
  return PLACE.test(comment);
}

/** "No servidor de banco de dados:", "Depuis le bastion:": which machine of several, in other languages. */
const MACHINE_ELSEWHERE = phrase(
  new RegExp(
    [
      String.raw`^\P{L}*(?:no|na|nos|nas|en (?:el|la|los|cada)|sur (?:le|la|les|chaque)|nel|nella|sul|su ogni|em cada) (?:serveur|servidor(?:es)?|server|servizio|máquina|machine|macchina|nœud|noeud|nodo|nó|hôte|host|réplica|primario) (?:(?:de|du|des|da|do|del|della|di) \p{L}+|\p{L}+(?:aire|ario|ário|dario|pal|ves?|vo|nuevo|novo|ancien|antigu[oa]|esclave))[^.]{0,30}[:：]?\P{L}*$`,
      String.raw`(?<!\p{L})(?:from|on|depuis|sur|desde|en|vom|auf dem|dal|sul|no|na) (?:the |your |le |la |el |il |o |un |une )?(?:bastion|jump ?(?:host|box|server)|sprungserver|(?<!your )control node|management (?:host|node)|ops host)(?!\p{L})`,
      String.raw`(?<!\p{L})(?:на (?:каждом|всех|другом|новом|старом|резервном|основном|целевом) (?:\p{L}+ )?(?:сервер|узл|хост|машин)|na (?:każdym|wszystkich|drugim|nowym|starym) (?:serwer|węź|węz|hośc|maszyn))`,
      String.raw`在(?:每个|每台|所有|各|其他|另一台|新|旧|主|从|备|备用|数据库|目标)\P{P}{0,6}(?:服务器|节点|机器|主机)`,
      String.raw`(?:各|すべての|別の|新|旧|対象|DB)\P{P}{0,6}(?:サーバー?|ノード|ホスト)(?:上)?で|(?:각|모든|다른|새|기존|DB) ?\P{P}{0,6}(?:서버|노드)에서`,
    ].join('|'),
    'iu',
  ),
);

/** "On the config server (cfg1):", "Auf dem Standby-Server:": which of several. */
const NAMED = phrase(
  new RegExp(
    String.raw`^\W*(?:on|from) the (?:[\w-]+ ){0,3}(?:${NOUNS}) \(\W?[a-z][\w.-]*\W?\)\W*$|^\P{L}*(?:auf|an) (?:dem|der|den) (?:(?:primär|standby|replikat?|bastion|datenbank|ziel|quell|backup|master|zweit|ersatz)-?\p{L}*|[\p{L}-]+-)(?:server|host|knoten|rechner)s?\P{L}*$|^\P{L}*(?:en el|no|sur le|sul) (?:servidor|serveur|server) (?:de|da|di) (?:réplica|respaldo|backup|secours|replica|standby)\P{L}*$`,
    'iu',
  ),
);

/** "On prod-web-1:", by the name that a machine has. */
const HOSTNAME = phrase(
  /^\W*(?:on|auf|sur|en|no|na|sul|su|на)\s+`?[a-z][a-z\d]*(?:[-.][a-z\d]+)*-?\d+(?:\.[a-z\d.-]+)?`?(?:,? (?:run|execute|do|type)(?: (?:this|the following))?)?\s*:?\W*$/iu,
);

/** "Upgrade (on the node)": in brackets behind what is done there. */
const ASIDE =
  /\((on (?:(?:the|each|every|all|any) [^()]{1,40}|(?:db|web|app|api|worker|host|server|srv|vm|lb|proxy|cache|queue|primary|replica|master)[a-z]*-\d+))\)\W*$/i;
const PART_OF_MANY =
  /^on (?:the )?(?:(?:other|old|new|target|affected) )?(?:node|worker|standby|replica|primary|secondary|master|control[- ]plane)(?: (?:node|host|server|itself))?$/i;

/** The heading ends with the machine that all below it is typed on. */
export function asideNamesMachine(heading: string): boolean {
  const [, aside = ''] = ASIDE.exec(heading) ?? [];
  return aside !== '' && (PART_OF_MANY.test(aside) || saysOtherMachine(aside));
}

/** It is typed on another machine than the one before: "On each worker:". */
export function saysOtherMachine(intro: string): boolean {
  const sentence = lastSentence(intro);
  if (BEGINS_SO.test(sentence) && MACHINE.test(sentence)) return true;
  return MACHINE_ELSEWHERE.test(sentence) || HOSTNAME.test(sentence) || NAMED.test(sentence);
}

const ELSEWHERE =
  /\bssh (?:in)?to\b.*\b(?:run|execute|type|enter|then)\b|\bconnect to (?:each|every|the|a|your) (?:[\w-]+ ){0,2}(?:nodes?|servers?|hosts?|machines?|vms?|instances?|masters?)\b.*\b(?:run|execute|type|then)\b|^\W*(?:then |now )?`?ssh \S+@\S+ (?:and|then)\b.*\b(?:run|execute)\b|\blog ?in (?:in)?to (?:each|every|the|a|your) (?:[\w-]+ ){0,2}(?:nodes?|servers?|hosts?|machines?|vms?|instances?|masters?)\b.*\b(?:run|execute|type)\b/i;

/** "SSH into the node and run:", in the sentence before the block. */
export function saysElsewhere(intro: string): boolean {
  return ELSEWHERE.test(lastSentence(intro));
}

/** "Log in to", "SSH into", "connect via SSH to"; what follows is where to. */
const GOES =
  /\b(ssh|telnet|remote|log(?:ging)?(?: ?(?:in|on))?|hop|jump|switch(?: over)?|connect(?:ed)?|open (?:an? )?(?:new )?ssh (?:session|connection|shell)) (?:(?:via|over|by|with|through|using) ssh )?(?:as [`'"]?[\w-]+[`'"]? )?(?:in)?(?:to|on(?:to)?) /i;
/** A machine, by what it is or by its name: `web-1`, `ops@gateway`. */
const ROLE = new RegExp(
  String.raw`^(?:(?:the|your|each|every|any|an?|another|one of the|all|both) )?(?:[\w-]+ ){0,3}(?:${NOUNS}|standby|primary|replica|secondary|bastion|nas|jump ?box)(?![\w-])`,
  'i',
);
const NAME =
  /^`?(?:[\w.-]{1,60}@\w|[a-z][a-z\d]*(?:[-.][a-z\d]+)*-\d+(?![\w-])|(?:db|web|app|node|srv|server|host|vm|proxy|mail|mysql|pg|redis|kafka)-?\d+(?![\w-]))/i;
/** Behind "ssh", any name with a digit. */
const ANY_NAME = /^`?[a-z][a-z\d]*(?:[-.][a-z\d]+)*-?\d+(?![\w-])/i;

function goes(sentence: string): boolean {
  const found = GOES.exec(sentence);
  if (found === null) return false;
  const [all, verb = ''] = found;
  const where = sentence.slice(found.index + all.length);
  if (/^connect/i.test(verb) && !/\bssh\b/i.test(sentence)) return false;
  // "It logs to the server": nobody goes there.
  if (/^log(?:ging)?$/i.test(verb) && !/ in|onto /i.test(all)) return false;
  return ROLE.test(where) || NAME.test(where) || (/^(?:ssh|telnet|remote|connect)/i.test(verb) && ANY_NAME.test(where));
}

/** A word that each text in another language needs: the pattern takes longer than most rules of a block. */
const NEAR_GOING =
  /server|host|knoten|rechner|bastion|standby|con+[eé]ct|inicie|acced|acess|entre|colleg|服务器|伺服器|节点|主机|机器|サーバ|ノード|ホスト|сервер|узл|узел|хост|машин|zaloguj|połącz/i;
/** The same in other languages. */
const GOES_ELSEWHERE = phrase(
  new RegExp(
    [
      String.raw`(?<!\p{L})(?:auf|an|mit) (?:[\p{L}-]+ ){0,3}?[\p{L}-]*(?:server|host|knoten|rechner|bastion|standby)s?(?![\p{L}-])[^.]{0,20}(?<!\p{L})(?:an(?:melden)?|ein(?:loggen)?|verbinden)\P{L}*$`,
      String.raw`^\P{L}*(?:connectez|conectez|con[eé]ct|conéct|conecta|inicie sesi[oó]n|acced|acess|entre|colleg|accedi)\p{L}*(?:[- ](?:vous|se))? (?:(?:via|por|par|en|tramite|con|com) ssh )?(?:au|à la|à l['’]|aux|al|a la|en el|en la|ao|à|no|na|alla) (?:[\p{L}-]+ ){0,2}(?:${NOUNS}|maestro|nodos?|nós?|nœuds?)(?![\p{L}-])(?: d[aeiou] \p{L}+)?(?=.*ssh|\P{L}*$)`,
      String.raw`(?:ssh|登录|登入|登陆)(?:到|进入|至)?.{0,12}(?:服务器|伺服器|节点|主机|机器)|(?:サーバー?|ノード|ホスト)(?:に|へ)(?:ssh|ログイン|接続)`,
      String.raw`(?<!\p{L})(?:зайдите|подключитесь|войдите) (?:по ssh )?(?:на|к) [^.]{0,20}(?:сервер|узл|узел|хост|машин)|(?<!\p{L})(?:zaloguj się|połącz się) (?:na|z|do) [^.]{0,20}(?:serwer|węz|węź|hośc|host|maszyn)`,
    ].join('|'),
    'iu',
  ),
);
/** Whether it works, or a page that one logs in to. */
const NO_SHELL =
  /\b(?:can|could|able to|cannot|can['’]t|try(?:ing)? to|unable to|fails? to|allow\w*|password|without|if|how) (?:\w+ )?(?:ssh|log ?in|connect|remote)|\b(?:web (?:ui|interface|page|site|app)|website|ui|browser|console|dashboard|portal|registry(?! (?:server|host|machine|node|vm))|hub|gui)\b/i;

/** The sentences that have the reader go to another machine: "SSH into the standby.", "Log in to web-2 as root". */
export function entering(text: string): string[] {
  if (!GOES.test(text) && !NEAR_GOING.test(text)) return [];
  return sentencesOf(text).filter(
    (sentence) => (goes(sentence) || goesElsewhere(sentence)) && !NO_SHELL.test(sentence.replaceAll(/\([^()]*\)/g, '')),
  );
}

function goesElsewhere(sentence: string): boolean {
  return NEAR_GOING.test(sentence) && GOES_ELSEWHERE.test(sentence);
}
