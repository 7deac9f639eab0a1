import type { Command } from '../shell/facts.js';
import { isReadOnly } from '../shell/judge/reading.js';
import { plainWords } from '../shell/judge/shapes.js';
import type { Decision } from './decision.js';
import type { Section } from './document.js';
import { isStart } from './document-kind.js';
import { namesWay } from './headings.js';
import { takesBack } from './opposites.js';
import { roleOf } from './roles.js';

/** What blocks do to what blocks before them did: take it back. Decided when all are known. */

/**
 * "Start:" and "Stop:" beside each other list what there is; what the last block removes, an earlier one having made it, is the
 * rollback of that.
 */
export function withTakenBack(decisions: readonly Decision[], named?: Section): Decision[] {
  const listed = listedBeside(decisions, named);
  const last = decisions.findLast(({ block }) => block.kind === 'code');
  return decisions.map((decision, at) => {
    if (listed.has(decision))
      return {
        ...decision,
        label: 'leave_out',
        rule: 'commands-listed',
        why: 'it and its neighbours take each other back: they list what there is',
      };
    if (decision === last && isRun(decision) && removesWhatWasMade(decision, decisions.slice(0, at)))
      return {
        ...decision,
        label: 'rollback',
        rule: 'removes-what-was-made',
        why: 'it removes what a block before it made',
      };
    return decision;
  });
}

const isRun = ({ label, rule, block }: Decision): boolean =>
  label === 'run' && block.kind === 'code' && !/^(?:marked-|condition$)/.test(rule);

/**
 * Blocks of one section, a command each, of which one takes back the one right before it, and those beside them of the same program; the same of
 * sections beside each other.
 */
function listedBeside(decisions: readonly Decision[], named: Section | undefined): ReadonlySet<Decision> {
  const listed = new Set<Decision>();
  const running = decisions.filter(isRun);
  for (const [i, decision] of running.entries()) {
    const before = running[i - 1];
    const [one, other] = [before && onlyCommand(before), onlyCommand(decision)];
    if (before === undefined || one === undefined || other === undefined || !takesBack(other, one, 'services'))
      continue;
    const [{ section }, { section: next }] = [before.block, decision.block];
    if (section !== next) {
      // Sections that begin with these are tasks of which each is for another day; behind others, the first of them ends what was done.
      if (section.parent !== next.parent || section.level < 2 || !STARTS.test(plainWords(one).join(' '))) continue;
      // Somebody asked for one of the tasks by its name.
      if (named?.parent === section.parent || [section, next].some(({ heading }) => namesWay(heading))) continue;
      const beside = running.filter(({ block }) => block.section.parent === section.parent);
      for (const task of beside[0] === before ? beside : [decision]) listed.add(task);
      continue;
    }
    if (isSetUp(section)) {
      listed.add(decision);
      continue;
    }
    for (const beside of running) {
      const alike = beside.block.section === decision.block.section && onlyCommand(beside)?.program === one.program;
      if (alike) listed.add(beside);
    }
  }
  return listed;
}

/** What is restarted, and then stopped, is mended. */
const STARTS = /^(?:\S+ ){0,2}(?:start|up|enable)(?: |$)/;

/** There, what starts is a step, and only what stops it again is not. */
function isSetUp({ heading }: Section): boolean {
  return isStart(heading) || /^(?:install|run|procedure)$/.test(roleOf(heading));
}

function onlyCommand({ facts }: Decision): Command | undefined {
  const typed = (facts?.commands ?? []).filter(({ substituted }) => !substituted);
  return typed.length === 1 ? typed[0] : undefined;
}

function removesWhatWasMade({ facts }: Decision, before: readonly Decision[]): boolean {
  const acting = (facts?.commands ?? []).filter((command) => command.program !== '' && !isReadOnly(command));
  const made = before.filter(isRun).flatMap((decision) => decision.facts?.commands ?? []);
  return acting.length > 0 && acting.every((command) => made.some((earlier) => takesBack(command, earlier, 'things')));
}
