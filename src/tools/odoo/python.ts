/** A value of Python, written out. */
export type Python = string | number | boolean | readonly Python[] | { readonly code: string };

/** A text as a literal of Python, in ASCII: whatever it holds, it stays within its quotes. */
export function pyText(text: string): string {
  const inside = Array.from(text, (sign) => {
    const point = sign.codePointAt(0) ?? 0;
    if (sign === '\\' || sign === "'") return `\\${sign}`;
    if (point >= 0x20 && point < 0x7f) return sign;
    return point > 0xffff ? `\\U${hex(point, 8)}` : `\\u${hex(point, 4)}`;
  });
  return `'${inside.join('')}'`;
}

const hex = (point: number, digits: number) => point.toString(16).padStart(digits, '0');

/** A value as Python writes it; `code` is ours and never made of input. */
export function py(value: Python): string {
  if (typeof value === 'string') return pyText(value);
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if ('code' in value) return value.code;
  return `[${value.map(py).join(', ')}]`;
}

/** A dictionary over several lines. */
export function pyDict(members: readonly (readonly [string, Python])[], indent = ''): string {
  return `{\n${members.map(([name, value]) => `${indent}    ${pyText(name)}: ${py(value)},\n`).join('')}${indent}}`;
}
