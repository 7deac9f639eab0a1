import { phrase } from './phrase.js';
import { wantedFirst } from './says-first.js';
import { isCodeLine } from './text.js';

/** Comments that say when the commands below them may not be run. */

const RESTRICTS = phrase(
  /^\P{L}*(?:danger\b|(?:only )?in (?:case of )?(?:an? )?emergenc|emergency only|(?:todo|fixme|xxx)\b.*\b(?:not (?:yet )?(?:work|tested|finished|done|implemented)|broken|untested)|(?:prod(?:uction)?|staging|live) only\b|only (?:(?:in|on|for) )?(?:the )?(?:prod(?:uction)?|staging|live)\b|nur im notfall|nur (?:in|auf|für) (?:der |die )?(?:produktion|prod)(?!\p{L})|(?:s[oó]lo|solamente|só|somente|apenas) e[mn] (?:caso de )?(?:emergencia|emergência|producción|produção)|solo in (?:caso di )?(?:emergenza|produzione)|(?:seulement|uniquement) en (?:cas d['’]urgence|production)|только (?:в экстренн|на прод|для прод)|仅(?:限)?(?:紧急|生产)|緊急時のみ|本番のみ)|\b(?:do not|don['’]t|never) (?:run|execute|use) (?:this |it )?(?:unless|until|without|before|if|in|on|yourself|\W*$)|^\P{L}*(?:(?:this|it) )?(?:does|do)(?: not|n['’]t) work(?: yet)?\W*$|(?<!\p{L})(?:funktioniert (?:noch )?nicht|no funciona|não funciona|non funziona|ne (?:marche|fonctionne) pas)(?!\p{L})/iu,
);

/** Comments are looked at from their begin. */
const MOST_LOOKED = 300;

function restricts(line: string): boolean {
  const comment = line
    .trim()
    .replace(/^#+!?\s*/, '')
    .slice(0, MOST_LOOKED);
  return RESTRICTS.test(comment);
}

/** The comment that restricts the whole script: above its first command. */
export function restrictionAbove(script: string): string | undefined {
  const found = above(script).find(restricts);
  return found?.trim().replace(/^#+!?\s*/, '');
}

/** Why a person does it: a comment restricts some of the commands, or the same is done for a try and then for real. */
export function restrictedPart(script: string): string | undefined {
  const lines = script.split('\n');
  const below = lines.slice(above(script).length).filter((line) => /^\s*#/.test(line));
  if (below.some((line) => restricts(line) || wantsPerson(line))) return 'a comment restricts a part of it';
  const comments = lines.filter((line) => /^\s*#/.test(line));
  const [tried, real] = [
    comments.findIndex((line) => TRY.test(line)),
    comments.findLastIndex((line) => REAL.test(line)),
  ];
  return tried >= 0 && real > tried ? 'it is tried first, and a person looks before it is done for real' : undefined;
}

const TRY = phrase(
  /^\s*#.*(?:\bdry[ -]?run\b|\brehears|\bsimulat|(?<!\p{L})(?:probelauf|trockenlauf|simulaci[oó]n|simulação|simulazione|simulacro|à blanc)(?!\p{L})|пробный|試しに|试运行|演练)/iu,
);
const REAL = phrase(
  /^\s*#.*(?:\b(?:for real|real run|the real thing|actual(?:ly)? (?:run|do|delete|remove|apply|execute|run)|real(?:ly)? (?:run|do|delete|execution|deletion))\b|(?<!\p{L})(?:im ernst|echt(?:er)? lauf|de verdad|de verdade|per davvero|pour de (?:vrai|bon)|naprawdę)(?!\p{L})|по-настоящему|本番実行|正式执行)/iu,
);

function wantsPerson(line: string): boolean {
  const comment = line.trim().replace(/^#+!?\s*(?:\d+[.)]\s*)?/, '');
  return (
    /^(?:ask|consult|contact|get|request|obtain|do not|don['’]t|only)\b/i.test(comment) &&
    wantedFirst(comment).length > 0
  );
}

/** The lines above the first command. */
function above(script: string): string[] {
  const lines = script.split('\n');
  const begun = lines.findIndex(isCodeLine);
  return begun < 0 ? lines : lines.slice(0, begun);
}
