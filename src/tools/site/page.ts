import type { EntitySaid } from './entities.js';
import { formsOf } from './forms.js';
import { jsonEntities, linkedData } from './json.js';
import { type Occurrence, occurrencesOf } from './occurrences.js';
import { treeOf } from './parse-page.js';
import { addressOf } from './place.js';
import { type SheetFindings, sheetFindings, styleFindings } from './sheet.js';
import { tablesOf } from './tables.js';
import { below, selectorOf, type Tag, textOf } from './tree.js';

/** What one page says. */
export interface PageFindings {
  readonly title: string;
  /** Absolute addresses of http and https, each once, without their fragments. */
  readonly links: readonly string[];
  /** Stylesheets that it loads. */
  readonly sheets: readonly string[];
  /** What it says of its look by itself. */
  readonly styles: readonly SheetFindings[];
  readonly entities: readonly EntitySaid[];
  readonly occurrences: readonly Occurrence[];
  /** It holds more than is looked at. */
  readonly cut: boolean;
}

const MOST_LINKS = 1000;
const MOST_STYLES = 500;

/** Reads a page; nothing of it is executed or fetched. */
export function pageFindings(html: string, url: string): PageFindings {
  const { root, cut } = treeOf(html);
  const tags = [...below(root)];
  const base = baseOf(tags, url);
  const entities = [...formsOf(tags, { url, base }), ...tablesOf(tags, { url, base }), ...linkedData(tags, url)];
  return {
    title: titleOf(tags),
    links: addresses(tags, base, ({ name }) => name === 'a' || name === 'area'),
    sheets: addresses(tags, base, isSheet).slice(0, 50),
    styles: stylesOf(tags),
    entities: entities.slice(0, 500),
    occurrences: occurrencesOf(root, url),
    cut,
  };
}

/** Reads a JSON document of a site. */
export const jsonFindings = (text: string, url: string): EntitySaid[] => jsonEntities(text, url);

function titleOf(tags: readonly Tag[]): string {
  const title = tags.find(({ name }) => name === 'title') ?? tags.find(({ name }) => name === 'h1');
  return title === undefined ? '' : textOf(title, 200);
}

function baseOf(tags: readonly Tag[], url: string): string {
  const href = tags.find(({ name }) => name === 'base')?.attributes.get('href');
  return href !== undefined && URL.canParse(href, url) ? new URL(href, url).href : url;
}

const isSheet = ({ name, attributes }: Tag) =>
  name === 'link' &&
  /(?:^|\s)stylesheet(?:\s|$)/i.test(attributes.get('rel') ?? '') &&
  !/(?:^|\s)alternate(?:\s|$)/i.test(attributes.get('rel') ?? '');

function addresses(tags: readonly Tag[], base: string, is: (tag: Tag) => boolean): string[] {
  const found = new Set<string>();
  for (const tag of tags) {
    if (!is(tag) || found.size >= MOST_LINKS) continue;
    const address = addressOf(tag.attributes.get('href')?.trim(), base);
    if (address !== undefined) found.add(address);
  }
  return [...found];
}

function stylesOf(tags: readonly Tag[]): SheetFindings[] {
  const blocks = tags.filter(({ name }) => name === 'style').map(({ text }) => sheetFindings(text));
  const own = tags.filter(({ attributes }) => attributes.has('style')).slice(0, MOST_STYLES);
  return [
    ...blocks,
    ...own.map((tag) => styleFindings((tag.attributes.get('style') ?? '').slice(0, 5000), selectorOf(tag))),
  ];
}
