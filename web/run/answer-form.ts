import type { JsonObject, JsonValue } from '#ir/json.js';
import { answerFault, fieldValue, type Question, type QuestionField } from '#ir/question.js';

/** What stands in the fields, by their names: text as it was typed, and several choices. */
export type Filled = Readonly<Record<string, string | readonly string[]>>;

/** The form as it is shown first. A server's suggestions stand in it, for whoever answers to see. */
export function presets({ fields }: Pick<Question, 'fields'>): Filled {
  return Object.fromEntries(fields.map((field) => [field.name, presetOf(field)]));
}

function presetOf({ kind, preset }: QuestionField): string | string[] {
  if (kind === 'choices') return Array.isArray(preset) ? preset.map(String) : [];
  return typeof preset === 'string' || typeof preset === 'number' || typeof preset === 'boolean' ? String(preset) : '';
}

/** What is sent: fields that were left empty are left out. */
export function contentOf({ fields }: Pick<Question, 'fields'>, filled: Filled): JsonObject {
  const given = fields.flatMap((field): [string, JsonValue][] => {
    const value = filled[field.name] ?? '';
    if (value.length === 0) return [];
    return [[field.name, typeof value === 'string' ? fieldValue(field, value) : [...value]]];
  });
  return Object.fromEntries(given);
}

/** Why it cannot be sent yet. */
export const formFault = (question: Pick<Question, 'fields'>, filled: Filled): string | undefined =>
  answerFault(question, { action: 'accept', content: contentOf(question, filled) });
