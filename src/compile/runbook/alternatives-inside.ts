import { codeLines } from './rules-text.js';

const OR_LINE = /^\s*#+\s*(?:or\b|alternatively\b|oder\b|ou\b|o bien\b|или\b|或者?|または|- or -)/i;

/** The scripts between `# or` lines; several only when each is a single command. */
export function alternativeScripts(script: string): string[] {
  const scripts = splitWays(script);
  const single = scripts.every((part) => codeLines(part.replaceAll(/\\\n|\|\s*\n/g, ' ')).length === 1);
  return single ? scripts : [script];
}

function splitWays(script: string): string[] {
  const parts: string[][] = [[]];
  for (const line of script.split('\n')) {
    if (OR_LINE.test(line)) parts.push([line]);
    else parts.at(-1)?.push(line);
  }
  return parts.map((lines) => lines.join('\n').trim()).filter((part) => codeLines(part).length > 0);
}

/** Whether a comment between commands says "or". */
export function holdsWays(script: string): boolean {
  return splitWays(script).length > 1;
}
