import type { Addon, Field, Model } from './args.js';
import { fieldsOf } from './models.js';
import { fileName } from './names.js';
import { type Element, element, xmlFile } from './xml.js';

/** They need more room than a line of a list. */
const LONG: ReadonlySet<Field['type']> = new Set(['text', 'html', 'binary', 'one2many', 'many2many']);
const isHidden = ({ name, type }: Field) => name === 'currency_id' && type === 'many2one';

/** The views of a model, and what opens them. */
export function viewFile(model: Model): string {
  const file = fileName(model.name);
  return xmlFile(
    element(
      'odoo',
      {},
      view(model, 'list', listView(model)),
      view(model, 'form', formView(model)),
      view(model, 'search', searchView(model)),
      record(`action_${file}`, 'ir.actions.act_window', {
        name: model.title,
        res_model: model.name,
        view_mode: 'list,form',
      }),
    ),
  );
}

const record = (id: string, model: string, fields: Readonly<Record<string, string>>, ...more: Element[]): Element =>
  element(
    'record',
    { id, model },
    ...Object.entries(fields).map(([name, value]) => element('field', { name }, value)),
    ...more,
  );

const view = (model: Model, kind: string, arch: Element): Element =>
  record(
    `view_${fileName(model.name)}_${kind}`,
    'ir.ui.view',
    { name: `${model.name}.${kind}`, model: model.name },
    element('field', { name: 'arch', type: 'xml' }, arch),
  );

const field = ({ name }: Field, more: Readonly<Record<string, string>> = {}): Element =>
  element('field', { name, ...more });

function listView(model: Model): Element {
  const shown = fieldsOf(model).filter(({ type }) => !LONG.has(type));
  const columns = shown.map((one) => field(one, isHidden(one) ? { column_invisible: 'True' } : {}));
  return element('list', {}, ...(columns.length > 0 ? columns : [element('field', { name: 'display_name' })]));
}

function formView(model: Model): Element {
  const fields = fieldsOf(model);
  const short = fields
    .filter(({ type }) => !LONG.has(type))
    .map((one) => field(one, isHidden(one) ? { invisible: 'True' } : {}));
  const pages = fields
    .filter(({ type }) => LONG.has(type))
    .map((one) => element('page', { string: one.label, name: `page_${one.name}` }, field(one)));
  return element(
    'form',
    {},
    element(
      'sheet',
      {},
      ...(short.length > 0 ? [element('group', {}, ...short)] : []),
      ...(pages.length > 0 ? [element('notebook', {}, ...pages)] : []),
    ),
  );
}

const SEARCHED: ReadonlySet<Field['type']> = new Set(['char', 'text', 'many2one', 'selection']);
const GROUPED: ReadonlySet<Field['type']> = new Set(['many2one', 'selection', 'boolean', 'date', 'datetime']);

/** In Odoo 19 the group of a search view has no attributes. */
function searchView({ fields }: Model): Element {
  const searched = fields.filter(({ type }) => SEARCHED.has(type)).map((one) => field(one));
  const filters = fields
    .filter(({ type }) => type === 'boolean')
    .map(({ name, label }) =>
      element('filter', { name: `is_${name}`, string: label, domain: `[('${name}', '=', True)]` }),
    );
  const groups = fields
    .filter(({ type }) => GROUPED.has(type))
    .map(({ name, label }) =>
      element('filter', { name: `by_${name}`, string: label, context: `{'group_by': '${name}'}` }),
    );
  return element(
    'search',
    {},
    ...searched,
    ...filters,
    ...(groups.length > 0 ? [element('group', {}, ...groups)] : []),
  );
}

/** One menu for the addon, with an entry for each model. */
export function menuFile({ name, title, models }: Addon): string {
  const root = `menu_${name}`;
  const entries = models.map((model, at) =>
    element('menuitem', {
      id: `menu_${name}_${fileName(model.name)}`,
      name: model.title,
      parent: root,
      action: `action_${fileName(model.name)}`,
      sequence: String((at + 1) * 10),
    }),
  );
  return xmlFile(element('odoo', {}, element('menuitem', { id: root, name: title, sequence: '100' }), ...entries));
}
