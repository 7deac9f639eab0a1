import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Argument } from 'commander';
import { OpsroomError } from '#kit/errors.js';
import { addDocument } from '#operations/documents/add.js';
import { draftDocument } from '#operations/documents/draft.js';
import { getDocument } from '#operations/documents/get.js';
import { listDocumentsOperation } from '#operations/documents/list.js';
import { invoke } from '#operations/invoke.js';
import type { Room } from '#operations/room.js';
import type { CommandModule } from '../command.js';
import { oneLine, size, table } from '../format.js';
import type { Output } from '../output.js';
import { roomFor } from '../session.js';

interface Options {
  readonly goal?: string;
}

/** `opsroom documents`: JSON is what the operation answers. */
export const command: CommandModule = {
  register(command) {
    command
      .addArgument(new Argument('[what]', 'what to do').choices(['list', 'add', 'show', 'draft']).default('list'))
      .argument('[which]', 'of add: a file or an address; of show and draft: the id of a document')
      .option('--goal <words>', 'of draft: what is wanted of it; without it, its own commands');
  },
  examples: [
    'documents add procedure.pdf',
    'documents add https://example.com/how-to',
    'documents show 019ab3c0-e711-7d02-9a44-1c2b3d4e5f60',
    'documents draft 019ab3c0-e711-7d02-9a44-1c2b3d4e5f60 --json',
  ],
  async run({ args: [what = 'list', given], command, output }) {
    const which = what === 'list' ? '' : named(given, what);
    const document = what === 'add' ? await documentOf(which) : undefined;
    return roomFor(document !== undefined)(async ({ room }) => {
      if (document !== undefined) return add(room, document, output);
      if (what === 'list') return list(room, output);
      if (what === 'show') return show(room, which, output);
      return draft(room, { document: which, ...command.opts<Options>() }, output);
    });
  },
};

function named(which: string | undefined, what: string): string {
  if (which !== undefined) return which;
  throw new OpsroomError('USAGE', { what: 'Which document?', mend: `Name it: opsroom documents ${what} WHICH` });
}

async function documentOf(which: string) {
  if (/^https?:\/\//.test(which)) return { url: which };
  return { name: basename(which), content: await contentOf(which) };
}

async function list(room: Room, output: Output): Promise<number> {
  const found = await invoke(listDocumentsOperation, {}, room);
  const rows = found.documents.map(({ documentId, name, kind, bytes, flags }) => [
    documentId,
    oneLine(name),
    kind,
    size(bytes),
    oneLine(flags.join(' ')),
  ]);
  output.print(rows.length === 0 ? 'No documents.' : table(rows));
  output.result(found);
  return 0;
}

async function add(room: Room, document: Awaited<ReturnType<typeof documentOf>>, output: Output): Promise<number> {
  const added = await invoke(addDocument, document, room);
  output.print(
    `${added.documentId}  ${oneLine(added.name)}: ${added.kind}, ${added.pages === 1 ? '1 page' : `${added.pages} pages`}`,
  );
  for (const flag of added.flags) output.note(oneLine(flag));
  output.result(added);
  return 0;
}

async function contentOf(path: string): Promise<string> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    throw new OpsroomError('USAGE', {
      what: 'Only http:// and https:// are fetched.',
      where: path,
      mend: 'Name a file by its path.',
    });
  try {
    return (await readFile(path)).toString('base64');
  } catch (cause) {
    throw new OpsroomError('USAGE', { what: 'The file cannot be read.', where: path, cause });
  }
}

async function show(room: Room, document: string, output: Output): Promise<number> {
  const found = await invoke(getDocument, { document }, room);
  const rows = found.requirements.map(({ kind, text, line, from }) => [
    kind,
    `line ${line ?? '?'}`,
    `by ${from}`,
    oneLine(text),
  ]);
  output.print(`${output.colours.bold(oneLine(found.name))}  ${found.kind}, sha256 ${found.sha256.slice(0, 12)}`);
  for (const flag of found.flags) output.print(oneLine(flag));
  if (rows.length > 0) output.print(table(rows));
  output.result(found);
  return 0;
}

async function draft(room: Room, asked: { document: string; goal?: string }, output: Output): Promise<number> {
  const { document, goal } = asked;
  const found = await invoke(draftDocument, { document, ...(goal === undefined ? {} : { goal }) }, room);
  const titles = new Map(found.compiled?.steps.map(({ id, title }) => [id, title]));
  const rows = found.sources.map(({ step, page, line, paragraph }) => [
    step,
    oneLine(titles.get(step) ?? ''),
    `page ${page}, paragraph ${paragraph}, line ${line}`,
  ]);
  if (rows.length > 0) output.print(table(rows));
  if (found.why !== null) output.print(oneLine(found.why));
  for (const question of found.draft?.questions ?? []) output.print(`? ${oneLine(question)}`);
  if (found.draft?.text) output.print(found.draft.text);
  output.result(found);
  return found.compiled === null && found.draft?.text === undefined ? 1 : 0;
}
