import { entry } from '#kit/entry.js';
import type { Command } from '../../shell/facts.js';
import { isReadOnly } from '../../shell/judge/reading.js';
import { plainWords } from '../../shell/judge/shapes.js';
import type { Decision } from '../blocks/decision.js';
import type { Section } from '../markdown/document.js';
import { isStart } from '../words/document-kind.js';
import { namesWay } from '../words/headings.js';
import { takesBack } from '../words/opposites.js';
import { phrase } from '../words/phrase.js';
import { roleOf } from '../words/roles.js';

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
    if (decision === last && isRunAnyway(decision) && removesWhatWasMade(decision, decisions.slice(0, at)))
      return setsBack(decision)
        ? startingOver(decision)
        : {
            ...decision,
            label: 'rollback',
            rule: 'removes-what-was-made',
            why: 'it removes what a block before it made',
          };
    return decision;
  });
}

/** "Reset": for the day on which somebody wants to start over, and not for when a step fails. */
const RESET = phrase(
  /^\P{L}*(?:(?:how to|(?:full|hard|factory|complete|completely|data(?:base)?) )*(?:reset(?:ting)?|start(?:ing)? over|start(?:ing)? (?:from scratch|fresh|afresh)|wip(?:e|ing))(?!\p{L})|(?:alles |komplett )?(?:zurücksetzen|neu anfangen)(?!\p{L})|(?:tout )?réinitialis|(?:restablecer|reiniciar desde cero|empezar de cero|redefinir|recomeçar|reimpostar|ripartire da zero|resetear?|сброс|начать заново)(?!\p{L})|重置|リセット|초기화)/iu,
);

/** "Resetting the password" is a task of its own. */
const OF_ONE_THING =
  /passw|kennw|contrase|senha|mot de passe|парол|密码|パスワード|비밀번호|\b(?:token|key|pin|account|cache|counter)s?\b/i;

function setsBack({ block }: Decision): boolean {
  return RESET.test(block.section.heading) && !OF_ONE_THING.test(block.section.heading);
}

function startingOver(decision: Decision): Decision {
  return {
    ...decision,
    label: 'leave_out',
    rule: 'commands-listed',
    why: 'it takes away what the rest sets up, to start over: both are never one run',
  };
}

const isRunAnyway = ({ label, rule, block }: Decision): boolean =>
  label === 'run' && block.kind === 'code' && !/^(?:marked-|condition$)/.test(rule);

/**
 * Blocks of one section, a command each, of which one takes back the one right before it, and those beside them of the same program; the same of
 * sections beside each other.
 */
function listedBeside(decisions: readonly Decision[], named: Section | undefined): ReadonlySet<Decision> {
  const listed = new Set<Decision>();
  const running = decisions.filter(isRunAnyway).map((decision) => ({ decision, command: onlyCommand(decision) }));
  const firstBelow = new Map<Section | undefined, Decision>();
  for (const { decision } of running) {
    const { parent } = decision.block.section;
    if (!firstBelow.has(parent)) firstBelow.set(parent, decision);
  }
  /** Those whose sections are tasks, all of them, and of a section the programs whose commands are a list. */
  const tasks = new Set<Section | undefined>();
  const programs = new Map<Section, Set<string>>();
  for (const [i, { decision, command: other }] of running.entries()) {
    const { decision: before, command: one } = running[i - 1] ?? {};
    if (before === undefined || one === undefined || other === undefined || !takesBack(other, one, 'services'))
      continue;
    const [{ section }, { section: next }] = [before.block, decision.block];
    if (section !== next) {
      // Sections that begin with these are tasks of which each is for another day; behind others, the first of them ends what was done.
      if (section.parent !== next.parent || section.level < 2 || !STARTS.test(plainWords(one).join(' '))) continue;
      // Somebody asked for one of the tasks by its name.
      if (named?.parent === section.parent || [section, next].some(({ heading }) => namesWay(heading))) continue;
      if (firstBelow.get(section.parent) === before) tasks.add(section.parent);
      else listed.add(decision);
    } else if (isSetUp(section)) listed.add(decision);
    else entry(programs, section, () => new Set<string>()).add(one.program);
  }
  for (const { decision, command } of running) {
    const { section } = decision.block;
    const alike = command !== undefined && programs.get(section)?.has(command.program) === true;
    if (alike || tasks.has(section.parent)) listed.add(decision);
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
  const made = before.filter(isRunAnyway).flatMap((decision) => decision.facts?.commands ?? []);
  return acting.length > 0 && acting.every((command) => made.some((earlier) => takesBack(command, earlier, 'things')));
}
