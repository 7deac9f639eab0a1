import type { Placeholder, ShellFacts } from '../../shell/facts.js';
import type { CodeBlock } from '../markdown/document.js';

const EXPORT = /^([ \t]*export[ \t]+([A-Za-z_]\w*)=)("[^"\n$`\\]*"|'[^'\n]*'|[^\s"'$`#;&|<>()]*)(?=[ \t]*(?:#.*)?$)/gm;

/**
 * Runme's `promptEnv=true`: the literal values of the variables that a block exports are those of people, who are asked for
 * them. Anything else in the script stays.
 */
export function withPrompts(block: CodeBlock, script: string, facts: ShellFacts): ShellFacts {
  if (!asksForVariables(block)) return facts;
  const prompts = [...script.matchAll(EXPORT)].map(
    ({ index, 1: before = '', 2: name = '', 3: value = '' }): Placeholder => {
      const start = index + before.length;
      return { text: value, name: name.toLowerCase(), start, end: start + value.length, place: 'bare', prompted: true };
    },
  );
  const others = facts.placeholders.filter(
    ({ start, end }) => !prompts.some((one) => start < one.end && one.start < end),
  );
  return { ...facts, placeholders: [...others, ...prompts].sort((a, b) => a.start - b.start) };
}

function asksForVariables({ attributes }: CodeBlock): boolean {
  for (const [key, value] of attributes) if (key.toLowerCase() === 'promptenv') return /^(?:true|yes|1)$/i.test(value);
  return false;
}
