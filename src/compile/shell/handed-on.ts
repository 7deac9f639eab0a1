import type { Command, Input } from './facts.js';

type HandedOn = Pick<Extract<Input, { kind: 'pipe' }>, 'text' | 'file'>;

/** What is known of what a part of a pipeline hands on: `echo TEXT`, `(echo TEXT; sleep 1)`, `cat FILE`, `cat <<EOF`. */
export function handedOn(commands: readonly Command[]): HandedOn {
  const [first] = commands;
  if (first !== undefined && commands.length === 1 && PASSES_ON.test(first.program)) return passedOn(first);
  const texts = commands.filter(({ program }) => !/^(?:sleep|true|:)$/.test(program)).map(printed);
  return texts.every((text) => text !== undefined) ? { text: texts.join('\n') } : {};
}

function printed(command: Command): string | undefined {
  const { program, args } = command;
  if (PASSES_ON.test(program)) return passedOn(command).text;
  if (!/^(?:echo|printf)$/.test(program)) return undefined;
  return args.filter((word) => !/^-[neE]+$/.test(word)).join(' ');
}

/** They print what they are fed, whatever else they do with it. */
const PASSES_ON = /^(?:cat|tee|envsubst)$/;

/** Without a file, or with `-`, `cat` prints its input; the operands of the others are no files that they read. */
function passedOn({ program, args, input }: Command): HandedOn {
  const reads = program === 'cat' && args.some((word) => !word.startsWith('-'));
  if (reads || input.kind === 'terminal') return program === 'cat' ? { file: args.join(' ') } : {};
  const { kind: _, ...handed } = input;
  return { ...('text' in handed && { text: handed.text }), ...('file' in handed && { file: handed.file }) };
}
