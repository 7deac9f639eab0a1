/** Signs of Unicode (UAX #9) that turn the order in which what stands around them is shown. */
export const TURNING = /[\u202A-\u202E\u2066-\u2069]/g;

/** Whether a text may be shown in another order than it stands: what people see and agree to would be something else. */
export const turnsOrder = (text: string): boolean => text.search(TURNING) >= 0;
