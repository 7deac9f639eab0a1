import { z } from 'zod';
import { accessId, fileName, isAddonName, isFieldName } from './names.js';

/** Of one line; XML 1.0 has no form for control characters. */
const line = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029\ufffe\uffff]+$/u, 'text of one line');
const addonName = z.string().regex(/^[a-z][a-z0-9_]{0,59}$/, 'lower-case letters, digits and "_"');
const modelName = z
  .string()
  .max(50)
  .regex(/^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)+$/, 'as library.book');

export const FIELD_TYPES = [
  'char',
  'text',
  'html',
  'integer',
  'float',
  'monetary',
  'boolean',
  'date',
  'datetime',
  'binary',
  'selection',
  'many2one',
  'one2many',
  'many2many',
] as const;

const fieldSchema = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,49}$/, 'lower-case letters, digits and "_"')
    .refine(isFieldName, 'means something else in Odoo or in Python'),
  type: z.enum(FIELD_TYPES),
  label: line,
  help: line.optional(),
  required: z.boolean().default(false),
  /** Of a selection. */
  options: z
    .array(
      z.strictObject({
        value: z.string().regex(/^[a-z0-9_]{1,50}$/, 'lower-case letters, digits and "_"'),
        label: line,
      }),
    )
    .min(1)
    .max(100)
    .optional(),
  /** The model that a relation leads to. */
  comodel: modelName.optional(),
  /** Of a one2many: the many2one that leads back. */
  inverse: z.string().max(50).optional(),
});
export type Field = z.output<typeof fieldSchema>;

const accessSchema = z.strictObject({
  group: z
    .string()
    .max(100)
    .regex(/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/, 'as base.group_user'),
  read: z.boolean().default(true),
  write: z.boolean().default(false),
  create: z.boolean().default(false),
  unlink: z.boolean().default(false),
});
export type Access = z.output<typeof accessSchema>;

const EVERYBODY: Access = { group: 'base.group_user', read: true, write: true, create: true, unlink: true };

const modelSchema = z.strictObject({
  name: modelName.refine((name) => !/^(?:ir|res|base|bus|web)\./.test(name), 'would change a model of Odoo itself'),
  title: line,
  fields: z.array(fieldSchema).min(1).max(100),
  /** Default: whoever works in the company may do all. */
  access: z.array(accessSchema).min(1).max(20).default([EVERYBODY]),
});
export type Model = z.output<typeof modelSchema>;

/** Arguments of the odoo tool, after rendering. All of it is data: names are checked, texts are escaped where they are written. */
export const odooArgsSchema = z
  .strictObject({
    /** Of the workspace: the addon is made in it. */
    folder: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/, 'the name of a folder')
      .default('addons'),
    name: addonName.refine(isAddonName, 'means something else in Odoo or in Python'),
    title: line,
    summary: line.or(z.literal('')).default(''),
    author: line.default('Opsroom'),
    category: line.default('Uncategorized'),
    license: z.enum(['LGPL-3', 'AGPL-3', 'GPL-3', 'OPL-1', 'Other proprietary']).default('LGPL-3'),
    version: z
      .string()
      .regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, 'as 1.0.0')
      .default('1.0.0'),
    depends: z.array(addonName).max(50).default([]),
    models: z.array(modelSchema).min(1).max(30),
  })
  .superRefine(({ models }, context) => {
    for (const { path, message } of problemsOf(models))
      context.addIssue({ code: 'custom', path: ['models', ...path], message });
  });
export type Addon = Omit<z.output<typeof odooArgsSchema>, 'folder'>;

interface Problem {
  readonly path: (string | number)[];
  readonly message: string;
}

