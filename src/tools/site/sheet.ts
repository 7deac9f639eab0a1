import { type Atrule, type CssNode, type Declaration, generate, parse, type Rule, walk } from 'css-tree';
import { inLine } from './tree.js';
import { type Found, type Group, type TokenValue, valuesOf, variableValue } from './values.js';

/** Where in a stylesheet something is said. */
export interface Place {
  readonly selector: string;
  readonly property: string;
}

export interface Variable extends Place {
  /** With its two dashes. */
  readonly name: string;
  readonly value: TokenValue;
  /** Said for the whole page, in no theme and at no width. */
  readonly isRoot: boolean;
}

/** What a stylesheet says of a design. */
export interface SheetFindings {
  readonly variables: readonly Variable[];
  readonly used: readonly (Found & Place)[];
  /** Custom properties that are used, and for what. */
  readonly references: readonly { readonly name: string; readonly group: Group | undefined }[];
  /** Addresses of other stylesheets, as they are written. */
  readonly imports: readonly string[];
  /** What is declared for a class by itself. */
  readonly classes: readonly { readonly name: string; readonly properties: readonly string[] }[];
  /** More was said than is kept. */
  readonly cut: boolean;
}

const MOST_FOUND = 20_000;
const ROOT = /^(?::root|html|body|\*|:host|,|\s|::?before|::?after|::backdrop)+$/;

interface Draft {
  readonly variables: Variable[];
  readonly used: (Found & Place)[];
  readonly references: { name: string; group: Group | undefined }[];
  readonly imports: string[];
  readonly classes: { name: string; properties: string[] }[];
}

/** Reads a stylesheet. What is broken in it is passed over, as browsers do. */
export function sheetFindings(css: string): SheetFindings {
  return findingsOf(parse(css, { parseCustomProperty: true, parseRulePrelude: true, onParseError: () => undefined }));
}

/** Reads what a `style` attribute says. */
export function styleFindings(style: string, selector: string): SheetFindings {
  const tree = parse(style, { context: 'declarationList', parseCustomProperty: true, onParseError: () => undefined });
  return findingsOf(tree, selector);
}

function findingsOf(tree: CssNode, own?: string): SheetFindings {
  const draft: Draft = { variables: [], used: [], references: [], imports: [], classes: [] };
  let left = MOST_FOUND;
  walk(tree, function visit(this, node) {
    if (left <= 0) return walk.break;
    if (node.type === 'Declaration' && !isElsewhere(this.atrule)) {
      left -= 1;
      read(node, { rule: this.rule, atrule: this.atrule, own }, draft);
    }
    if (node.type === 'Rule') left -= ofClass(node, draft);
    if (node.type === 'Atrule' && node.name.toLowerCase() === 'import') draft.imports.push(...addressOf(node));
    return undefined;
  });
  return { ...draft, cut: left <= 0 };
}

/** Frames of an animation and files of fonts say nothing of what stands on a page. */
const isElsewhere = (atrule: Atrule | null) =>
  /^(?:-[a-z]+-)?(?:keyframes|font-face|page|property)$/i.test(atrule?.name ?? '');

interface Around {
  readonly rule: Rule | null;
  readonly atrule: Atrule | null;
  readonly own: string | undefined;
}

function read(node: Declaration, around: Around, draft: Draft): void {
  const { value } = node;
  if (value.type !== 'Value') return;
  const property = node.property.toLowerCase();
  const place = { selector: selectorOf(around), property: inLine(property, 60) };
  if (!property.startsWith('--')) {
    const { found, references } = valuesOf(property, value);
    draft.used.push(...found.slice(0, 50).map((one) => ({ ...one, ...place })));
    draft.references.push(...references.slice(0, 50));
    return;
  }
  const known = variableValue(value);
  const isRoot = around.own === undefined && !isNarrow(around.atrule) && ROOT.test(place.selector);
  if (known?.type === 'alias') draft.references.push({ name: known.of, group: undefined });
  if (known !== undefined && node.property.length <= 100)
    draft.variables.push({ ...place, name: node.property, value: known, isRoot });
}

/** `@layer` narrows nothing down, `@media` and `@supports` do. */
const isNarrow = (atrule: Atrule | null) => atrule !== null && atrule.name.toLowerCase() !== 'layer';

function selectorOf({ rule, atrule, own }: Around): string {
  if (own !== undefined) return own;
  const selector = rule === null ? '' : inLine(generate(rule.prelude), 120);
  if (!isNarrow(atrule) || atrule === null) return selector;
  const when = atrule.prelude === null ? '' : ` ${inLine(generate(atrule.prelude), 60)}`;
  return `@${inLine(atrule.name, 30)}${when} ${selector}`;
}

/** A rule for one class and nothing else; how many it was. */
function ofClass(rule: Rule, draft: Draft): number {
  if (rule.prelude.type !== 'SelectorList') return 0;
  const names = rule.prelude.children.toArray().flatMap((selector) => {
    const parts = selector.type === 'Selector' ? selector.children.toArray() : [];
    const [only] = parts;
    return parts.length === 1 && only?.type === 'ClassSelector' ? [only.name] : [];
  });
  const declared = rule.block.children
    .toArray()
    .flatMap((node) => (node.type === 'Declaration' ? [node.property.toLowerCase()] : []));
  draft.classes.push(...names.slice(0, 20).map((name) => ({ name, properties: declared.slice(0, 100) })));
  return names.length;
}

function addressOf({ prelude }: Atrule): string[] {
  const first = prelude?.type === 'AtrulePrelude' ? prelude.children.first : null;
  return first?.type === 'Url' || first?.type === 'String' ? [first.value] : [];
}
