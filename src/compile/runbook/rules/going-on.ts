import { destructiveSql } from '../../shell/judge/sql.js';
import { alternativeScripts } from '../blocks/alternatives-inside.js';
import { dangerOf, dangerOfRequest } from '../blocks/dangers.js';
import type { Part, Readiness, Verdict } from '../blocks/decision.js';
import { partsOf, preparesFirst } from '../blocks/parts.js';
import { endless } from '../blocks/work.js';
import { isShell, type Subject } from './rule.js';

/** What starts a server or a watcher: in the background, whole or as one of several steps; else a person does it. */
export function decideServer(subject: Subject): Verdict | undefined {
  const { kind, facts, script, block, intro } = subject;
  if (!isShell(kind)) return undefined;
  const found = endless(facts, `${block.outro}\n${intro}`, script);
  if (/^(?:true|yes|1)$/i.test(block.attributes.get('background') ?? ''))
    return serving(subject, 'its author marked it to run in the background', found?.readiness);
  if (found === undefined) return undefined;
  const why = `\`${found.program}\` runs until it is stopped`;
  const serves = alternativeScripts(script, facts).length > 1;
  const whole = serves || (!found.blocks && !preparesFirst(facts, found));
  const parts = whole ? undefined : partsIn(subject);
  if (parts !== undefined)
    return { label: 'run', why: `${why}, so it becomes ${parts.length} steps`, parts, ...asking(subject) };
  if (found.blocks && !serves)
    return { label: 'manual', why: `\`${found.program}\` does not end by itself, and other commands come after it` };
  return serving(subject, why, found.readiness);
}

function serving(subject: Subject, why: string, readiness: Readiness | undefined): Verdict {
  const background = declaredReadiness(subject) ?? readiness ?? { aliveMs: 1000 };
  return { label: 'run', why, background, ...asking(subject) };
}

/** The steps that a block becomes, where it is more than one; a session that shows what it prints is compared as a whole. */
export function partsIn(subject: Subject): readonly Part[] | undefined {
  const { script, facts, shown, block, intro, factsOf } = subject;
  if (shown !== undefined) return undefined;
  return partsOf(script, facts, { around: `${block.outro}\n${intro}`, declared: declaredReadiness(subject), factsOf });
}

/** `ready=8080`, `ready=http://localhost:8080/health`, `ready="listening on"`. */
function declaredReadiness({ block }: Subject): Readiness | undefined {
  const ready = block.attributes.get('ready') ?? '';
  if (ready === '') return undefined;
  if (/^https?:\/\//.test(ready)) return { url: ready };
  return /^\d{1,5}$/.test(ready) ? { port: Number(ready) } : { output: ready };
}

/** The question before a dangerous block, for its verdict. */
export function asking(subject: Subject): Pick<Verdict, 'ask'> {
  const ask = dangerIn(subject);
  return ask === undefined ? {} : { ask };
}

/** Why a person is asked before it runs. */
export function dangerIn({ kind, facts, script }: Subject): string | undefined {
  if (kind === 'sql') return destructiveSql(script);
  if (kind === 'http') return dangerOfRequest(script);
  return isShell(kind) ? dangerOf(facts) : undefined;
}
