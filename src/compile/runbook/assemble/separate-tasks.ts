import { entry } from '#kit/entry.js';
import { type Decision, isRun } from '../blocks/decision.js';
import type { Section } from '../markdown/document.js';
import type { DocumentKind } from '../words/document-kind.js';
import { phrase } from '../words/phrase.js';
import { roleOf } from '../words/roles.js';

/** A handbook of tasks, each for a day of its own: to do all of them, one after the other, is never meant. */

const HANDBOOK = phrase(
  /\b(?:hand ?books?|cook ?books?|play ?books|run ?books|how-?tos?|recipes|faq|common (?:tasks|operations)|operations (?:guide|manual)|day[- ]?2 operations|admin(?:istration)? tasks|betriebshandbuch|handbuch|manuale operativo|manual de (?:operaciones|operações)|manuel d['’]exploitation)\b|运维手册|運用手順書|運用マニュアル/iu,
);
const HOW_TO = phrase(/^\W*(?:how to|how do i|howto|wie man|comment|c[oó]mo|come|как)\s/iu);
/** What is told of one whole: its parts, its order, or what holds for all of it. */
const ORDER = phrase(
  /\p{N}|\b(?:steps?|phases?|parts?|stages?|first|then|next|finally|last|before|after|afterwards|post|pre|again|schritt|phase|zuerst|dann|danach|anschließend|zuletzt|étapes?|puis|ensuite|enfin|d['’]abord|pasos?|luego|después|primero|passos?|depois|primeiro|poi|infine|prima|passo)\b|步|手順\p{N}/iu,
);
const PART_OF_WHOLE = /^(?:prerequisite|install|verify|rollback|cleanup|procedure|run)$/;
/** Deeds that lead to each other: what is set up, then started, then checked. */
const LEADS_ON =
  /^\W*(?:prepar|install|configur|build|compil|deploy|releas|publish|test|check|verif|validat|clon|download|set ?up|initiali|creat|migrat|cut|switch|bootstrap|provision|announc|notify|tag|merge|upload|push|pull|stop|start|backup|back up|enable|import|export|connect)/i;
/** A verb and what it is done to. */
const DEED = phrase(
  /^\P{L}*(\p{L}[\p{L}-]+)\s+(?:(?:the|an?|all|our|your|der|die|das|den|le|la|les|el|los|las|il|lo|o|os|as)\s+)?(\p{L}.*)$/iu,
);

/** Fewer may well be two halves of one task. */
const FEWEST = 3;

/**
 * Sections beside each other that look like tasks of which none follows from another; none where they may be one procedure.
 *
 * @param decisions those of the whole document
 */
export function separateTasks(decisions: readonly Decision[], { title, readme }: DocumentKind): readonly Section[] {
  if (readme) return [];
  const tops = new Map<Section, Decision[]>();
  for (const decision of decisions) {
    const top = topOf(decision.block.section, title);
    if (top === undefined) {
      if (isRun(decision)) return [];
    } else entry(tops, top, () => []).push(decision);
  }
  const tasks = [...tops].filter(([, inside]) => inside.some(isRun)).map(([section]) => section);
  if (tasks.length < FEWEST || [...tops.keys()].some(({ heading }) => ORDER.test(heading))) return [];
  if ([...tops.keys()].some(({ heading }) => PART_OF_WHOLE.test(roleOf(heading)) && !DEED.test(heading))) return [];
  return isHandbook(tasks, title, tops) ? tasks : [];
}

function isHandbook(
  tasks: readonly Section[],
  title: Section | undefined,
  tops: ReadonlyMap<Section, readonly Decision[]>,
): boolean {
  if (tasks.every(({ heading }) => HOW_TO.test(heading))) return true;
  const deeds = tasks.map(({ heading }) => DEED.exec(heading));
  const objects = new Set(deeds.flatMap((deed) => deed?.[2]?.toLowerCase() ?? []));
  if (objects.size * 5 < tasks.length * 4) return false;
  if (HANDBOOK.test(title?.heading ?? '')) return true;
  const whole = tasks.filter((task) =>
    (tops.get(task) ?? []).some(({ block, label }) => label !== 'leave_out' && isOwn(block.section, task)),
  );
  return whole.length * 2 >= tasks.length && !tasks.some(({ heading }) => LEADS_ON.test(heading));
}

/** It has a check or a rollback of its own, under a heading of its own. */
function isOwn(section: Section, task: Section): boolean {
  for (let at: Section | undefined = section; at !== undefined && at !== task; at = at.parent)
    if (/^(?:verify|rollback|cleanup)$/.test(roleOf(at.heading))) return true;
  return false;
}

/** The section below the title that a block stands in. */
function topOf(section: Section, title: Section | undefined): Section | undefined {
  let top: Section | undefined;
  for (let at: Section | undefined = section; at !== undefined && at !== title && at.level > 0; at = at.parent)
    top = at;
  return top;
}

/** Said wherever all of them are about to be done. */
export function tasksText(slugs: readonly string[]): string {
  return `It looks like ${slugs.length} separate tasks, each to be run by its name: ${slugs.map((slug) => `#${slug}`).join(', ')}`;
}
