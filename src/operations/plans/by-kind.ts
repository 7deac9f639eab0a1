import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MOST_BYTES, readDocument } from '#compile/document/read.js';
import { OpsroomError } from '#kit/errors.js';
import { templateName } from '../templates/name.js';
import { type ReadPlan, readPlan, readPlanText, splitName } from './file.js';
import { isRunbook } from './input.js';

/** What a plan is compiled from. */
export const SOURCE_KINDS = ['plan', 'runbook', 'template', 'spec', 'doc'] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** A file, a template or a folder, by what it is said to be. */
export interface SourceNamed {
  readonly kind: SourceKind;
  readonly source: string;
}

/**
 * Reads and compiles it, without a room.
 * @throws OpsroomError USAGE when it is of another kind; DOCUMENT_REFUSED; as `readPlan`
 */
export function readByKind({ kind, source }: SourceNamed): Promise<ReadPlan> {
  return READERS[kind](source);
}

const READERS: Readonly<Record<SourceKind, (source: string) => Promise<ReadPlan>>> = {
  plan: async (source) => {
    if (isRunbook(splitName(source).path)) throw another(source, 'A plan is a file in YAML or JSON.');
    return ofKind(await readPlan(source), source, 'text');
  },
  runbook: async (source) => {
    if (!isRunbook(splitName(source).path)) throw another(source, 'A runbook is a file in Markdown.');
    return readPlan(source);
  },
  template: async (source) => {
    if (!templateName.safeParse(source).success) throw another(source, 'A template is named in lower case.');
    return readPlan(`template:${source}`);
  },
  spec: async (source) => ofKind(await readPlan(source), source, 'bundle'),
  doc: async (source) => {
    const { text } = await readDocument(source, await bytesOf(source));
    return readPlanText(text, `${resolve(source)}.md`);
  },
};

function ofKind(read: ReadPlan, source: string, member: 'text' | 'bundle'): ReadPlan {
  if (member in read.given) return read;
  const what = member === 'bundle' ? 'That is no task list and no workflow of Spec Kit.' : 'That is Spec Kit, no plan.';
  throw another(source, what);
}

const another = (where: string, what: string): OpsroomError =>
  new OpsroomError('USAGE', { what, where: where.slice(0, 200), mend: 'Name the other `kind`, or another file.' });

/** What is too large is refused before it is read whole. */
async function bytesOf(path: string): Promise<Buffer> {
  let file: FileHandle | undefined;
  try {
    file = await open(path);
    const { size } = await file.stat();
    if (size > MOST_BYTES) {
      const what = `It has ${size} bytes; the limit is ${MOST_BYTES}.`;
      throw new OpsroomError('DOCUMENT_REFUSED', { what, where: path });
    }
    return await file.readFile();
  } catch (cause) {
    if (cause instanceof OpsroomError) throw cause;
    const what = `It cannot be read: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}.`;
    throw new OpsroomError('PLAN_UNREADABLE', { what, where: path, cause });
  } finally {
    await file?.close();
  }
}
