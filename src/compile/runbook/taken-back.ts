import type { Command } from '../shell/facts.js';
import { isReadOnly } from '../shell/judge/reading.js';
import type { Decision } from './decision.js';
import { takesBack } from './opposites.js';

/** What blocks do to what blocks before them did: take it back. Decided when all are known. */

/**
 * "Start:" and "Stop:" beside each other list what there is; what the last block removes, an earlier one having made it, is the
 * rollback of that.
 */
export function withTakenBack(decisions: readonly Decision[]): Decision[] {
  const listed = listedBeside(decisions);
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

/** Blocks of one section, a command each, of which one takes back the one right before it; and those beside them of the same program. */
function listedBeside(decisions: readonly Decision[]): ReadonlySet<Decision> {
  const listed = new Set<Decision>();
  const running = decisions.filter(isRun);
  for (const [i, decision] of running.entries()) {
    const before = running[i - 1];
    const [one, other] = [before && onlyCommand(before), onlyCommand(decision)];
    if (before?.block.section !== decision.block.section || one === undefined || other === undefined) continue;
    if (!takesBack(other, one, 'services')) continue;
    for (const beside of running) {
      const alike = beside.block.section === decision.block.section && onlyCommand(beside)?.program === one.program;
      if (alike) listed.add(beside);
    }
  }
  return listed;
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
