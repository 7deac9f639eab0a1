/** What somebody at this page does about a wait or a failure; the room's own words name the command line. */
const WAYS: Readonly<Record<string, string>> = {
  MANUAL: 'When it is done, press “It is done” beside the step.',
  UNKNOWN: 'Look what happened, then press “Say how it ended” beside the step.',
  PAUSED: 'Press “Resume” above.',
  STEP_FAILED: 'Its log shows what it printed. When the cause is mended, press “Re-run what was not done”.',
};

/**
 * The way on by a button of this page, and the command that does the same.
 *
 * @param mend as the room says it, with commands in backticks
 * @returns undefined where the page has no button for it
 */
export function wayOn(code: string, mend: string): { readonly text: string; readonly command: string } | undefined {
  const text = WAYS[code];
  return text === undefined ? undefined : { text, command: /`([^`]+)`/.exec(mend)?.[1] ?? '' };
}
