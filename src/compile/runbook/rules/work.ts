import { alternativeScripts, holdsUnclearWays } from '../blocks/alternatives-inside.js';
import type { Verdict } from '../blocks/decision.js';
import { mustFail } from '../blocks/must-fail.js';
import { clip } from '../blocks/names.js';
import { isSqlCheck } from '../blocks/statements.js';
import { listsVariants } from '../blocks/variants-inside.js';
import {
  type Endless,
  endless,
  isActingWork,
  isAsserting,
  isChangingWork,
  isLooking,
  isReading,
} from '../blocks/work.js';
import { caseBeside, conditionalPart } from '../words/conditional-parts.js';
import { saysChange } from '../words/intro-told.js';
import { hopesForNothing, isCheckPlace, isToldCheck, namesWork } from './check-place.js';
import { asking, dangerIn, decideServer, partsIn } from './going-on.js';
import { isMarked } from './marks.js';
import { handOf, terminalOf } from './person.js';
import { isShell, type Rule, type RuleGroup, rule, type Subject } from './rule.js';

/** What its commands do. Comes last: these blocks are meant to be done. */
export const WORK: RuleGroup = {
  title: 'What it does',
  rules: [
    {
      id: 'needs-terminal',
      when: 'opens an editor, a shell or a prompt, or asks for a password',
      decide(subject) {
        const need = isShell(subject.kind) ? terminalOf(subject) : undefined;
        return need === undefined ? undefined : { label: 'manual', why: `${need}, so a person does it` };
      },
    },
    {
      id: 'by-hand',
      when: 'leaves work to people ("edit .env"), in a comment or before it, says of a part "production only" or "do not run", does the same as a dry run and for real, is typed on another machine ("ssh into the node and run"), or starts what is to stay (`nohup … &`)',
      decide(subject) {
        const need = isShell(subject.kind) ? handOf(subject) : undefined;
        return need === undefined ? undefined : { label: 'manual', why: `${need}, so a person does it` };
      },
    },
    rule(
      'placeholder-to-edit',
      'holds a placeholder where a variable would mean something else (single quotes, a command’s name)',
      'manual',
      'its placeholders stand where a variable would mean something else, so a person fills them in',
      ({ facts }) => facts.placeholders.some(({ place }) => place === 'no'),
    ),
    rule(
      'says-change',
      'follows "replace the values with your own", and holds no placeholder: a person changes it',
      'manual',
      'the text before it asks to change it first, so a person does it',
      ({ kind, facts, intro }) => isShell(kind) && facts.placeholders.length === 0 && saysChange(intro),
    ),
    rule(
      'several-ways',
      'shows several ways with `# or` between them that cannot be told apart line by line, or one command with other options again and again',
      'manual',
      'it shows several ways to do the same, so a person chooses',
      showsWays,
    ),
    {
      id: 'conditional-part',
      when: 'says "if …" or "optional" above some of its commands that do more than look: an input asks whether these are done; where it is not plain which they are, a person decides',
      decide: decideConditional,
    },
    {
      id: 'check',
      when: 'only looks, and stands under "Verify", "Smoke test", follows "check that …", or, in its section, what was done',
      decide: decideCheck,
    },
    {
      id: 'check-that-may-change',
      when: 'stands where checks do, is not known to only look, and does nothing that is known to change something: it runs once, as a step',
      decide: decideUnknownCheck,
    },
    {
      id: 'rollback-procedure',
      when: 'takes something back in a document that is about nothing else: it is a step of it',
      decide: decideUndoing,
    },
    {
      id: 'server',
      when: 'starts a server or a watcher: it runs in the background until the run ends, the commands before it as a step of their own; what a watcher shows before something is changed, people look at',
      decide: decideServer,
    },
    {
      id: 'destructive',
      when: 'may destroy something, or runs code from the network: it asks before',
      decide(subject) {
        const ask = dangerIn(subject);
        return ask === undefined
          ? undefined
          : { label: 'run', why: 'it is a step of the procedure, and dangerous', ask };
      },
    },
    rule('procedure', 'is left after all of these', 'run', 'it is a step of the procedure', () => true),
  ],
};

