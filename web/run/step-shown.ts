/** The id of the element that shows the chosen step: on a phone it is far down its page. */
export const STEP_SHOWN = 'step';
