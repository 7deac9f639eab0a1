/** An element of XML with its attributes and what stands in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly (Element | string)[];
}

/** @param name ours, never made of input; attributes and texts may be anything that XML 1.0 can hold */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Element | string)[]
): Element => ({ name, attributes, children });

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escaped = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);

/** A file of XML. */
export const xmlFile = (root: Element): string =>
  `<?xml version="1.0" encoding="utf-8"?>\n${lines(root, '').join('\n')}\n`;

function lines({ name, attributes, children }: Element, indent: string): string[] {
  const open = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(value)}"`)].join(' ');
  if (children.length === 0) return [`${indent}<${open}/>`];
  const [only] = children;
  if (children.length === 1 && typeof only === 'string') return [`${indent}<${open}>${escaped(only)}</${name}>`];
  const inside = children.flatMap((child) =>
    typeof child === 'string' ? [`${indent}    ${escaped(child)}`] : lines(child, `${indent}    `),
  );
  return [`${indent}<${open}>`, ...inside, `${indent}</${name}>`];
}
