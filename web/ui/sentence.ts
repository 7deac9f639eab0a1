/** With its full stop, where another sentence follows. */
export const sentence = (text: string): string => (text === '' || /[.?!]$/.test(text) ? text : `${text}.`);
