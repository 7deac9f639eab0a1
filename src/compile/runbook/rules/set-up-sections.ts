import { entry } from '#kit/entry.js';
import type { CodeBlock, RunbookDocument, Section } from '../markdown/document.js';
import type { DocumentKind } from '../words/document-kind.js';
import { phrase } from '../words/phrase.js';
import { roleOf } from '../words/roles.js';

const SHELL = /^(?:|bash|sh|shell|zsh|console|terminal|shell-session)$/;
const CLONES = /^\s*(?:[$#>%] )?git clone\s/;
/** So many numbered steps with a command each are no accident. */
const ENOUGH = 3;
/** Headings of what is told about a thing, or of samples of its use. */
const TELLS = phrase(
  /\b(?:how .* works|features?|overview|architecture|why\b|background|roadmap|internals|exampl|sample|demo|beispiel|exempl|ejempl|esempi)|示例|例子|用例|サンプル|예제|예시/iu,
);
/** To be walked through by who reads on, and not by developers alone. */
const WALKED = /^\W*test (?:scenarios?|procedures?|walkthrough)\b/i;

/**
 * Sections of a README that are a procedure by what stands in them, whatever their heading says: they begin by cloning the program,
 * or number their steps with a command each. "Usage" is one of them only where nothing else says how to install or start it.
 */
export function setUpSections({ blocks }: RunbookDocument, kind: DocumentKind): ReadonlySet<Section> {
  const found = new Map<Section, CodeBlock[]>();
  for (const block of blocks) if (block.kind === 'code') entry(found, block.section, (): CodeBlock[] => []).push(block);
  const setUp = [...found].filter(
    ([section, codes]) => mayBe(section, kind) && (beginsWithClone(codes) || isNumbered(codes)),
  );
  return new Set(setUp.map(([section]) => section));
}

function mayBe({ heading }: Section, { starts }: DocumentKind): boolean {
  if (TELLS.test(heading)) return false;
  const role = roleOf(heading);
  if (role === 'development') return WALKED.test(heading);
  return role === 'none' || role === 'configuration' || role === 'procedure' || (role === 'usage' && !starts);
}

function beginsWithClone([first]: readonly CodeBlock[]): boolean {
  return first !== undefined && SHELL.test(first.language) && CLONES.test(first.text);
}

function isNumbered(codes: readonly CodeBlock[]): boolean {
  const steps = codes.filter(({ language, item }) => SHELL.test(language) && item?.marker === 'number');
  return new Set(steps.map(({ item }) => item)).size >= ENOUGH;
}
