import { createInterface } from 'node:readline/promises';

/** Whether a person sits at both ends: answers can be asked for. */
export function someoneAnswers(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks until the answer is one of the keys, upper or lower case. The question goes to stderr. Resolves with undefined when the
 * input ends (Ctrl-D).
 */
export async function askKey(question: string, keys: readonly string[]): Promise<string | undefined> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)));
  try {
    for (;;) {
      const answer = await Promise.race([lines.question(`${question} `), ended]);
      if (answer === undefined) return undefined;
      const key = answer.trim().toLowerCase();
      if (keys.includes(key)) return key;
    }
  } finally {
    lines.close();
  }
}
