import type { CssNode, Value } from 'css-tree';
import { type Colour, colourKey, functionColour, hexColour, wordColour } from './colour.js';

/** What a token is of. */
export type Group =
  | 'color'
  | 'fontSize'
  | 'fontFamily'
  | 'fontWeight'
  | 'lineHeight'
  | 'spacing'
  | 'radius'
  | 'dimension';

/** The value of a token in the forms of the Design Tokens Format Module (2025.10), or the custom property that it stands for. */
export type TokenValue =
  | { readonly type: 'color'; readonly value: Colour }
  | { readonly type: 'dimension'; readonly value: { readonly value: number; readonly unit: 'px' | 'rem' } }
  | { readonly type: 'fontFamily'; readonly value: readonly string[] }
  | { readonly type: 'fontWeight' | 'number'; readonly value: number }
  | { readonly type: 'alias'; readonly of: string };

/** The same for values that look the same. */
export function valueKey(value: TokenValue): string {
  if (value.type === 'alias') return `alias ${value.of}`;
  if (value.type === 'color') return `color ${colourKey(value.value)}`;
  if (value.type === 'dimension') return `dimension ${value.value.value}${value.value.unit}`;
  return `${value.type} ${String(value.value).toLowerCase()}`;
}

const SPACING =
  /^(?:margin|padding)(?:-(?:top|right|bottom|left|block|inline)(?:-(?:start|end))?)?$|^(?:row-|column-)?gap$/;
const RADIUS = /^border-(?:[a-z]+-){0,2}radius$/;

/** The group of the lengths and words of a property; colours are known by themselves. */
export function groupOf(property: string): Group | undefined {
  if (SPACING.test(property)) return 'spacing';
  if (RADIUS.test(property)) return 'radius';
  if (property === 'font-size') return 'fontSize';
  if (property === 'font-family') return 'fontFamily';
  if (property === 'font-weight') return 'fontWeight';
  return property === 'line-height' ? 'lineHeight' : undefined;
}

export interface Found {
  readonly group: Group;
  readonly value: TokenValue;
}

/** What a declaration says of a design. `references`: custom properties that it uses, and for what. */
export interface DeclarationValues {
  readonly found: readonly Found[];
  readonly references: readonly { readonly name: string; readonly group: Group | undefined }[];
}

/** Reads the value of a declaration; what no token can say (`auto`, `50%`, `calc(…)`, lengths below zero) is passed over. */
export function valuesOf(property: string, value: Value): DeclarationValues {
  if (property === 'font') return ofFont(value);
  const group = groupOf(property);
  const parts = partsOf(value);
  const references = parts.flatMap((part) => {
    const name = variableOf(part);
    return name === undefined ? [] : [{ name, group }];
  });
  const colours = coloursOf(value).map(
    (colour): Found => ({ group: 'color', value: { type: 'color', value: colour } }),
  );
  if (group === undefined) return { found: colours, references };
  if (group === 'fontFamily') return { found: family(parts), references };
  const found = parts.flatMap((part): Found[] => {
    const own = measureOf(part, group);
    return own === undefined ? [] : [{ group, value: own }];
  });
  return { found, references };
}

/** The value of a custom property, when a token can say it. */
export function variableValue(value: Value): TokenValue | undefined {
  const parts = partsOf(value);
  const [only] = parts;
  if (only === undefined) return undefined;
  const family = parts.some(({ type }) => type === 'Operator') ? familyOf(parts) : undefined;
  if (family !== undefined) return { type: 'fontFamily', value: family };
  if (parts.length > 1) return undefined;
  const of = variableOf(only);
  if (of !== undefined) return { type: 'alias', of };
  const colour = colourOf(only);
  if (colour !== undefined) return { type: 'color', value: colour };
  if (only.type === 'String') return { type: 'fontFamily', value: [only.value] };
  if (only.type === 'Number') return { type: 'number', value: Number(only.value) };
  return lengthOf(only);
}

/** Top-level parts without the spaces between them. */
const partsOf = (value: Value): CssNode[] => value.children.toArray().filter(({ type }) => type !== 'WhiteSpace');

function variableOf(node: CssNode): string | undefined {
  if (node.type !== 'Function' || node.name.toLowerCase() !== 'var') return undefined;
  const first = node.children.first;
  return first?.type === 'Identifier' && first.name.startsWith('--') ? first.name : undefined;
}

