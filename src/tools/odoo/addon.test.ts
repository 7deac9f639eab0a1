import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { HOSTILE, libraryAddon } from '../../../test/fixtures/library-addon.js';
import { missing } from '../../../test/harness/parts.js';
import { verifies } from '../../../test/harness/requirements.js';
import { addonFiles } from './addon.js';
import { odooArgsSchema } from './args.js';
import { pyText } from './python.js';

/** Python's own eyes: what a file is made of, once its texts are left out, and the texts. */
const LOOK = `
import ast, csv, io, json, sys, xml.etree.ElementTree as tree
def python(text):
    parsed = ast.parse(text)
    texts = [n.value for n in ast.walk(parsed) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    for n in ast.walk(parsed):
        if isinstance(n, ast.Constant) and isinstance(n.value, str): n.value = ''
    compile(text, 'x', 'exec')
    return [ast.dump(parsed), texts]
def xml(text):
    nodes = list(tree.fromstring(text.encode()).iter())
    return [[[n.tag, sorted(n.attrib)] for n in nodes], [v for n in nodes for v in [*n.attrib.values(), *([n.text] if n.text and n.text.strip() else [])]]]
looks = {'py': python, 'xml': xml, 'csv': lambda text: [list(csv.reader(io.StringIO(text))), []]}
print(json.dumps([{name: looks[name.rsplit('.', 1)[1]](text) for name, text in files.items()} for files in json.load(sys.stdin)]))
`;
type Looked = Record<string, [shape: unknown, texts: string[]]>;
const look = (addons: readonly ReadonlyMap<string, string>[]): Looked[] => {
  const input = JSON.stringify(addons.map((files) => Object.fromEntries(files)));
  return JSON.parse(execFileSync('python3', ['-c', LOOK], { input, encoding: 'utf8', maxBuffer: 1 << 28 })) as Looked[];
};
const rendered = (addon: JsonObject) => {
  const { folder: _, ...args } = odooArgsSchema.parse(addon);
  return addonFiles(args);
};
const shapes = (looked: Looked | undefined) =>
  Object.fromEntries(Object.entries(looked ?? {}).map(([name, [shape]]) => [name, shape]));
const withText = (text: string) =>
  JSON.parse(
    // By a function: a dollar sign in the text stands for itself.
    JSON.stringify(libraryAddon('library')).replaceAll(JSON.stringify(HOSTILE), () => JSON.stringify(text)),
  ) as JsonObject;

describe.skipIf(missing('python3', 'Python reads what was written for it'))('an addon as Python reads it', () => {
  test(verifies('SKILL-02', 'odoo-addon: every file is what its ending says, and texts stay texts'), () => {
    const [found] = look([rendered(libraryAddon('library'))]);
    expect(Object.keys(found ?? {})).toEqual([
      '__init__.py',
      '__manifest__.py',
      'models/__init__.py',
      'models/library_author.py',
      'models/library_book.py',
      'security/ir.model.access.csv',
      'views/library_author_views.xml',
      'views/library_book_views.xml',
      'views/menus.xml',
      'tests/__init__.py',
      'tests/values.py',
      'tests/test_library_author.py',
      'tests/test_library_book.py',
    ]);
    for (const file of ['__manifest__.py', 'models/library_book.py', 'views/library_book_views.xml', 'views/menus.xml'])
      expect(found?.[file]?.[1], file).toContain(HOSTILE);
    expect(found?.['security/ir.model.access.csv']?.[0]).toContainEqual([
      'access_library_book_base_group_user',
      'access_library_book_base_group_user',
      'model_library_book',
      'base.group_user',
      '1',
      '0',
      '0',
      '0',
    ]);
  });

  test('no text changes what a file is made of', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 100 })
      .filter((one) => odooArgsSchema.shape.title.safeParse(one).success);
    const [plain, ...others] = look(
      ['plain', HOSTILE, "$' $& $$", ...fc.sample(text, 100)].map((one) => rendered(withText(one))),
    );
    for (const other of others) expect(shapes(other)).toEqual(shapes(plain));
  });

  test('a literal is the text that it was made of', () => {
    const texts = fc.sample(fc.string({ unit: 'binary' }), 200);
    const program = 'import ast, json, sys; print(json.dumps([ast.literal_eval(one) for one in json.load(sys.stdin)]))';
    const input = JSON.stringify(texts.map(pyText));
    expect(JSON.parse(execFileSync('python3', ['-c', program], { input, encoding: 'utf8' }))).toEqual(texts);
  });
});

