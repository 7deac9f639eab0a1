import { isKnownProgram } from '../../shell/programs.js';
import type { CodeBlock } from '../markdown/document.js';
import { phrase } from '../words/phrase.js';
import { codeLines } from '../words/text.js';
import type { Subject } from './rule.js';

const NAME = String.raw`[\w~./-]*[\w-]\.(?:sh|bash|zsh|service|timer|socket|env|conf|cfg|cnf|ini|ya?ml|json|toml|properties|rules)`;
const FILE = new RegExp(`^${NAME}$`, 'i');
/** Marks, and no word of any script. */
const BESIDE = String.raw`[^\p{L}\p{N}~./]*`;
const CALLED = String.raw`^${BESIDE}(?:(?:(?:the )?(?:full |complete )?(?:contents?|source) of|in|file(?:name)?|datei|fichier|archivo|arquivo|файл|plik)\s*:?\s*)?`;
/** "backup.sh:", "Contents of backup.sh:", "File: backup.sh", and nothing else. */
const ONLY = phrase(new RegExp(`${CALLED}${BESIDE}(${NAME})[^\\p{L}\\p{N}]*$`, 'iu'));

/** What is longer says more than a name; without an end, a line of dashes takes the time of its length cubed. */
const MOST = 150;

/** The file that a text names, when it says nothing else. */
export function onlyFile(text: string): string | undefined {
  return text.length > MOST ? undefined : ONLY.exec(text)?.[1];
}

/**
 * Whether a block is what a file holds after which it is named. With commands that people type it can be no file of settings, and
 * a command that names the file does something with it.
 */
export function holdsNamedFile(subject: Subject): boolean {
  const { facts, script } = subject;
  const file = nameOfFile(subject);
  if (file === undefined || usesFile(script, file)) return false;
  return /sh$/i.test(file) || !facts.commands.some(({ program }) => isKnownProgram(program));
}

/**
 * The file that a block is named after: by its title (`title="backup.sh"`, `bash:backup.sh`), by the line above it, by its first
 * comment, or by its heading.
 */
function nameOfFile({ block, intro, script, standing }: Subject): string | undefined {
  const [first = ''] = script.trimStart().split('\n', 1);
  const comment = first.startsWith('#') ? first.replace(/^#+\s*/, '') : '';
  const told = [intro, comment, standing.headings[0] ?? ''].map(onlyFile);
  return [titleOf(block), ...told].find((name) => name !== undefined);
}

function titleOf({ attributes }: CodeBlock): string | undefined {
  const given = ['title', 'filename', 'file'].map((key) => attributes.get(key) ?? '');
  return [...given, ...attributes.keys()].find((name) => FILE.test(name));
}

function usesFile(script: string, file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return codeLines(script).some((line) => line.includes(name));
}
