import { type EntitySaid, entityName, type Field, type FieldType, wordsOf } from './entities.js';
import { addressOf, labelled } from './place.js';
import { below, inLine, selectorOf, type Tag, textOf } from './tree.js';

/** Types of inputs and what they hold; what is not listed is text. */
const TYPES: ReadonlyMap<string, FieldType> = new Map(
  Object.entries({
    number: 'number',
    range: 'number',
    checkbox: 'boolean',
    radio: 'choice',
    date: 'date',
    month: 'date',
    week: 'date',
    time: 'time',
    'datetime-local': 'datetime',
    email: 'email',
    url: 'url',
    tel: 'phone',
    password: 'password',
    color: 'colour',
    file: 'file',
  }),
);
/** They send a form, or ride along in it without anybody seeing them. */
const UNSEEN: ReadonlySet<string> = new Set(['submit', 'reset', 'button', 'image', 'hidden']);
const MOST_OPTIONS = 50;

/** The forms of a page: what they ask for, and where they send it. A form that asks for one thing only, as a search does, is no entity. */
export function formsOf(tags: readonly Tag[], { url, base }: { url: string; base: string }): EntitySaid[] {
  const labels = new Map(
    tags.flatMap((tag) => {
      const of = tag.name === 'label' ? tag.attributes.get('for') : undefined;
      return of === undefined ? [] : [[of, textOf(tag)] as const];
    }),
  );
  return tags
    .filter(({ name }) => name === 'form')
    .slice(0, 100)
    .flatMap((form): EntitySaid[] => {
      const fields = fieldsOf(form, labels);
      const target = addressOf(form.attributes.get('action')?.trim() ?? '', base);
      const path = target === undefined ? undefined : new URL(target).pathname;
      const name = nameOf(form, path);
      if (fields.length < 2 || name === '') return [];
      const method = (form.attributes.get('method') ?? 'get').toUpperCase() === 'POST' ? 'POST' : 'GET';
      const operation = path === undefined ? {} : { operation: { method, path } };
      return [{ name, kind: 'form', fields, source: { url, selector: selectorOf(form) }, ...operation }];
    });
}

/** Words that say what a form does and not of what it is. */
const DOES = /^(?:new|add|create|edit|update|save|delete|form)_|_(?:new|add|create|edit|update|save|form)$/g;

/** By what it is called, else by where it is sent: `/orders/new` is of an order. */
function nameOf(form: Tag, path: string | undefined): string {
  const said = ['data-entity', 'name', 'id', 'aria-label'].map((attribute) => form.attributes.get(attribute) ?? '');
  const steps = (path ?? '').split('/').filter((step) => /^\p{L}[\p{L}\d_-]*$/u.test(step));
  const named = [...said, ...steps.toReversed()].map((text) => entityName(wordsOf(text).replaceAll(DOES, '')));
  return (
    named.find((name) => name !== '' && !/^(?:new|add|create|edit|update|save|form|submit|post)$/.test(name)) ?? ''
  );
}

function fieldsOf(form: Tag, labels: ReadonlyMap<string, string>): Field[] {
  const fields = new Map<string, Field>();
  for (const control of below(form)) {
    const type = control.attributes.get('type')?.toLowerCase() ?? '';
    const isControl =
      control.name === 'select' || control.name === 'textarea' || (control.name === 'input' && !UNSEEN.has(type));
    const name = isControl ? wordsOf(control.attributes.get('name') ?? control.attributes.get('id') ?? '') : '';
    if (name === '' || fields.size >= 100) continue;
    fields.set(name, field(control, { name, type, label: labelOf(control, labels) }, fields.get(name)));
  }
  return [...fields.values()];
}

function field(
  control: Tag,
  { name, type, label }: { name: string; type: string; label: string },
  known: Field | undefined,
): Field {
  const choices =
    control.name === 'select'
      ? optionsOf(control)
      : type === 'radio'
        ? [inLine(control.attributes.get('value') ?? '')]
        : [];
  const options = [...new Set([...(known?.options ?? []), ...choices])]
    .filter((option) => option !== '')
    .slice(0, MOST_OPTIONS);
  const isRequired =
    known?.required === true ||
    control.attributes.has('required') ||
    control.attributes.get('aria-required') === 'true';
  const step = control.attributes.get('step');
  const number: FieldType = step !== undefined && /^\d+$/.test(step) ? 'integer' : 'number';
  const kind: FieldType = control.name === 'select' ? 'choice' : (TYPES.get(type) ?? 'text');
  return {
    name,
    type: kind === 'number' ? number : kind,
    ...labelled(known?.label ?? (type === 'radio' ? '' : label)),
    ...(isRequired ? { required: true } : {}),
    ...(options.length === 0 ? {} : { options }),
  };
}

function optionsOf(select: Tag): string[] {
  const options = [...below(select)].filter(({ name }) => name === 'option').slice(0, MOST_OPTIONS);
  return options.map((option) => inLine(option.attributes.get('value') ?? textOf(option)));
}

function labelOf(control: Tag, labels: ReadonlyMap<string, string>): string {
  const own = labels.get(control.attributes.get('id') ?? '') ?? control.attributes.get('aria-label');
  if (own !== undefined) return own;
  for (let at = control.parent; at !== undefined && at.name !== 'form'; at = at.parent)
    if (at.name === 'label') return inLine(at.text);
  return control.attributes.get('placeholder') ?? '';
}
