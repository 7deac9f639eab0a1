import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import type { Complaint } from './annotations.js';
import { type Place, placeOf } from './place.js';
import type { SourceFile } from './source.js';

/** Why a set cannot be loaded: one thing that is wrong with it. */
export interface Problem extends Complaint, Partial<Place> {
  readonly file: string;
  readonly policy?: string;
}

/**
 * What the engine says of a text, with its place.
 * @param offset of the text in the file, in bytes
 */
export function detailed({ message, help, sourceLocations }: DetailedError, file: SourceFile, offset: number): Problem {
  const [location] = sourceLocations ?? [];
  const expected = location?.label ? ` (${location.label})` : '';
  const text = message
    .replace(/^failed to parse (policies|schema) from string: /, '')
    .replace(/^for policy `[^`]*`, /, '');
  return {
    file: file.name,
    ...placeOf(file.text, offset + (location?.start ?? 0)),
    message: `${text}${expected}.`,
    mend: help ? `${help.charAt(0).toUpperCase()}${help.slice(1)}` : 'Correct it; docs/policies.md lists the words.',
  };
}
