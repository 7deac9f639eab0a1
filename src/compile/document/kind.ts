import { OpsroomError } from '#kit/errors.js';

export type DocumentKind = 'markdown' | 'pdf' | 'docx' | 'html' | 'image';

const ENDINGS: Readonly<Record<string, DocumentKind>> = {
  md: 'markdown',
  markdown: 'markdown',
  txt: 'markdown',
  pdf: 'pdf',
  docx: 'docx',
  html: 'html',
  htm: 'html',
  png: 'image',
  jpg: 'image',
  jpeg: 'image',
};

/** How files of these kinds begin; a name alone is believed for text only. */
const BEGINNINGS: readonly (readonly [DocumentKind, readonly number[]])[] = [
  ['pdf', [0x25, 0x50, 0x44, 0x46]],
  ['docx', [0x50, 0x4b, 0x03, 0x04]],
  ['image', [0x89, 0x50, 0x4e, 0x47]],
  ['image', [0xff, 0xd8, 0xff]],
];

/**
 * What a file is, by its first bytes and its name.
 * @throws OpsroomError DOCUMENT_REFUSED where the two do not fit, or nothing here reads it
 */
export function kindOf(name: string, bytes: Uint8Array): DocumentKind {
  const named = ENDINGS[/\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''];
  const begun = BEGINNINGS.find(([, start]) => start.every((byte, at) => bytes[at] === byte))?.[0];
  if (begun !== undefined && (named === undefined || named === begun)) return begun;
  if (begun === undefined && (named === 'markdown' || named === 'html')) return named;
  const what = named === undefined ? 'Files of this kind are not read.' : 'It is not what its name says.';
  throw new OpsroomError('DOCUMENT_REFUSED', { what, where: name });
}
