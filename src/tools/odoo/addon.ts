import type { Addon, Model } from './args.js';
import { modelFile } from './models.js';
import { accessId, fileName } from './names.js';
import { type Python, pyDict } from './python.js';
import { testFile, valuesFile } from './tests.js';
import { menuFile, viewFile } from './views.js';

/** The files of an addon for Odoo 19, by their paths in it. The same input gives the same files. */
export function addonFiles(addon: Addon): ReadonlyMap<string, string> {
  const files = addon.models.map(({ name }) => fileName(name));
  const imports = (names: readonly string[]) => names.map((name) => `from . import ${name}\n`).join('');
  return new Map([
    ['__init__.py', imports(['models'])],
    ['__manifest__.py', manifest(addon, files)],
    ['models/__init__.py', imports(files)],
    ...addon.models.map((model) => [`models/${fileName(model.name)}.py`, modelFile(model)] as const),
    ['security/ir.model.access.csv', accessFile(addon.models)],
    ...addon.models.map((model) => [`views/${fileName(model.name)}_views.xml`, viewFile(model)] as const),
    ['views/menus.xml', menuFile(addon)],
    ['tests/__init__.py', imports(files.map((file) => `test_${file}`))],
    ['tests/values.py', valuesFile(addon)],
    ...addon.models.map((model) => [`tests/test_${fileName(model.name)}.py`, testFile(model)] as const),
  ]);
}

function manifest(
  { title, summary, version, category, author, license, depends }: Addon,
  files: readonly string[],
): string {
  const members: (readonly [string, Python])[] = [
    ['name', title],
    ...(summary === '' ? [] : [['summary', summary] as const]),
    ['version', `19.0.${version}`],
    ['category', category],
    ['author', author],
    ['license', license],
    ['depends', [...new Set(['base', ...depends])]],
    ['data', ['security/ir.model.access.csv', ...files.map((file) => `views/${file}_views.xml`), 'views/menus.xml']],
    ['application', true],
  ];
  return `${pyDict(members)}\n`;
}

/** Everything in it is a name that was checked: no cell needs quotes. */
function accessFile(models: readonly Model[]): string {
  const rows = models.flatMap(({ name, access }) =>
    access.map(({ group, read, write, create, unlink }) => {
      const file = fileName(name);
      const id = accessId(name, group);
      return [id, id, `model_${file}`, group, ...[read, write, create, unlink].map((may) => (may ? '1' : '0'))].join(
        ',',
      );
    }),
  );
  return `${['id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink', ...rows].join('\n')}\n`;
}
