/** What a parked run asks of a person, by why it is parked. Whoever paused one knows, and a clock ends the other waits. */
const ASKS = {
  MANUAL: 'confirm',
  INPUT: 'answer',
  UNKNOWN: 'resolve',
  REFUSED: 'decide',
  TAKEOVERS: 'decide',
  WORKSPACE_LOST: 'decide',
} as const;

/** Undefined: nothing. */
export function askOf(code: string | null): (typeof ASKS)[keyof typeof ASKS] | undefined {
  return code !== null && code in ASKS ? ASKS[code as keyof typeof ASKS] : undefined;
}

/** The codes of which a person is the end. */
export const ASKING_CODES: readonly string[] = Object.keys(ASKS);
