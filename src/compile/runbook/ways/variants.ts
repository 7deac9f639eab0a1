import type { CodeBlock, Section } from '../markdown/document.js';
import { namesIncident, wayIn } from '../words/headings.js';
import { phrase } from '../words/phrase.js';
import { roleOf } from '../words/roles.js';

/** What a heading or a sentence names: `package_manager`, `npm`. */
export interface Variant {
  readonly topic: string;
  readonly name: string;
}

/** Words in headings that name the machine or the tool that what stands below is for. */
const VARIANTS: Readonly<Record<string, RegExp>> = {
  platform: /\b(mac ?os ?x?|mac|osx|os x|linux|windows|wsl|freebsd)\b/i,
  distribution:
    /\b(debian|ubuntu|fedora|rhel|centos|rocky|alma ?linux|arch(?: linux)?|alpine|opensuse|suse|nixos|gentoo)\b/i,
  package_manager: /\b(npm|yarn|pnpm|bun|pip|pipx|poetry|uv|conda|homebrew|brew|apt|dnf|snap|cargo|go install)\b/i,
  method:
    /\b(docker(?: compose)?|podman|from source|binary|binaries|manual(?:ly)?|helm|kubernetes|kustomize|pre-?built|package manager|script|systemd|bare metal|nati(?:v|ve)|single[- ]binary|micro-?services|monolith(?:ic)?|standalone)\b/i,
};

/** Products of which one is there, as the whole of what is said before a block: "Nginx:", "Apache:". */
const PRODUCTS: Readonly<Record<string, RegExp>> = {
  version: /^((?:version |v)\d+(?:\.[\dx]+)*(?: ?(?:and|or) (?:later|newer|above|older|below|earlier))?)$/i,
  environment:
    /^(production|prod|staging|stage|dev|development|test|testing|qa|uat|pre-?prod(?:uction)?|produktion|abnahme|entwicklung|producción|pruebas|desarrollo|produção|homologação|desenvolvimento|produzione|collaudo|recette|生产(?:环境)?|测试(?:环境)?|开发(?:环境)?|预发(?:布)?(?:环境)?|本番(?:環境)?|検証(?:環境)?|開発(?:環境)?|ステージング(?:環境)?|운영(?: ?환경)?|개발(?: ?환경)?|스테이징)$/i,
  web_server: /^(nginx|apache2?|httpd|caddy|traefik|haproxy)$/i,
  cloud: /^(aws|gcp|google cloud|azure|digitalocean|hetzner)$/i,
  shell: /^(bash|zsh|fish)$/i,
  method: /^(docker|docker compose|kubernetes|k8s|systemd|helm|podman|pm2)$/i,
};

/** "With Vercel", "Using surge", "Via CLI". */
const MEANS = phrase(
  /^\W*(?:with|using|via|through|mit|avec|con|usando|über|com)\s+(?:the\s+|an?\s+)?([\p{L}\p{N}][\p{L}\p{N} .+_-]{0,40}?)\W*$/iu,
);
/** "Install via Homebrew:", "Run using npx". */
const THROUGH = phrase(
  /^\W*(?:install|run|start|launch|deploy|download|build|get)(?:ation|ing)?(?: it| them)? (?:with|using|via|through)\s+(?:the\s+|an?\s+)?([\p{L}\p{N}][\p{L}\p{N} .+_-]{0,40}?)\W*$/iu,
);
/** "From a release", "From PyPI:", below "Install": where it comes from, and no folder. */
const FROM = phrase(
  /^\W*from\s+(?:the\s+|an?\s+)?((?:(?:latest|official|pre-?built|pre-?compiled|binary|git ?hub|git ?lab)\s+)*(?:releases?|sources?|source code|binary|binaries|packages?|tarballs?|archive|pypi|npm|crates\.io|git ?hub|git ?lab|docker ?hub|aur|rubygems|conda-forge|flathub|homebrew))\W*$/iu,
);
/** "A. Fast path", "B) Honest path", below a heading that announces ways. */
const LETTERED = /^\W*([a-h])[.):]\s/i;
const WAYS =
  /\b(?:options?|methods?|scenarios?|approaches|ways|alternatives|paths|varianten|methoden|szenarien|opciones|métodos|méthodes|opções)\b/i;

/** "Command-line method", "AWS Console method": below one heading, each is a way. */
const METHOD = phrase(
  /^\W*(?:\d+[.)]\s*)?([\p{L}\p{N} _-]{2,30}?) (?:method|way|approach|route|variant|methode|méthode)\W*$/iu,
);

