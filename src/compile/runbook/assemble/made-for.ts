import type { ShellFacts } from '../../shell/facts.js';
import { plainWords } from '../../shell/judge/shapes.js';
import { copiesRead, isMadeBy } from '../blocks/copies.js';
import type { Decision } from '../blocks/decision.js';
import { deletes, hasSwitches, isKnownToRestore, lastMade, mayDestroy, prepares } from '../blocks/prepares.js';
import type { Draft } from './draft.js';

/** From which step on a block of a rollback takes back what was done. */
export interface MadeFor {
  /** Index of that step; 0 where nothing tells, or all of them are meant. */
  readonly from: number;
  /** How many of the steps before only made ready for it: the others stay named as not taken back. */
  readonly ready?: number;
  /** Index of the step that its restoring is for, where it is carried out for an earlier one, too. */
  readonly asksBefore?: number;
  /** Index of the step that, cut off, may leave no whole copy to be put in the place of what there is. */
  readonly copiedIn?: number;
}

const ALL: MadeFor = { from: 0 };

/**
 * What restores or deletes is not done for steps that only made things ready for the change that it takes back: a backup, a
 * service that was stopped. Where that cannot be told, it stays with all of them; where the block also takes back one of those, or
 * others need what it sets, people are asked.
 *
 * @param blocks those of one section
 * @param steps what they take back
 */
export function madeFor(blocks: readonly Decision[], steps: readonly Draft[]): ReadonlyMap<Decision, MadeFor> {
  if (blocks.length > MOST) return new Map();
  const found = blocks.map((block) => madeForOne(block, steps));
  return new Map(
    blocks.map((block, i) => {
      const one = found[i] ?? ALL;
      const wider = blocks.slice(i + 1).filter((_, later) => (found[i + 1 + later]?.from ?? 0) < one.from);
      const needed = wider.some((later) => needs(later.facts, block.facts));
      return [block, needed ? { from: 0, asksBefore: one.from } : one];
    }),
  );
}

/** Most blocks of a rollback, and steps before what it is for, that are compared. */
const MOST = 100;

function madeForOne({ label, form, facts }: Decision, steps: readonly Draft[]): MadeFor {
  if (label !== 'rollback' || form !== 'shell' || facts === undefined) return ALL;
  const did = steps.slice(0, MOST).map(({ decision }) => decision.facts);
  const makes = lastMade(facts);
  if (makes !== undefined) {
    const made = did.map((step) => (step === undefined ? 'maybe' : makes(step)));
    return made.includes('yes') ? { from: made.findIndex((one) => one !== 'no') } : ALL;
  }
  const copied = copyMade(did, facts);
  const changed = isKnownToRestore(facts) ? did.findIndex((step) => step === undefined || !prepares(step, facts)) : 0;
  const from = Math.max(changed, copied, 0);
  const isMade = copied === from;
  const half =
    (isMade || (copied < 0 && from === 0)) && isHalfCopied(did[from], isMade, facts) ? { copiedIn: from } : {};
  if (from === 0) return { ...ALL, ...half };
  const also = hasSwitches(facts) && did.slice(0, from).some((step) => step !== undefined && hasSwitches(step));
  if (also) return { from: 0, asksBefore: from };
  return { from, ready: changed < 0 ? from : changed, ...half };
}

/**
 * Where the step is cut off, what is put back may be half a copy, or nothing: it makes the copy and goes on, or nobody knows which step
 * does, and what there is would be deleted first.
 */
function isHalfCopied(step: ShellFacts | undefined, isMade: boolean, undo: ShellFacts): boolean {
  if (step === undefined || !mayDestroy(undo)) return false;
  return isMade ? !prepares(step, undo) : copiesRead(undo).length > 0 && deletes(undo);
}

/** The step that first makes what a rollback brings back: before it, there is nothing to bring back. */
function copyMade(did: readonly (ShellFacts | undefined)[], facts: ShellFacts): number {
  const copies = copiesRead(facts);
  if (copies.length === 0) return -1;
  return did.findIndex((step) => step !== undefined && isMadeBy(step, copies));
}

const ANYWHERE = /^(?:systemctl|service|supervisorctl|kubectl|oc|helm|launchctl|echo|cd|)$/;

/** Whether a block reads what one before it sets, or works in the folder that it goes to. */
function needs(later: ShellFacts | undefined, before: ShellFacts | undefined): boolean {
  if (before === undefined) return false;
  if (later === undefined) return true;
  const sets = new Set(before.assignedVariables);
  if (before.sources || later.freeVariables.some((name) => sets.has(name))) return true;
  const goes = before.commands.some(({ program }) => /^(?:cd|pushd|popd)$/.test(program));
  const [first] = later.commands;
  const goesItself = first?.program === 'cd' && plainWords(first)[0]?.startsWith('/') === true;
  return goes && !goesItself && !later.commands.every(({ program }) => ANYWHERE.test(program));
}
