/** What somebody at this page does about a wait; the room's own words name the command line. */
const WAYS: Readonly<Record<string, string>> = {
  UNKNOWN: 'Look what happened, then press “Say how it ended” beside the step.',
  PAUSED: 'Press “Resume” above.',
};

/** What a command of the room would show, where this page shows it. */
const SHOWN: Readonly<Record<string, string>> = {
  logs: 'Its log stands under “Logs” beside the step.',
  proofs: 'What was checked stands under “Verdicts” beside the step.',
};

/** A mend that is nothing but where to look: what it says beside that is told as it is. */
const ONLY_LOOKS = /^See its \w+ with `opsroom (\w+) [^`]*`\.$/;

const FAILED = new Set(['STEP_FAILED', 'VERIFIER_FAILED']);

/**
 * What to do here, with the command that does the same, in backticks. The room's own mend stays where a button alone mends nothing,
 * and where it is not known which button.
 *
 * @param mend as the room says it, with commands in backticks
 * @param ended the run has: what it left undone can be run again
 * @param step that it is about: to run again what was not done takes nothing back
 */
export function wayOn(code: string, mend: string, ended: boolean, step = ''): string {
  const way = WAYS[code];
  if (way !== undefined) {
    const command = /`([^`]+)`/.exec(mend)?.[1];
    return command === undefined ? way : `${way} On a command line: \`${command}\`.`;
  }
  const look = SHOWN[ONLY_LOOKS.exec(mend)?.[1] ?? ''] ?? mend;
  if (!FAILED.has(code) || !ended || step.includes('/')) return look;
  return `${look} When the cause is mended, press “Re-run what was not done”.`.trimStart();
}
