import type { Addon, Field, Model } from './args.js';
import { className } from './names.js';
import { type Python, py, pyDict, pyText } from './python.js';

/** A value for each type that can be compared after it was stored; others are given only where they are needed. */
const SAMPLES: Readonly<Partial<Record<Field['type'], Python>>> = {
  char: 'A text',
  text: 'A longer text',
  integer: 7,
  float: 1.5,
  monetary: 3,
  boolean: true,
};
const NEEDED: Readonly<Partial<Record<Field['type'], Python>>> = {
  html: '<p>A text</p>',
  date: '2026-01-02',
  datetime: '2026-01-02 03:04:05',
  binary: 'QQ==',
};

const isCompared = ({ type }: Field) => SAMPLES[type] !== undefined || type === 'selection';

function sampleOf(field: Field, own: ReadonlySet<string>): Python | undefined {
  const { type, required, options, comodel = '' } = field;
  if (type === 'selection') return options?.[0]?.value;
  if (type === 'many2one' && required) return { code: `${own.has(comodel) ? 'new' : 'some'}(env, ${pyText(comodel)})` };
  return SAMPLES[type] ?? (required ? NEEDED[type] : undefined);
}

/** What the tests of an addon share: values for a record of each model. */
export function valuesFile({ models }: Addon): string {
  const own = new Set(models.map(({ name }) => name));
  const all = models.map(({ name, fields }): [string, Python] => {
    const values = fields.flatMap((field): [string, Python][] => {
      const value = sampleOf(field, own);
      return value === undefined ? [] : [[field.name, value]];
    });
    return [name, { code: `lambda env: ${pyDict(values, '    ')}` }];
  });
  return `from unittest import SkipTest

VALUES = ${pyDict(all)}


def new(env, model):
    return env[model].create(VALUES[model](env)).id


def some(env, model):
    found = env[model].search([], limit=1)
    if not found:
        raise SkipTest('there is no record of ' + model)
    return found.id
`;
}

/** The tests of a model: a record can be stored, its views can be drawn, its access is what was asked for. */
export function testFile({ name, fields, access }: Model): string {
  const compared = fields.filter(isCompared).map((field) => field.name);
  const kinds = ['list', 'form', 'search'];
  const allowed = access.map(({ group, read, write, create, unlink }) => {
    const operations = Object.entries({ read, write, create, unlink }).map(
      ([operation, may]) => `(${pyText(operation)}, ${py(may)})`,
    );
    return `(${pyText(group)}, [${operations.join(', ')}])`;
  });
  return `from odoo.tests import TransactionCase, new_test_user, tagged

from .values import VALUES


@tagged('post_install', '-at_install')
class Test${className(name)}(TransactionCase):
    def test_a_record_is_stored(self):
        values = VALUES[${pyText(name)}](self.env)
        record = self.env[${pyText(name)}].create(values)
        self.env.invalidate_all()
        for field in ${py(compared)}:
            self.assertEqual(record[field], values[field], field)

    def test_its_views_are_drawn(self):
        for kind in ${py(kinds)}:
            self.assertIn('arch', self.env[${pyText(name)}].get_view(view_type=kind), kind)

    def test_its_access_is_what_was_asked_for(self):
        for at, (group, operations) in enumerate([${allowed.join(', ')}]):
            user = new_test_user(self.env, login='opsroom-%s' % at, groups=group)
            records = self.env[${pyText(name)}].with_user(user)
            for operation, allowed in operations:
                self.assertEqual(records.has_access(operation), allowed, (group, operation))
`;
}
