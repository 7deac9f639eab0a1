/**
 * In which paragraph of its page each line stands, from 1 (0: before the first), in one pass: a document has thousands of steps.
 * @param pages the line at which each page begins, from 1
 */
export function paragraphsOf(text: string, pages: readonly number[]): number[] {
  const starts = new Set(pages);
  let [paragraph, afterBlank] = [0, true];
  return text.split('\n').map((line, at) => {
    if (starts.has(at + 1)) [paragraph, afterBlank] = [0, true];
    const blank = line.trim() === '';
    if (!blank && afterBlank) paragraph += 1;
    afterBlank = blank;
    return paragraph;
  });
}
