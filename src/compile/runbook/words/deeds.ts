import { phrase } from './phrase.js';
import { roleOf } from './roles.js';

/** Headings, lines and titles that tell of something to do. */

const VERBS =
  /^\W*(?:(?:step|phase|part)\s*\d*\W+|\d+(?:\.\d+)*\W+)?(?:(?:build|run|deploy|install|open|start|stop|set ?up|download|apply|restart|push|pull|publish|inject|add|connect|launch|provision|bootstrap|import|export|seed|load|fetch|register|log ?in|get|copy|mount|scaffold|port[- ]forward|view|join|boot|host|self-host|try|bring|spin|check ?out|upload|flash|train|unpack)(?:ning|ing|s)?|(?:creat|configur|prepar|clon|generat|enabl|migrat|releas|initiali[sz]|compil|mak|expos|provid|scal|activat|automat|populat|assembl|execut)(?:es?|ing))\b/i;

/** The same in other languages, and containers, which are there to be started. */
const ELSEWHERE = phrase(
  /クローン|作成|コピー|コミット|プッシュ|ビルド|起動|ダウンロード|する$|克隆|创建|創建|构建|構建|编译|編譯|打包|启动|下载|下載|提交|推送|发布|發布|拉取|初始化|클론|생성|빌드|커밋|푸시|(?<!\p{L})(?:klonen|kopieren|bauen|kompilieren|erstellen|anlegen|ausrollen|herunterladen|hochladen|auschecken|einspielen|einbinden|vorbereiten|erzeugen|automatisieren|initialisieren|aktivieren|generieren|importieren|mounten|deployen)\W*$|^\W*(?:cloner|copier|créer|construire|compiler|télécharger|activer|générer|importer|initialiser|automatiser|préparer|clonar|activar|generar|importar|inicializar|automatizar|preparar|habilitar|copiar|crear|construir|compilar|descargar|levantar|criar|rodar|baixar|ativar|gerar|clonare|creare|compilare|scaricare|attivare|generare|importare|inizializzare|automatizzare|preparare|abilitare|клонир|скопир|созда|сборк|собр|скача|sklonuj|zbuduj)|^\W*(?:(?:with|using|via|avec|mit|con|com) )?docker(?:[ -]?compose)?(?:\W*$|\s?(?:容器|コンテナ|部署))/iu,
);

/** A heading, or a step of a list, that tells what to do. */
export function beginsWithVerb(heading: string): boolean {
  return VERBS.test(heading) || /^\W*(?:step|phase|schritt|étape|paso|passo)\s*\d/i.test(heading);
}

/** A heading that tells what to do, in any of the languages that people use. */
export function tellsDeed(heading: string): boolean {
  return beginsWithVerb(heading) || ELSEWHERE.test(heading);
}

const HOW = phrase(/^\W*(?:how to|howto|wie man|comment|c[oó]mo|come|как)\s+/iu);
const DEED = phrase(
  /^\W*(?:[\p{L}\d]+ ){1,3}(?:creation|initiali[sz]ation|installation|compilation|migrations?|seeding|setup|start(?:up)?)\W*$/iu,
);
const MOST_WORDS = 7;

/** A line that heads what follows as a heading does, without a colon, and tells of work: "2. Install the packages". */
export function headsWork(line: string): boolean {
  const text = line.trim();
  const words = text.split(/\s+/).length;
  if (words < 2 || words > MOST_WORDS || /[\p{P}]$/u.test(text.replace(/[)\]`'"’”»]+$/u, ''))) return false;
  const bare = HOW.without(text);
  const [first = ''] = bare.match(/[\p{L}\p{N}]+/u) ?? [];
  return roleOf(text) === 'install' || tellsDeed(bare) || DEED.test(text) || /^(?:install|run)$/.test(roleOf(first));
}

const TASK = phrase(
  /^\W*(?:how to|howto|(?:procedures?|steps|instructions) (?:to|for|of)|procedimiento (?:de|para)|procédure (?:de|pour)|anleitung (?:zu[mr]?|für))\s|(?:手順書?|操作手册|运维手册|(?:部署|安装|升级|迁移|备份)(?:指南|教程|文档)|ガイド|절차)\P{L}*$|\b(?:backup|backing up) (?:and|&) (?:restore|restoring|recovery)\W*$|バックアップ(?:と|及び|および|・|\/)リストア\P{L}*$|备份(?:与|和|及)(?:恢复|还原)\P{L}*$|\b(?:sicherung|backup) und wiederherstellung\W*$|\bsauvegarde et restauration\W*$/iu,
);
/** "1. Renovación de certificados": with its number, a procedure among others. */
const NUMBERED_DEED = phrase(
  /^\W*\d+[.)]\s*(?:renovaci[oó]n|renovação|renouvellement|rinnovo|rotaci[oó]n|rotação|migraci[oó]n|migração|restauraci[oó]n|restauração|actualizaci[oó]n|atualização|erneuerung|umzug|wiederherstellung) (?:de|des|du|do|da|dos|das|dei|del|della|delle|dello|degli|der|von|vom|(?:d|dell|de l)['’])(?:\s|(?<=['’]))/iu,
);
const MOVES = /^\W*(?:install|set ?up|deploy|host|upgrad|migrat)(?:t?ing|e)?\s+\S.*\s(?:on|to|from)\s/i;

/** "How to rotate the keys", "Installing GitLab on Debian", "Backup and restore": the title of a text about one task. */
export function namesTask(title: string): boolean {
  return TASK.test(title) || NUMBERED_DEED.test(title) || MOVES.test(title);
}
