import { z } from 'zod';
import { jsonDigest, sha256 } from '#ir/digest.js';
import type { JsonValue } from '#ir/json.js';
import { OpsroomError } from '#kit/errors.js';
import { readYaml } from '../../yaml.js';
import { yaml } from '../../yaml-library.js';
import { casesOf } from '../blocks/cases.js';
import { type Decision, LABELS } from '../blocks/decision.js';
import type { Settings } from '../blocks/settings.js';
import type { Attributes, Lines } from '../markdown/document.js';

const entrySchema = z.strictObject({
  /** SHA-256 of the block's text, hex. */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** Where it stood when it was reviewed, for people: `12-18`. */
  lines: z.string(),
  /** What the rules had decided. */
  decided: z.enum(LABELS),
  /** Digest of what it becomes beside that: what is run where that is not its text, where it begins anew, its cases, which of several ways it is, what it takes back, its steps where it is more than one, how its server is known to be up. */
  becomes: z.string().optional(),
  /** What the person decided. */
  decision: z.enum([...LABELS, 'skip']),
});

const lockSchema = z.strictObject({
  apiVersion: z.literal('opsroom/v1'),
  kind: z.literal('runbook-lock'),
  /** Over the front matter and every block in order, see `lockDigest`. */
  digest: z.string(),
  blocks: z.array(entrySchema).max(100_000),
});

/** What people decided about the blocks of a runbook; lives beside it as `FILE.lock`. */
export type Lock = z.output<typeof lockSchema>;
export type LockEntry = Lock['blocks'][number];

/** `changed`: reviewed in another form, or decided otherwise since. */
export type ReviewState = 'new' | 'changed' | 'unchanged';

export interface Checked {
  readonly decision: Decision;
  readonly state: ReviewState;
  /** What was reviewed; undefined for a new block. */
  readonly entry: LockEntry | undefined;
}

export interface LockCheck {
  /** In the order of the decisions. */
  readonly blocks: readonly Checked[];
  /** Every block is unchanged, none is missing, and order and front matter are as they were. */
  readonly complete: boolean;
}

/** What is compared of a block: its text, and what is said beside its language and at the headings above, such as its folder. */
export function blockDigest({ block }: Decision): string {
  const said = attributesOf(block);
  return sha256(`${block.kind}\n${said === '' ? '' : `${said}\n`}${block.text}`);
}

function attributesOf(block: Decision['block']): string {
  const levels: string[] = block.kind === 'code' ? [written(block.attributes)] : [];
  for (let at: typeof block.section | undefined = block.section; at !== undefined; at = at.parent)
    levels.push(written(at.attributes));
  return levels.filter((one) => one !== '').join('\n');
}

const written = (attributes: Attributes): string =>
  [...attributes].map(([key, value]) => JSON.stringify([key, value])).join(' ');

/** One entry per decision, as decided. */
export function lockEntry(decision: Decision, answer: LockEntry['decision'] = decision.label): LockEntry {
  const { from, to } = decision.block.lines;
  const becomes = becomesDigest(decision);
  return {
    digest: blockDigest(decision),
    lines: linesText({ from, to }),
    decided: decision.label,
    ...(becomes === undefined ? {} : { becomes }),
    decision: answer,
  };
}

/** What stands around a block, and its language, may change what is typed and where, which parts are asked about, for which case, or are left to people. */
function becomesDigest(decision: Decision): string | undefined {
  const { parts = [], background, among, undoes, scope } = decision;
  const cases = casesOf(decision).map(({ says }) => says ?? '');
  const ways = [among, undoes === true ? 'undoes' : undefined, scope].filter((one) => one !== undefined);
  const typed = typedOtherwise(decision);
  if (parts.length === 0 && cases.length === 0 && background === undefined && ways.length + typed.length === 0)
    return undefined;
  const steps = parts.map((part) => [part.script, part.condition?.says, part.background, part.hand !== undefined]);
  return jsonDigest(JSON.parse(JSON.stringify([cases, background ?? null, steps, ...ways, ...typed])));
}

/** Which tool reads it, where that is no shell; what is left of it without prompts and output; that it begins where the run began. */
function typedOtherwise({ block, form, script, anew }: Decision): JsonValue[] {
  if (block.kind !== 'code') return [];
  return [
    ...(form === 'shell' ? [] : [{ form }]),
    ...(script === block.text ? [] : [{ script }]),
    ...(anew === undefined ? [] : [{ anew }]),
  ];
}

/** A lock over a whole document. */
export function makeLock(entries: readonly LockEntry[], settings: Settings): Lock {
  return {
    apiVersion: 'opsroom/v1',
    kind: 'runbook-lock',
    digest: lockDigest(entries, settings),
    blocks: [...entries],
  };
}

/** `12-18`, or `12`. */
export function linesText({ from, to }: Lines): string {
  return from === to ? `${from}` : `${from}-${to}`;
}

export function lockText(lock: Lock): string {
  return `# Written by \`opsroom review\`. Commit it beside the runbook.\n${yaml().stringify(lock, { lineWidth: 0 })}`;
}

/**
 * Reads a lock file.
 * @throws OpsroomError RUNBOOK_LOCK when it is not one
 */
export function readLock(text: string, file: string): Lock {
  const { value, problems } = readYaml(text, file);
  const parsed = lockSchema.safeParse(value);
  if (problems.length === 0 && parsed.success) return parsed.data;
  const issue = parsed.error?.issues[0];
  const what = problems[0]?.what ?? `It is no lock of a runbook: ${issue?.path.join('.')} ${issue?.message}.`;
  throw new OpsroomError('RUNBOOK_LOCK', { what, where: file });
}

/**
 * Which blocks are as they were reviewed. A block is recognised by its text, wherever it has moved to; one that the rules
 * decide otherwise today counts as changed, since the same text may mean something else under another heading.
 */
export function checkLock(decisions: readonly Decision[], lock: Lock, settings: Settings): LockCheck {
  const known = new Map<string, LockEntry[]>();
  for (const entry of lock.blocks) known.set(entry.digest, [...(known.get(entry.digest) ?? []), entry]);
  const found = decisions.map((decision) => ({ decision, entry: known.get(blockDigest(decision))?.shift() }));
  const gone = [...known.values()].flat();
  const blocks = found.map(({ decision, entry }, i): Checked => {
    if (entry !== undefined) {
      const same = entry.decided === decision.label && entry.becomes === becomesDigest(decision);
      const state = same ? 'unchanged' : 'changed';
      return { decision, entry, state };
    }
    const former = lock.blocks[i];
    const state = former !== undefined && gone.includes(former) ? 'changed' : 'new';
    return { decision, entry: undefined, state };
  });
  const entries = blocks.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const complete = blocks.every(({ state }) => state === 'unchanged') && lockDigest(entries, settings) === lock.digest;
  return { blocks, complete };
}

/** Lines are left out: text that moves means the same. Order counts. */
function lockDigest(entries: readonly LockEntry[], settings: Settings): string {
  return jsonDigest([
    JSON.parse(JSON.stringify(settings)),
    ...entries.map(({ digest, decided, becomes, decision }) => [
      digest,
      decided,
      decision,
      ...(becomes === undefined ? [] : [becomes]),
    ]),
  ]);
}
