import { phrase } from '../words/phrase.js';

const BEFORE = String.raw`^[\s\p{P}]*(?:(?:on|for|in|under|auf|unter|für|sur|pour|en|para|su|per|no|w|dla|на|для)\s+)?(?:ms\s+)?`;
const AFTER = String.raw`(?:[\s/(,&+]*(?:\d+|powershell|cmd(?:\.exe)?|command prompt|users?|only|git bash|\(?x?64\)?|bash|zsh|and|or|und|et|y|linux|unix|mac(?: ?os(?: ?x)?)?|osx|wsl)\b\)?)*[\s\p{P}]*$`;
const WINDOWS = phrase(new RegExp(`${BEFORE}windows${AFTER}`, 'iu'));
const OTHERS = phrase(new RegExp(`${BEFORE}(?:linux|unix|mac(?: ?os(?: ?x)?)?|osx)${AFTER}`, 'iu'));
const SHARED = /linux|unix|mac|osx|wsl|git bash/i;
/** The comment of a line of its own, or behind a command. */
const COMMENT = /(?:^|\s)#+\s*(\S.*)$/;

/**
 * A script without what it shows for Windows beside the same for Linux or macOS: the lines below "# Windows", up to the next comment
 * or a blank line, and single ones that say so behind the command. As it stands where it shows one of both only.
 */
export function withoutWindows(script: string): string {
  if (!/windows/i.test(script)) return script;
  const lines = script.split('\n');
  const says = lines.map((line) => COMMENT.exec(line)?.[1] ?? '');
  const isWindows = (text: string) => WINDOWS.test(text) && !SHARED.test(text);
  if (!says.some(isWindows) || !says.some((text) => OTHERS.test(text))) return script;
  let skips = false;
  return lines
    .filter((line, at) => {
      const comment = says[at] ?? '';
      const alone = /^\s*#/.test(line);
      if (alone) skips = isWindows(comment);
      else if (line.trim() === '') skips = false;
      return !skips && !isWindows(comment);
    })
    .join('\n');
}
