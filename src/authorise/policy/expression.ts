import { isDeepStrictEqual } from 'node:util';

/** Whether `part` stands anywhere in an expression of Cedar's JSON form. */
export function mentions(expression: unknown, part: Readonly<Record<string, unknown>>): boolean {
  if (typeof expression !== 'object' || expression === null) return false;
  if (isDeepStrictEqual(expression, part)) return true;
  return Object.values(expression).some((member) => mentions(member, part));
}

/** The texts that an attribute is compared with: by `==`, `like`, or in a set that is asked whether it contains it. */
export function comparedTexts(expression: unknown, attribute: string): string[] {
  if (typeof expression !== 'object' || expression === null) return [];
  const members = Object.values(expression);
  const others = members.filter((member) => !isAccess(member, attribute));
  const here = others.length < members.length ? others.flatMap(textsIn) : [];
  return [...here, ...others.flatMap((member) => comparedTexts(member, attribute))];
}

function isAccess(expression: unknown, attribute: string): boolean {
  const access = (expression as { readonly '.'?: { readonly attr?: unknown } } | null)?.['.'];
  return access?.attr === attribute;
}

/** Attributes are named by texts too, and those are none that anything is compared with. */
function textsIn(expression: unknown): string[] {
  if (typeof expression !== 'object' || expression === null) return [];
  return Object.entries(expression).flatMap(([name, member]) =>
    (name === 'Value' || name === 'Literal') && typeof member === 'string' ? [member] : textsIn(member),
  );
}
