import type { Command } from '../ui/commands.js';

/** What a key press means: a command, the first half of one, or nothing. */
export type Meaning = { readonly command: Command } | { readonly begun: string } | undefined;

/**
 * Finds what a key stands for.
 *
 * @param begun the first key of a pair that was pressed just before, if any
 */
export function meaningOf(key: string, begun: string | undefined, commands: readonly Command[]): Meaning {
  const pressed = begun === undefined ? key : `${begun} ${key}`;
  const command = commands.find(({ keys, why }) => keys === pressed && why === undefined);
  if (command) return { command };
  return commands.some(({ keys }) => keys?.startsWith(`${pressed} `)) ? { begun: pressed } : undefined;
}

/** Whether a key that is pressed there is text, and not a command. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))
  );
}
