import type { Section } from '../markdown/document.js';
import { phrase } from './phrase.js';

/** Headings that say that there is something to be done, and not what. */
const GENERIC = phrase(
  /^[^\p{L}\p{N}]*(?:\d+[.):]?\s+)?(?:(?:the|main|manual|detailed|die|das|les|los|las|os|as|i|de) )?(?:steps?|procedures?|process|commands?|instructions?|actions?|tasks?|execution|what to do|how to|step[- ]by[- ]step|vorgehen(?:sweise)?|ablauf|schritte|durchf(?:ü|ue)hrung|anleitung|befehle|kommandos|ausführung|verfahren|étapes|procédures?|marche à suivre|déroulement|mode opératoire|commandes|exécution|pasos|procedimientos?|comandos|instrucciones|ejecución|acciones|passos|passo a passo|procedimentos?|instruções|execução|ações|passaggi|passi|procedura|comandi|istruzioni|esecuzione|azioni|stappen(?:plan)?|werkwijze|commando['’]s|uitvoering|kroki|polecenia|instrukcja|przebieg|процедура|шаги|порядок действий|команды|инструкция|выполнение|кроки|команди|інструкція|adımlar|prosedür|komutlar|các bước|bước|quy trình|langkah(?:[- ]langkah)?|prosedur|perintah|postup|příkazy|steg|genomförande|kommandon|步骤|步驟|流程|操作步骤|操作步驟|命令|执行步骤|手順|作業手順|コマンド|절차|단계|명령어?)[^\p{L}\p{N}]*$/iu,
);

/** The nearest section, from this one outward, whose heading tells what is done in it. */
export function tellingSection(section: Section): Section | undefined {
  for (let at: Section | undefined = section; at !== undefined; at = at.parent)
    if (at.heading !== '' && !isGeneric(at)) return at;
  return undefined;
}

export function isGeneric({ heading }: Section): boolean {
  return GENERIC.test(heading);
}
