import { shortRun } from '../ui/format.js';

interface Props {
  text: string;
  /** What RUN and STEP stand for in the commands that the room proposes. */
  run: string;
  step?: string | undefined;
}

/** A sentence of the room, with its commands as code and with their places filled in. */
export function Sentence({ text, run, step }: Props) {
  return text.split(/`([^`]*)`/).map((part, place) => {
    if (place % 2 === 0) return part;
    const command = part.replaceAll(/\bRUN\b/g, shortRun(run)).replaceAll(/\bSTEP\b/g, step ?? 'STEP');
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of a sentence have nothing but their place
    return <code key={place}>{command.startsWith('opsroom ') ? `npx ${command}` : command}</code>;
  });
}