/** To look in several ways, one after the other, does no harm. */
function showsWays({ script, kind, facts, standing }: Subject): boolean {
  if (!standing.readme && isReading(facts)) return false;
  if (!isShell(kind) || alternativeScripts(script, facts).length > 1) return false;
  return holdsUnclearWays(script, facts) || listsVariants(script, facts);
}

function decideConditional(subject: Subject): Verdict | undefined {
  const { kind, script, facts } = subject;
  if (!isShell(kind) || isReading(facts)) return undefined;
  const says = conditionalPart(script, facts);
  if (says === undefined) return besideCase(caseBeside(script, facts));
  if (alternativeScripts(script, facts).length > 1) return undefined;
  const parts = partsIn(subject);
  if (parts === undefined) return { label: 'manual', why: `a part of it is for some cases only ("${clip(says)}")` };
  const why = `"${clip(says)}" stands above a part of it: an input asks about that, and the block becomes ${parts.length} steps`;
  const whole: Verdict = decideUndoing(subject) ?? { label: 'run', why, ...asking(subject) };
  const { background: _, ...verdict } = whole;
  return { ...verdict, why, parts };
}

function besideCase(says: string | undefined): Verdict | undefined {
  return says === undefined
    ? undefined
    : { label: 'manual', why: `a part of it is for some cases only ("${clip(says)}")` };
}

function decideCheck(subject: Subject): Verdict | undefined {
  const { kind, facts, shown } = subject;
  const why = 'it looks whether the step before it worked';
  if (kind === 'sql') return isSqlCheck(subject) && isCheckPlace(subject) ? { label: 'verify', why } : undefined;
  if (!isShell(kind) || !isLooking(facts) || !isCheckPlace(subject)) return undefined;
  const goesOn = endless(facts, '');
  if (goesOn !== undefined) return lookedAt(goesOn, subject);
  const asserting = isAsserting(facts) || mustFail(subject.block);
  const weak = !asserting && (shown ?? '') === '';
  const hopes = asserting && hopesForNothing(subject);
  const judged = `${why}; to find nothing may be well, so people judge`;
  // What no step did is looked at by a step of its own.
  if (!subject.worked) return hopes ? { label: 'manual', why: judged } : { label: 'verify', why, weak, asStep: true };
  if (hopes) return { label: 'verify', why: judged, weak, advisory: true };
  return { label: 'verify', why, weak, ...(isToldCheck(subject) ? {} : { advisory: true }) };
}

function decideUnknownCheck(subject: Subject): Verdict | undefined {
  const { kind, facts } = subject;
  if (
    !isShell(kind) ||
    isActingWork(facts) ||
    !isCheckPlace(subject) ||
    namesWork(subject) ||
    dangerIn(subject) !== undefined
  )
    return undefined;
  const goesOn = endless(facts, '');
  if (goesOn !== undefined) return goesOn.looks ? lookedAt(goesOn, subject) : undefined;
  const why = 'it looks whether the procedure worked, but may change something, so it runs once, as a step';
  return { label: 'verify', why, asStep: true };
}

/** A check that shows something until the run ends. */
function lookedAt({ program, readiness, blocks }: Endless, subject: Subject): Verdict | undefined {
  const why = `people look at what \`${program}\` shows until the run ends`;
  const shown = { label: 'verify', why, asStep: true } as const;
  if (!blocks) return { ...shown, background: readiness };
  const parts = partsIn(subject);
  return parts === undefined ? undefined : { ...shown, why: `${why}; it becomes ${parts.length} steps`, parts };
}

function decideUndoing(subject: Subject): Verdict | undefined {
  const { standing, kind, facts } = subject;
  if (!isShell(kind) || !standing.undoes || !isChangingWork(facts)) return undefined;
  const server = decideServer(subject);
  if (server !== undefined) return server;
  const why = 'the document is about taking something back, and this does it';
  return { label: 'rollback', why, asStep: true, ...asking(subject) };
}

/** What its author marked to be run keeps what is known of it: that it goes on, that it is dangerous. */
export const MARKED_RUN: Rule = {
  id: 'marked-run',
  when: 'is marked `{run}`; whatever its language or its place',
  decide(subject) {
    if (!isMarked(subject, 'run')) return undefined;
    const server = decideServer(subject);
    const why = 'its author marked it to be run';
    if (server?.label === 'run') return { ...server, why };
    return { label: 'run', why, ...asking(subject) };
  },
};
