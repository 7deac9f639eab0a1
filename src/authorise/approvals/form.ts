import { canonicalJson } from '#ir/digest.js';
import type { JsonObject } from '#ir/json.js';

/** Beyond it a form is refused, as its canonical JSON has it. */
export const MOST_FORM_BYTES = 64 * 1024;

/** Whether a form is larger than one may be. */
export const isTooLarge = (form: JsonObject): boolean => Buffer.byteLength(canonicalJson(form)) > MOST_FORM_BYTES;

/** Members to which a form gives another value than those who agreed before: what they agreed to must stay. */
export function contradictions(before: JsonObject, form: JsonObject): string[] {
  return Object.keys(form).filter((name) => {
    const said = Object.hasOwn(before, name) ? before[name] : undefined;
    return said !== undefined && canonicalJson(said) !== canonicalJson(form[name] ?? null);
  });
}

/** What of a form a plan takes as inputs; the rest is kept with the approval alone. @param names undefined: a plan that takes any */
export function keptMembers(form: JsonObject, names: readonly string[] | undefined): JsonObject {
  return Object.fromEntries(Object.entries(form).filter(([name]) => names === undefined || names.includes(name)));
}
