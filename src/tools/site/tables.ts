import { commonType, type EntitySaid, entityName, type Field, typeOfText, wordsOf } from './entities.js';
import { addressOf, labelled } from './place.js';
import { shapeOf } from './shapes.js';
import { below, selectorOf, type Tag, textOf } from './tree.js';

const MOST_ROWS = 50;
const MOST_COLUMNS = 50;

/** The tables of a page that say what their columns are; those that only lay a page out do not. */
export function tablesOf(tags: readonly Tag[], { url, base }: { url: string; base: string }): EntitySaid[] {
  return tags
    .filter(({ name }) => name === 'table')
    .slice(0, 100)
    .flatMap((table): EntitySaid[] => {
      const rows = rowsOf(table);
      const heads = (rows[0] ?? []).slice(0, MOST_COLUMNS);
      const body = rows.slice(1).filter((cells) => cells.length === heads.length);
      const isTable = heads.length >= 2 && heads.every(({ name }) => name === 'th') && body.length > 0;
      const name = isTable ? nameOf(table, tags) : '';
      if (name === '') return [];
      const fields = heads.flatMap((head, at) =>
        column(
          head,
          body.map((cells) => cells[at]),
          base,
        ),
      );
      return [{ name, kind: 'table', fields: unique(fields), source: { url, selector: selectorOf(table) } }];
    });
}

const isNested = (tag: Tag) => tag.name === 'table';

function rowsOf(table: Tag): Tag[][] {
  const rows = [...below(table, isNested)].filter(({ name }) => name === 'tr').slice(0, MOST_ROWS + 1);
  return rows.map(({ children }) => children.filter(({ name }) => name === 'th' || name === 'td'));
}

/** By its caption or what it is called, else by the heading before it. */
function nameOf(table: Tag, tags: readonly Tag[]): string {
  const caption = table.children.find(({ name }) => name === 'caption');
  const said = [
    caption === undefined ? '' : textOf(caption),
    table.attributes.get('aria-label') ?? '',
    table.attributes.get('id') ?? '',
  ];
  const before = tags.slice(0, tags.indexOf(table)).findLast(({ name }) => /^h[1-6]$/.test(name));
  return [...said, before === undefined ? '' : textOf(before)].map(entityName).find((name) => name !== '') ?? '';
}

function column(head: Tag, cells: readonly (Tag | undefined)[], base: string): Field[] {
  const label = textOf(head);
  const name = wordsOf(label);
  if (name === '') return [];
  const filled = cells.filter((cell) => cell !== undefined);
  const to = filled.map((cell) => referenceOf(cell, base));
  const [first] = to;
  // A name that leads to the row's own page, and to nothing else, is the row itself.
  if (first !== undefined && to.every((one) => one === first))
    return [{ name, ...labelled(label), type: 'reference', of: first }];
  return [{ name, ...labelled(label), type: commonType(filled.map((cell) => typeOfText(textOf(cell)))) }];
}

/** The entity that a cell links to by its number. */
function referenceOf(cell: Tag, base: string): string | undefined {
  const link = [...below(cell)].find(({ name }) => name === 'a');
  const address = addressOf(link?.attributes.get('href'), base);
  return address === undefined ? undefined : shapeOf(address).entity;
}

const unique = (fields: readonly Field[]): Field[] => [...new Map(fields.map((field) => [field.name, field])).values()];
