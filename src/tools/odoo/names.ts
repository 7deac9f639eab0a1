/** Words of Python 3. */
const KEYWORDS =
  'and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield';
/** What every model of Odoo 19 has: a field of that name would take its place. */
const MEMBERS =
  'action_archive action_unarchive browse check_access check_access_rights check_access_rule check_field_access_rights concat copy copy_data copy_translations create default_get display_name ensure_one env exists export_data fetch fields_get filtered filtered_domain flush_model flush_recordset get_base_url get_external_id get_field_translations get_metadata get_property_definition grouped has_access id ids init invalidate_model invalidate_recordset is_transient load lock_for_update mapped modified name_create name_search new onchange read read_group search search_count search_fetch search_read sorted sudo toggle_active try_lock_for_update union unlink update update_field_translations with_company with_context with_env with_prefetch with_user write create_uid create_date write_uid write_date';
/** Of the file that declares fields: one of these names would hide it from the fields after it. */
const IMPORTED = 'fields models api';

const words = (text: string) => text.split(' ');
const FIELD_TAKEN: ReadonlySet<string> = new Set([...words(KEYWORDS), ...words(MEMBERS), ...words(IMPORTED)]);
const ADDON_TAKEN: ReadonlySet<string> = new Set([
  ...words(KEYWORDS),
  'base',
  'web',
  'odoo',
  'test',
  'tests',
  'addons',
]);

/** Whether a field may be called so. */
export const isFieldName = (name: string): boolean => !FIELD_TAKEN.has(name);
/** Whether an addon may be called so. */
export const isAddonName = (name: string): boolean => !ADDON_TAKEN.has(name);

/** `library.book` as part of a file's name and of the ids in it. */
export const fileName = (model: string): string => model.replaceAll('.', '_');
/** Of the rule that lets a group use a model. Names run together in it: two rules may get one id. */
export const accessId = (model: string, group: string): string =>
  `access_${fileName(model)}_${group.replace('.', '_')}`;
/** `library.book` as the name of a class. */
export const className = (model: string): string =>
  model
    .split(/[._]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