const refusals = (
  change: (addon: { name: string; title: string; models: { name: string; fields: JsonObject[] }[] }) => void,
): string[] => {
  const addon = structuredClone(libraryAddon('library')) as unknown as Parameters<typeof change>[0];
  change(addon);
  return (
    odooArgsSchema.safeParse(addon).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []
  );
};
const book = { type: 'char', label: 'X' };

test.each([
  "x'); import os",
  'x"',
  '../x',
  'x\ny',
  'Name',
  '1x',
  'class',
  'write',
  'id',
  'fields',
  'x'.repeat(60),
  '__x',
  '',
])('the name "%s" is none for a field', (name) => {
  expect(refusals(({ models }) => models[1]?.fields.push({ ...book, name }))).not.toEqual([]);
});

test('what could not be installed is refused before it is written', () => {
  expect(refusals((addon) => void (addon.name = '../etc'))).toEqual([expect.stringContaining('name: ')]);
  expect(refusals((addon) => void (addon.title = 'a\nb'))).toEqual(['title: text of one line']);
  expect(refusals((addon) => void (addon.title = 'a\u0000b'))).toEqual(['title: text of one line']);
  expect(refusals(({ models: [model] }) => void (model && (model.name = 'res.partner')))[0]).toContain(
    'would change a model of Odoo itself',
  );
  expect(refusals(({ models: [, model] }) => void (model && (model.name = 'library_author.x')))).toEqual([
    'models.0.fields.1.inverse: it names a many2one of library.book in this addon that leads to library.author',
  ]);
  expect(
    refusals(({ models }) =>
      models.push(
        { name: 'library_book.x', fields: [{ ...book, name: 'a' }], title: 'T' } as never,
        { name: 'library.book_x', fields: [{ ...book, name: 'a' }], title: 'T' } as never,
      ),
    ),
  ).toEqual(['models.3.name: two models have one name']);
  expect(refusals(({ models }) => models[1]?.fields.push({ ...book, name: 'title' }))).toEqual([
    'models.1.fields.14.name: two fields have one name',
  ]);
  expect(refusals(({ models }) => models[1]?.fields.push({ ...book, name: 's', type: 'selection' }))[0]).toContain(
    'a selection has options',
  );
  expect(refusals(({ models }) => models[1]?.fields.push({ ...book, name: 'm', type: 'many2one' }))[0]).toContain(
    'a relation has a comodel',
  );
  const back = { ...book, name: 'best_id', type: 'many2one', comodel: 'library.book', required: true };
  expect(refusals(({ models }) => models[0]?.fields.push(back))).toEqual([
    'models.0: its records need each other in a circle: none could be the first',
  ]);
});

test('rules whose ids run together are refused: Odoo would take one for a change of the other', () => {
  const model = (name: string, group: string) => ({
    name,
    title: 'T',
    fields: [{ ...book, name: 'a' }],
    access: [{ group }],
  });
  const given = (...models: ReturnType<typeof model>[]) =>
    refusals((addon) => addon.models.push(...(models as never[])));
  expect(given(model('shop.a_b', 'c.d'), model('shop.a', 'b_c.d'))).toEqual([
    'models.3.access.0.group: another rule has the id access_shop_a_b_c_d',
  ]);
  const twice = { ...model('shop.a', 'a.b_c'), access: [{ group: 'a.b_c' }, { group: 'a_b.c' }] };
  expect(given(twice)).toEqual(['models.2.access.1.group: another rule has the id access_shop_a_a_b_c']);
  expect(given(model('shop.a', 'b.c'), model('shop.b', 'b.c'))).toEqual([]);
});
