/** Words of which what stands between backticks is code. */
export const withCode = (words: string) =>
  // biome-ignore lint/suspicious/noArrayIndexKey: parts have nothing but their place
  words.split(/`([^`]*)`/).map((part, place) => (place % 2 === 0 ? part : <code key={place}>{part}</code>));
