/** What somebody at this page does about a wait; the room's own words name the command line. */
const WAYS: Readonly<Record<string, string>> = {
  MANUAL: 'When it is done, press “It is done” beside the step.',
  INPUT: 'Press “Answer” beside the step.',
  UNKNOWN: 'Look what happened, then press “Say how it ended” beside the step.',
  PAUSED: 'Press “Resume” above.',
};

/** Of a step that asks whether what follows may be done. */
const YES_OR_NO = 'Press “Yes, do it” or “No, leave it out” beside the step.';

/** Where the way on is told. */
interface Place {
  /** The run has ended: what it left undone can be run again. */
  readonly ended: boolean;
  /** The step asks whether what it guards may be done; undefined while nobody knows. */
  readonly asks: boolean | undefined;
}

/**
 * What to do here, with the command that does the same, in backticks. The room's own mend stays where a button alone mends nothing,
 * and where it is not known which button.
 *
 * @param mend as the room says it, with commands in backticks
 */
export function wayOn(code: string, mend: string, { ended, asks }: Place): string {
  if (code === 'MANUAL' && asks === undefined) return mend;
  const way = code === 'MANUAL' && asks ? YES_OR_NO : WAYS[code];
  if (way !== undefined) {
    const command = /`([^`]+)`/.exec(mend)?.[1];
    return command === undefined ? way : `${way} On a command line: \`${command}\`.`;
  }
  if (code !== 'STEP_FAILED' || !ended) return mend;
  return `${mend} When the cause is mended, press “Re-run what was not done”.`.trimStart();
}