/** All colours of a value, those in gradients and shadows too. Without recursion: a stranger nests as deep as he likes. */
function coloursOf(value: Value): Colour[] {
  const open: CssNode[] = partsOf(value).toReversed();
  const found: Colour[] = [];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const colour = colourOf(node);
    if (colour !== undefined) found.push(colour);
    else if (node.type === 'Function' && node.name.toLowerCase() !== 'var')
      open.push(...node.children.toArray().toReversed());
  }
  return found;
}

function colourOf(node: CssNode): Colour | undefined {
  if (node.type === 'Hash') return hexColour(node.value);
  if (node.type === 'Identifier') return wordColour(node.name);
  if (node.type !== 'Function') return undefined;
  const parts = node.children.toArray().filter(({ type }) => type !== 'Operator' && type !== 'WhiteSpace');
  const components = parts.flatMap((part) => {
    if (part.type === 'Number') return [{ value: Number(part.value), unit: '' }];
    if (part.type === 'Percentage') return [{ value: Number(part.value), unit: '%' }];
    return part.type === 'Dimension' ? [{ value: Number(part.value), unit: part.unit.toLowerCase() }] : [];
  });
  return components.length === parts.length ? functionColour(node.name.toLowerCase(), components) : undefined;
}

function lengthOf(node: CssNode): TokenValue | undefined {
  if (node.type !== 'Dimension') return undefined;
  const unit = node.unit.toLowerCase();
  const value = Number(node.value);
  if ((unit !== 'px' && unit !== 'rem') || !(value > 0 && value < 1e6)) return undefined;
  return { type: 'dimension', value: { value, unit } };
}

const WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['normal', 400],
  ['bold', 700],
]);

function measureOf(node: CssNode, group: Group): TokenValue | undefined {
  if (group === 'fontWeight') {
    const weight =
      node.type === 'Identifier'
        ? WEIGHTS.get(node.name.toLowerCase())
        : Number(node.type === 'Number' ? node.value : NaN);
    return weight !== undefined && weight >= 1 && weight <= 1000 ? { type: 'fontWeight', value: weight } : undefined;
  }
  if (group === 'lineHeight' && node.type === 'Number') {
    const value = Number(node.value);
    return value > 0 && value < 100 ? { type: 'number', value } : undefined;
  }
  return lengthOf(node);
}

/** Words that stand for another place's family. */
const ELSEWHERE: ReadonlySet<string> = new Set(['inherit', 'initial', 'unset', 'revert', 'revert-layer']);

function familyOf(parts: readonly CssNode[]): string[] | undefined {
  const names: string[] = [''];
  for (const part of parts) {
    if (part.type === 'Operator' && part.value === ',') names.push('');
    else if (part.type === 'String') names[names.length - 1] = part.value;
    else if (part.type === 'Identifier') names[names.length - 1] = `${names.at(-1) ?? ''} ${part.name}`.trim();
    else return undefined;
  }
  const isNamed = names.every((name) => name !== '' && name.length <= 100);
  return isNamed && names.length <= 20 && !ELSEWHERE.has(names[0]?.toLowerCase() ?? '') ? names : undefined;
}

function family(parts: readonly CssNode[]): Found[] {
  const names = familyOf(parts);
  return names === undefined ? [] : [{ group: 'fontFamily', value: { type: 'fontFamily', value: names } }];
}

/** `font: 700 1.5rem/1.2 Inter, sans-serif`: its first length is the size, what follows is the family. */
function ofFont(value: Value): DeclarationValues {
  const parts = partsOf(value);
  const at = parts.findIndex(({ type }) => type === 'Dimension');
  const size = at < 0 ? undefined : parts[at];
  if (size === undefined) return { found: [], references: [] };
  const isSpaced = parts[at + 1]?.type === 'Operator';
  const height = isSpaced ? parts[at + 2] : undefined;
  const before = parts.slice(0, at);
  const measured = [
    ...before.map((node) => ({ group: 'fontWeight' as const, value: measureOf(node, 'fontWeight') })),
    { group: 'fontSize' as const, value: measureOf(size, 'fontSize') },
    { group: 'lineHeight' as const, value: height === undefined ? undefined : measureOf(height, 'lineHeight') },
  ];
  const found = measured.flatMap(({ group, value: own }): Found[] =>
    own === undefined ? [] : [{ group, value: own }],
  );
  return { found: [...found, ...family(parts.slice(at + (isSpaced ? 3 : 1)))], references: [] };
}
