/** What a reader sees as code within a line. */
export function codeIn(markdown: string): string[] {
  return [...markdown.matchAll(/(`{1,2})([^`]+)\1(?!`)/g)].map(([, , text = '']) => spaced(text));
}

/** Text without any of these has no markup. */
const MARKUP = /[*_~`[<&\\\uE000]/;
const TAGS =
  /<\/?(?:a|abbr|b|big|br|center|code|del|details|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|picture|s|small|source|span|strong|sub|summary|sup|u|ul|var)(?:\s[^<>]*)?\/?>/gi;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };
const INLINE_LINK = /!?\[([^[\]]*)\](?:\((?:[^()\s]|\([^()\s]*\))*(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)|\[[^[\]]*\])/g;

/**
 * What a reader sees of inline Markdown: links, images, code marks, emphasis, HTML tags, and comments reduced to their text, on
 * one line. `<your-app>` is no HTML tag and stays. Takes time in proportion to the text, whatever it is.
 */
export function plainText(markdown: string): string {
  return spaced(unmarked(markdown));
}

/** The same, and with its line breaks: of a document whose lines are no paragraphs, a line may be a command. */
export function readText(markdown: string): { readonly text: string; readonly lines: string } {
  const bare = unmarked(markdown);
  const text = spaced(bare);
  if (!bare.includes('\n')) return { text, lines: text };
  const lines = bare.split('\n').map(spaced);
  return { text, lines: lines.filter((line) => line !== '').join('\n') };
}

function unmarked(markdown: string): string {
  if (!MARKUP.test(markdown)) return markdown;
  // A second `<!--` ends the search for the end of the first, or many of them would take quadratic time.
  const shown = markdown.includes('<!--') ? markdown.replace(/<!--(?:(?!<!--)[\s\S])*?-->/g, '') : markdown;
  if (!/[`\uE000]/.test(shown)) return withoutMarks(shown);
  const code: string[] = [];
  const kept = shown.replace(
    /(`{1,2})([^`]+)\1(?!`)/g,
    (_, __, text: string) => `\uE000${code.push(text.trim()) - 1}\uE001`,
  );
  return withoutMarks(kept).replace(/\uE000(\d+)\uE001/g, (_, index: string) => code[Number(index)] ?? '');
}

/** With a single space for each stretch of white space; most texts have no other. */
function spaced(text: string): string {
  return (/[^\S ]| {2}/.test(text) ? text.replace(/\s+/g, ' ') : text).trim();
}

/** Most texts have one kind of marks: the others are not looked for. */
function withoutMarks(markdown: string): string {
  let text = markdown;
  // Twice: a badge is an image inside a link.
  if (text.includes('[')) text = text.replace(INLINE_LINK, '$1').replace(INLINE_LINK, '$1');
  if (text.includes('<')) text = text.replace(/<((?:https?|mailto|ftp):[^\s<>]*)>/g, '$1').replace(TAGS, ' ');
  if (/[*~]/.test(text)) text = text.replace(/(?<![\\*])\*+(?=[^\s*])|(?<=[^\s*\\])\*+|~~/g, '');
  if (text.includes('_')) text = text.replace(/(?<![\p{L}\p{N}\\_])_+(?=[^\s_])|(?<=[^\s_])_+(?![\p{L}\p{N}_])/gu, '');
  if (text.includes('\\')) text = text.replace(/\\([!-/:-@[-`{-~])/g, '$1');
  if (text.includes('&'))
    text = text.replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_, name: string) => ENTITIES[name] ?? '');
  return text;
}

/** A heading's plain text, without emoji and their shortcodes. */
export function headingText(text: string): string {
  if (/^[ -9;-~]*$/.test(text)) return text;
  return text
    .replace(/(?<![\p{L}\p{N}:]):[a-z0-9][a-z0-9_+-]*:(?![\p{L}\p{N}:])/gu, '')
    .replace(/\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200D|\uFE0F|\u20E3/gu, (mark) =>
      /[©®™]/.test(mark) ? mark : '',
    )
    .replace(/\s+/g, ' ')
    .trim();
}
