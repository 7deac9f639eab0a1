/** Where in a file, both from 1; columns count characters. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of a byte of a text: the engine counts bytes of UTF-8. */
export function placeOf(text: string, offset: number): Place {
  const before = Buffer.from(text).subarray(0, offset).toString('utf8').split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