function problemsOf(models: readonly Model[]): Problem[] {
  const byName = new Map(models.map((model) => [model.name, model]));
  const files = models.map(({ name }) => fileName(name));
  const doubled = models.flatMap(({ name }, at): Problem[] =>
    files.indexOf(fileName(name)) < at ? [{ path: [at, 'name'], message: 'two models have one name' }] : [],
  );
  const circle = models.findIndex(({ name }) => needsItself(name, byName));
  const circles: Problem[] =
    circle < 0 ? [] : [{ path: [circle], message: 'its records need each other in a circle: none could be the first' }];
  return [
    ...doubled,
    ...circles,
    ...accessProblems(models),
    ...models.flatMap((model, at) =>
      fieldProblems(model, byName).map(({ path, message }) => ({ path: [at, ...path], message })),
    ),
  ];
}

/** Odoo would take the later of two rules with one id for a change of the first. */
function accessProblems(models: readonly Model[]): Problem[] {
  const rules = models.flatMap(({ name, access }, model) =>
    access.map(({ group }, place) => ({ id: accessId(name, group), file: fileName(name), group, model, place })),
  );
  const first = new Map(rules.toReversed().map((rule) => [rule.id, rule]));
  // A group, or a model, that is named twice is told elsewhere.
  return rules
    .filter(({ id, file, group }) => first.get(id)?.file !== file || first.get(id)?.group !== group)
    .map(({ id, model, place }) => ({
      path: [model, 'access', place, 'group'],
      message: `another rule has the id ${id}`,
    }));
}

function fieldProblems({ name, fields, access }: Model, byName: ReadonlyMap<string, Model>): Problem[] {
  const names = fields.map((field) => field.name);
  const groups = access.map(({ group }) => group);
  return [
    ...groups.flatMap((group, at): Problem[] =>
      groups.indexOf(group) < at ? [{ path: ['access', at, 'group'], message: 'it is named twice' }] : [],
    ),
    ...fields.flatMap((field, at) => {
      const says = (key: string, message: string): Problem => ({ path: ['fields', at, key], message });
      const values = field.options?.map(({ value }) => value) ?? [];
      const isRelation = field.type.includes('2');
      return [
        ...(names.indexOf(field.name) < at ? [says('name', 'two fields have one name')] : []),
        ...((field.type === 'selection') === (field.options === undefined)
          ? [says('options', 'a selection has options, and nothing else has')]
          : []),
        ...(new Set(values).size < values.length ? [says('options', 'two options have one value')] : []),
        ...(isRelation === (field.comodel === undefined)
          ? [says('comodel', 'a relation has a comodel, and nothing else has')]
          : []),
        ...(field.required && field.type.startsWith('one2')
          ? [says('required', 'a record begins without the others that point to it')]
          : []),
        ...(field.required && field.type === 'many2many' ? [says('required', 'Odoo does not hold it')] : []),
        ...(field.name === 'currency_id' && field.comodel !== 'res.currency'
          ? [says('name', 'Odoo takes it for the currency')]
          : []),
        ...inverseProblem(name, field, byName).map((message) => says('inverse', message)),
      ];
    }),
  ];
}

function inverseProblem(
  model: string,
  { type, comodel = '', inverse }: Field,
  byName: ReadonlyMap<string, Model>,
): string[] {
  if (type !== 'one2many') return inverse === undefined ? [] : ['only a one2many has an inverse'];
  const back = byName.get(comodel)?.fields.find(({ name }) => name === inverse);
  return back?.type === 'many2one' && back.comodel === model
    ? []
    : [`it names a many2one of ${comodel} in this addon that leads to ${model}`];
}

/** Whether a record could only be made when one like it existed already. */
function needsItself(start: string, byName: ReadonlyMap<string, Model>): boolean {
  const open = [start];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const needs =
      byName
        .get(name)
        ?.fields.flatMap(({ type, required, comodel }) =>
          type === 'many2one' && required && comodel !== undefined ? [comodel] : [],
        ) ?? [];
    if (needs.includes(start)) return true;
    for (const one of needs) if (!seen.has(one)) open.push(one);
    for (const one of needs) seen.add(one);
  }
  return false;
}
