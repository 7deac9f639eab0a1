import type { JsonObject } from '#ir/json.js';
import { type InputField, type Typed, typedFrom } from '../ui/input-form/inputs.js';
import type { ValueOrigin } from './draft.js';

/** What a form of inputs is filled with. */
export interface Filling {
  readonly fields: readonly InputField[];
  /** The plan's own values. */
  readonly own: JsonObject;
  /** What the reader has changed, and nothing else: it wins. */
  readonly changed: Typed;
  /** Of a draft: where its values came from. */
  readonly values?: readonly ValueOrigin[] | undefined;
}

/** The texts that the fields show: the plan's own values, over them what was changed. */
export function shownTexts({ fields, own, changed }: Filling): Typed {
  const kept = fields.flatMap(({ name }) => (changed[name] === undefined ? [] : [[name, changed[name]] as const]));
  return { ...typedFrom(fields, own), ...Object.fromEntries(kept) };
}

/** Of all the texts, those that differ from what the plan has: a plan that is edited below them keeps its own others. */
export function changesIn({ fields, own }: Filling, typed: Typed): Typed {
  const begun = typedFrom(fields, own);
  return Object.fromEntries(Object.entries(typed).filter(([name, text]) => text !== begun[name]));
}

const BY = { rule: 'by rule', model: 'by model', asked: 'from the plan', template: 'default' } as const;

/** Where the value of each field came from, as far as it has one. */
export function originTexts({ fields, own, changed, values = [] }: Filling): Typed {
  const begun = typedFrom(fields, own);
  const texts = fields.map((field) => [field.name, originText(field, begun[field.name] ?? '')] as const);
  return Object.fromEntries(texts.filter(([, text]) => text !== ''));

  function originText({ name, fallback, required }: InputField, before: string): string {
    const now = changed[name];
    if (now !== undefined && now !== before) return changedText(now, before, required);
    const value = own[name];
    const drafted = values.find((one) => one.name === name);
    if (value === undefined && fallback !== undefined) return 'default';
    if (value === undefined) return drafted?.from === 'asked' ? 'asked' : '';
    const isAsDrafted = drafted !== undefined && JSON.stringify(drafted.value) === JSON.stringify(value);
    return isAsDrafted ? BY[drafted.from] : 'from the plan';
  }
}

/** What may be left out falls back to what the plan has. */
function changedText(now: string, before: string, required: boolean): string {
  if (before === '') return 'by you';
  return now === '' && !required ? `empty: ${short(before)} counts` : `by you, not ${short(before)}`;
}

const MOST = 40;
const short = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST)}…` : text);

/** What a draft asks, by the input that is to be given; those that have a text are answered. */
export function questionTexts({ values = [] }: Filling, typed: Typed): Typed {
  const open = values.filter(({ name, question }) => question !== '' && (typed[name] ?? '') === '');
  return Object.fromEntries(open.map(({ name, question }) => [name, question]));
}
