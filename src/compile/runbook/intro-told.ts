import { lastSentence } from './rules-intro.js';

/** What the sentence before a block says of it beside "do it": that it was done, does itself, is compared, or chosen from. */

const DESCRIBED =
  /\b(?:(?:this|which|the (?:[\w-]+ ){0,2}(?:script|command|workflow|pipeline|job|hook|installer|playbook|image|container|action|target|unit|timer)|ci|github actions|jenkins|cron|systemd|docker) (?:will |then |also |automatically |simply |just |internally |basically )*(?:runs?|executes?|calls?|invokes?)\b|(?:runs?|executes?|calls?) (?:automatically|internally|under the hood|behind the scenes)|under the hood|behind the scenes|(?:is|are|roughly|basically) (?:equivalent to|the same as|short(?:hand)? for|an alias for)|(?:i|we) (?:ran|used|executed|did|had run|created|generated)|(?:was|were|has been|have been) (?:run|executed|generated|created|produced|built|tested|recorded|done) (?:with|using|by|via|from)|^\W*previously,|used to (?:be|run|do)|in the past|(?:in|from|by|on) (?:the )?(?:ci|cron)(?: pipeline| job)?\W*$)/i;

/** It tells what runs by itself, or was run once: "the script then runs:", "we ran", "is equivalent to". */
export function saysDescribed(intro: string): boolean {
  return DESCRIBED.test(lastSentence(intro));
}

const COMPARED =
  /^\W*(?:before|after|old(?: way| style)?|new(?: way| style)?|previous(?:ly)?|now|wrong|right|good|bad|correct|incorrect|don[’']?ts?|dos?|instead of(?: this)?|not this|vorher|nachher|falsch|richtig|avant|après|antes|después)\W*$/i;

/** It stands beside another to be compared with it: "Before:", "After:", "Wrong:". */
export function saysCompared(intro: string): boolean {
  return COMPARED.test(intro) || COMPARED.test(lastSentence(intro));
}

const OPTIONS =
  /^\W*(?:(?:some |the |a few |here are (?:some |the |a few )?)?(?:common|other|additional|more|useful|available|advanced|handy|further|extra|alternative|possible|various|helpful|supported|typical|basic)(?: [\w-]+){0,2} (?:options?|variants?|variations|commands|flags|parameters|arguments|operations|queries|one-?liners|snippets|examples|patterns|recipes|invocations|tasks)|(?:options|flags|parameters|arguments|syntax|synopsis|usage|variants|nützliche befehle|weitere befehle|commandes utiles|comandos útiles|常用命令|便利なコマンド))\W*$/i;

/** It shows a choice of commands, not a step: "Common options:", "Useful commands". */
export function saysOptions(intro: string): boolean {
  return OPTIONS.test(lastSentence(intro));
}

const ERROR =
  /\b(?:errors?|messages?|warnings?|exceptions?|failures?|output|logs?|stack ?traces?) (?:like|such as|similar to|looks?|messages?\W*$|reads|says|saying)\b|\b(?:fails?|failed|failing|crash(?:es|ed)?|exits?|complains?|stops?) (?:with|saying)\b|\b(?:may|might|sometimes|often|occasionally) (?:also )?(?:see|get|encounter|receive|run into)\b[^.]{0,60}:\W*$|\bfehlermeldung\b|\bmessage d[’']erreur\b|\bmensaje de error\b/i;

/** What follows is quoted from a screen: an error, a message, a log. */
export function saysQuoted(intro: string): boolean {
  return ERROR.test(lastSentence(intro));
}

const NOUNS =
  'nodes?|servers?|hosts?|machines?|vms?|vps|instances?|masters?|workers?|replicas?|droplets?|pis?|routers?|devices?|laptops?|clients?|rechner|knoten|server|serveurs?|servidor(?:es)?|máquinas?';
const OTHERS =
  'other|old|new|remote|second|secondary|standby|primary|replica|target|destination|source|worker|master|control[- ]plane|bastion|jump|backup|database|db|nas|raspberry|affected|failed|failing|alten|neuen|anderen|ancien|nouveau';
const MACHINE = new RegExp(
  String.raw`(?:^\W*|[.,:] )(?:(?:then|now|next),? )?(?:on|from|auf|sur|en) (?:(?:each|every|all(?: the| of the)?|any|another|both|one of the|an?|jedem|chaque|cada) (?:[\w-]+ ){0,3}(?:${NOUNS})|(?:[\w-]+ ){1,2}(?:hosts|nodes|servers|workers|machines|instances|replicas|clients)|(?:the|your|dem|der|den|le|la|el) (?:[\w-]+ ){0,2}(?:${OTHERS})(?: [\w-]+){0,2} (?:${NOUNS}))\b`,
  'iu',
);

/** It is typed on another machine than the one before: "On each worker:". */
export function saysOtherMachine(intro: string): boolean {
  return MACHINE.test(lastSentence(intro));
}

const FILE_NAME =
  /(?<![\w.])[\w~./${}-]*\.(?:sh|bash|zsh|service|timer|socket|env|conf|cfg|cnf|ini|ya?ml|json|toml|rc|bashrc|zshrc|profile|bash_profile|properties|sql|py|js|ts|rb|cron|rules|list|repo|tf|hcl|txt)(?![\w])|\bcrontab\b/gi;
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