const OFFERED = phrase(
  /\b(?:(?:two|three|four|several|multiple|different|various) (?:ways|methods|options|approaches|possibilities|strategies|scripts)|(?:in |with |using )?one of the following|choose (?:one|either|between)|pick (?:one|either))\b|(?<!\p{L})(?:(?:zwei|drei|mehrere|verschiedene) (?:möglichkeiten|wege|methoden|varianten|optionen)|(?:deux|trois|plusieurs) (?:façons|méthodes|options|manières)|(?:dos|tres|varias) (?:formas|maneras|opciones|métodos)|(?:duas|três|várias) (?:formas|maneiras|opções)|(?:due|tre|diversi) (?:modi|metodi|opzioni)|(?:два|три|несколько) (?:способ|вариант)|(?:dwa|trzy|kilka) sposob)|(?:[两二三多几]|[23])[种個个](?:方式|方法|选项|方案)|[2-4二三]つの(?:方法|手段|スクリプト)|[두세] ?가지/iu,
);
const OFFERING = phrase(
  /^\W*(?:[\d.]+\s+)?(?:(?:install\p{L}*|deploy\p{L}*|setup|set-up|rollback|roll-back|backup|restore|upgrade|update|migration|recovery|start\p{L}*) (?:options|methods|approaches|strategies|alternatives)|(?:methods|ways to .{3,60}))\W*$/iu,
);

/** "There are two ways to deploy:", "Rollback methods": of what stands below it, one is taken. A title introduces more than that. */
function offersWays({ heading, level, says }: Section): boolean {
  return OFFERING.test(heading) || (level > 1 && OFFERED.test(says));
}

const ONE_OF = phrase(
  /\b(?:choose|pick|select) (?:one|either)\b|^\W*(?:choose|pick|select|do|take) (?:what(?:ever)?|which(?:ever)?(?: one| of these)?|the one(?: that| which)?) (?:fits|applies|matches|suits|helps)\b|\b(?:run|use|execute|do) (?:only )?one of (?:the following|these|them)\b|(?<!\p{L})(?:eine[nrs]? (?:der|von den) folgenden|wählen sie eine|(?:l['’])?une? des \p{L}+ suivant|choisissez (?:l['’])?une?(?!\p{L})|un[ao] de (?:las|los) siguientes|(?:elija|elige) un[ao]|un[ao] d(?:ei|elle) seguenti|scegli(?:ere)? un[ao]|um[a]? d[ao]s seguintes|escolha um|одн\p{L}+ из следующих|выберите од|jedn\p{L}+ z poniższych|wybierz jed)|任选其一|选择其中一|いずれか(?:を|一つ)|다음 중 하나/iu,
);

/** "Compress the rest (choose one):", "Pick what fits:": of the blocks right below it, one is taken. */
export function offersOne(intro: string): boolean {
  return ONE_OF.test(intro);
}

