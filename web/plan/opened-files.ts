import { isTaskList, MOST_BYTES } from './draft.js';

/** What a file is for: a plan's text, a document that is read under Documents, or nothing that the room takes. */
export type Use =
  | { readonly is: 'text' }
  | { readonly is: 'document' }
  | { readonly is: 'refused'; readonly why: string };

type Kind = 'pdf' | 'docx' | 'html' | 'picture';
const ENDINGS: Readonly<Record<string, Kind>> = {
  pdf: 'pdf',
  docx: 'docx',
  html: 'html',
  htm: 'html',
  png: 'picture',
  jpg: 'picture',
  jpeg: 'picture',
};
/** How files begin. A Word file is a ZIP, as many others are: only the name tells it from them. */
const BEGINNINGS: readonly (readonly [Kind, readonly number[]])[] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['docx', [0x50, 0x4b, 0x03, 0x04]],
  ['picture', [0x89, 0x50, 0x4e, 0x47]],
  ['picture', [0xff, 0xd8, 0xff]],
];
/** The documents that are read, and a plan's own texts. */
export const ACCEPTED = '.md,.markdown,.yaml,.yml,.json,.pdf,.docx,.html,.htm,.png,.jpg,.jpeg';
/** As much of a file as is looked at first. */
const HEAD = 4096;
/** The room reads no larger document. */
const MOST_DOCUMENT_BYTES = 20 * 1024 * 1024;

const NOT_TEXT = 'It is no text, nor a PDF, Word file, web page or picture. Nothing of it was sent.';

/** What a file is for, by its name and its first bytes. */
export function useOf(name: string, head: Uint8Array): Use {
  const named = ENDINGS[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
  const begun = BEGINNINGS.find(([, start]) => start.every((byte, at) => head[at] === byte))?.[0];
  if (named === 'html' && begun === undefined) return { is: 'document' };
  if (named !== undefined && named !== begun)
    return { is: 'refused', why: 'It is not what its name says. Nothing of it was sent.' };
  if (begun === 'docx' && named === undefined) return { is: 'refused', why: NOT_TEXT };
  if (begun !== undefined) return { is: 'document' };
  const text = textOf(head, 'its beginning');
  if (text === undefined) return { is: 'refused', why: NOT_TEXT };
  return /^\s*(?:<!doctype html|<html)\b/i.test(text) ? { is: 'document' } : { is: 'text' };
}

/** Bytes as text; undefined where they are none. A beginning may end in the middle of a letter. */
function textOf(bytes: Uint8Array, of: 'its beginning' | 'all of it'): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: of === 'its beginning' });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The files that were opened together, each by what it is for. */
export interface Opened {
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  readonly documents: readonly File[];
  /** A sentence for each that is not taken. */
  readonly refused: readonly string[];
}

/** Reads texts, and looks at the beginning of the rest: nothing leaves the browser here. */
export async function openFiles(files: readonly File[]): Promise<Opened> {
  const all = await Promise.all(files.map(openOne));
  return {
    texts: all.flatMap(({ texts }) => texts),
    documents: all.flatMap(({ documents }) => documents),
    refused: all.flatMap(({ refused }) => refused),
  };
}

async function openOne(file: File): Promise<Opened> {
  const none: Opened = { texts: [], documents: [], refused: [] };
  const refuse = (why: string): Opened => ({ ...none, refused: [`${file.name}: ${why}`] });
  const use = useOf(file.name, await bytesOf(file.slice(0, HEAD)));
  if (use.is === 'refused') return refuse(use.why);
  if (use.is === 'document')
    return file.size > MOST_DOCUMENT_BYTES
      ? refuse('It is larger than a document may be: 20 MiB.')
      : { ...none, documents: [file] };
  if (file.size > MOST_BYTES) return refuse('It is larger than a plan may be: 8 MiB.');
  const text = textOf(await bytesOf(file), 'all of it');
  return text === undefined ? refuse(NOT_TEXT) : { ...none, texts: [{ path: file.name, text }] };
}

const bytesOf = async (part: Blob): Promise<Uint8Array> => new Uint8Array(await part.arrayBuffer());

/**
 * What is said of documents that were opened together with texts: the texts are taken, and the reader is told the way for the rest.
 * Pictures and PDF of a Spec Kit folder belong to no plan.
 */
export function leftDocuments({ texts, documents }: Pick<Opened, 'texts' | 'documents'>): string[] {
  if (texts.length === 0 || documents.length === 0) return [];
  const names = documents.map(({ name }) => name).join(', ');
  return [
    texts.some(({ path }) => isTaskList(path))
      ? `Left out: ${names}. A task list takes the Markdown documents beside it.`
      : `Left out: ${names}. Open it by itself: documents are read under Documents, and a plan is drafted from them.`,
  ];
}
