import { createHash } from 'node:crypto';
import type { Field, Model } from './args.js';
import { className, fileName } from './names.js';
import { type Python, py, pyText } from './python.js';

const CLASSES: Readonly<Record<Field['type'], string>> = {
  char: 'Char',
  text: 'Text',
  html: 'Html',
  integer: 'Integer',
  float: 'Float',
  monetary: 'Monetary',
  boolean: 'Boolean',
  date: 'Date',
  datetime: 'Datetime',
  binary: 'Binary',
  selection: 'Selection',
  many2one: 'Many2one',
  one2many: 'One2many',
  many2many: 'Many2many',
};

/** A field in which amounts of money are told belongs to each amount. */
const CURRENCY: Field = {
  name: 'currency_id',
  type: 'many2one',
  label: 'Currency',
  required: false,
  comodel: 'res.currency',
};

/** The fields of a model, with the currency that its amounts need. */
export function fieldsOf({ fields }: Model): readonly Field[] {
  const needs = fields.some(({ type }) => type === 'monetary') && !fields.some(({ name }) => name === CURRENCY.name);
  return needs ? [...fields, CURRENCY] : fields;
}

/** The file of a model. */
export function modelFile(model: Model): string {
  const named = model.fields.find(({ name }) => name === 'name') ?? model.fields.find(({ type }) => type === 'char');
  return [
    'from odoo import fields, models',
    '',
    '',
    `class ${className(model.name)}(models.Model):`,
    `    _name = ${pyText(model.name)}`,
    `    _description = ${pyText(model.title)}`,
    ...(named === undefined || named.name === 'name' ? [] : [`    _rec_name = ${pyText(named.name)}`]),
    '',
    ...fieldsOf(model).map(
      (field) => `    ${field.name} = fields.${CLASSES[field.type]}(${argumentsOf(field, model)})`,
    ),
    '',
  ].join('\n');
}

function argumentsOf(field: Field, model: Model): string {
  const { name, type, label, help, required, options, comodel, inverse } = field;
  const given: (readonly [string, Python | undefined])[] = [
    ['comodel_name', comodel],
    ['inverse_name', inverse],
    ['relation', type === 'many2many' ? relationOf(model.name, name) : undefined],
    [
      'selection',
      options === undefined
        ? undefined
        : { code: `[${options.map((one) => `(${pyText(one.value)}, ${pyText(one.label)})`).join(', ')}]` },
    ],
    ['string', label],
    ['help', help],
    ['required', required ? true : undefined],
    ['ondelete', type === 'many2one' && required ? 'restrict' : undefined],
    ['default', field === CURRENCY ? { code: 'lambda self: self.env.company.currency_id' } : undefined],
  ];
  return given.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${py(value)}`])).join(', ');
}

/** PostgreSQL cuts names at 63 bytes, where two could become one. */
function relationOf(model: string, field: string): string {
  const whole = `${fileName(model)}_${field}_rel`;
  return whole.length <= 60
    ? whole
    : `${whole.slice(0, 46)}_${createHash('sha256').update(whole).digest('hex').slice(0, 8)}_rel`;
}