/** "For staging use:", "Para entornos de pruebas:", "On the production servers:". */
const STAGE = phrase(
  /^\P{L}*(?:(?:for|on|in|at|für|auf|para|en|pour|sur|per|em|na|no|dla|для)\s+)?(?:(?:the|an?|die|der|das|den|la|el|le|les|los|las|il|o)\s+|l['’])?(?:(?:entornos?|environnements?|ambientes?|ambienti|среды)\s+(?:(?:de|di|da|do)\s+)?(?:la\s+)?)?(production|prod|staging|dev|development|test|testing|qa|uat|pre-?prod(?:uction)?|produktion|abnahme|entwicklung|producción|pruebas|desarrollo|produção|testes|homologação|desenvolvimento|produzione|collaudo|sviluppo|recette|développement|produkcji|продакшн\p{L}*)(?:[\s-]?(?:environments?|env|umgebung(?:en)?|servers?|clusters?|systems?|hosts?))?(?:,?\s+(?:use|run|execute|do|type|verwenden|nutzen|ausführen)(?:\s+(?:this|the following))?)?\P{L}*$/iu,
);

/** What the heading of a section names of each kind of variant. */
export function variantsOf(section: Section): Variant[] {
  const { heading } = section;
  const way = wayIn(heading) ?? letteredIn(section) ?? scenarioIn(section);
  if (way !== undefined) return [{ topic: 'way', name: way }];
  if (section.parent !== undefined && offersWays(section.parent))
    return [{ topic: 'way', name: heading.toLowerCase() }];
  const short = heading.split(/\s+/).length <= 5 ? heading : '';
  const named = namedIn(short);
  if (named.length > 0) return named;
  const [, method] = METHOD.exec(short) ?? [];
  if (method !== undefined) return [{ topic: 'method', name: method.toLowerCase() }];
  const [, means] = MEANS.exec(short) ?? (isInstall(section.parent) ? FROM.exec(short) : undefined) ?? [];
  return means === undefined ? [] : [{ topic: 'means', name: means.toLowerCase() }];
}

/** What the sentence before a block names; below "Install" a manager, a method and a source are ways to do the same. */
export function variantOfBlock({ intro, section }: CodeBlock): Variant | undefined {
  const found = variantOfIntro(intro);
  if (!isInstall(section) || (found !== undefined && !OF_INSTALLATION.has(found.topic))) return found;
  const [, source] = intro.split(/\s+/).length > 5 ? [] : (FROM.exec(intro) ?? []);
  const name = found?.name ?? source?.toLowerCase();
  return name === undefined ? undefined : { topic: 'installation', name };
}

const OF_INSTALLATION: ReadonlySet<string> = new Set(['package_manager', 'method', 'means']);
const isInstall = (section: Section | undefined) => section !== undefined && roleOf(section.heading) === 'install';

/** The same of the sentence before a block, when that says nothing else: "Using pip:", "On macOS:", "Option 1: …". */
export function variantOfIntro(intro: string): Variant | undefined {
  const text = intro.trim();
  const way = wayIn(text);
  if (way !== undefined) return { topic: 'way', name: way };
  const [, stage] = text.length > 80 ? [] : (STAGE.exec(text) ?? []);
  if (stage !== undefined) return { topic: 'environment', name: stage.toLowerCase() };
  if (text === '' || text.split(/\s+/).length > 5) return undefined;
  const [, through] = THROUGH.exec(text) ?? [];
  if (through !== undefined) return { topic: 'means', name: through.toLowerCase() };
  const bare = text
    .replace(
      /^\W*(?:(?:install|run|start|launch|deploy|download|build|get)(?: it| them)? (?=(?:with|using|via|through)\b))?(?:with|using|via|on|for|from|in|mit|unter|für|avec|sur|pour|con|en|para|com|through)\s+/iu,
      '',
    )
    .replace(/\W+$/u, '');
  const [product] = namedIn(bare, PRODUCTS);
  if (product !== undefined) return product;
  const [named] = namedIn(bare);
  if (named !== undefined) return named;
  const [, means] = MEANS.exec(text) ?? [];
  return means === undefined ? undefined : { topic: 'means', name: means.toLowerCase() };
}

function namedIn(text: string, kinds = VARIANTS): Variant[] {
  return Object.entries(kinds).flatMap(([topic, pattern]) => {
    const [, name] = pattern.exec(text) ?? [];
    return name === undefined ? [] : [{ topic, name: name.toLowerCase() }];
  });
}

function letteredIn({ heading, parent }: Section): string | undefined {
  const [, letter] = LETTERED.exec(heading) ?? [];
  const [word = ''] = WAYS.exec(parent?.heading ?? '') ?? [];
  if (letter === undefined || word === '') return undefined;
  return `${/^s[cz]en/i.test(word) ? 'scenario' : 'way'} ${letter.toLowerCase()}`;
}

/** A title of several things that may go wrong, of which one has. */
const SEVERAL_WRONG = phrase(
  /^\P{L}*(?:runbooks?\s*[:–—-]\s*)?(?:disaster[- ]recovery|dr|(?:common |known )?(?:alerts?|incidents?|scenarios|disasters|outages)|alarme|notfälle|störungen|incidents|alertas|incidentes|desastres|аварийное восстановление|аварии)(?: (?:plan|runbooks?|playbooks?|procedures?|response|handling|handbook|scenarios|guide))?\P{L}*$/iu,
);
const LOST = phrase(
  /\b(?:loss|lost|corrupt\w*|compromis\w*|breach\w*|deleted|unreachable|dead|gone|broken|missing|expired)\b|(?<!\p{L})(?:verlust|verloren|ausfall|perte|pérdida|perda|perdita|утрата|потеря)(?!\p{L})/iu,
);
/** "HighCPU", "DiskFull": as alerts are called. */
const ALERT = /^(?:\p{Lu}[\p{Ll}\p{N}]+|\p{Lu}{2,5}(?!\p{Ll})){2,6}$/u;
const ORDERED = phrase(/^\P{L}*(?:\p{N}|(?:step|phase|part|schritt|étape|paso|passo)\s*\d)/iu);

/** "Loss of a region" below "Disaster recovery", "DiskFull" below "Alerts": which of them it is, people say. */
function scenarioIn({ heading, parent }: Section): string | undefined {
  if (parent === undefined || !SEVERAL_WRONG.test(parent.heading) || ORDERED.test(heading)) return undefined;
  const wrong = LOST.test(heading) || ALERT.test(heading) || namesIncident(heading);
  return wrong ? `scenario ${heading.toLowerCase()}` : undefined;
}
