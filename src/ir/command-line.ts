/** The words of a line, or the quote in it that nothing closes. */
export type Words = { readonly words: readonly string[] } | { readonly open: string };

/**
 * The words of a program and its arguments. Quotes and backslashes keep words together as in a shell, and nothing else means what
 * it means there: no variable, no pipe, no glob.
 */
export function wordsOf(line: string): Words {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (quote !== '' && char === quote) quote = '';
    else if (char === '\\' && quote !== "'" && at + 1 < line.length) word = (word ?? '') + (line[++at] ?? '');
    else if (quote !== '') word = (word ?? '') + char;
    else if (char === '"' || char === "'") [quote, word] = [char, word ?? ''];
    else if (!/\s/.test(char)) word = (word ?? '') + char;
    else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  if (quote !== '') return { open: quote };
  return { words: word === undefined ? words : [...words, word] };
}
