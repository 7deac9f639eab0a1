import type { JsonObject, JsonValue } from '#ir/json.js';
import { type Component, componentsOf } from './components.js';
import type { Crawled } from './crawl.js';
import { type Entity, type EntitySaid, entitiesOf } from './entities.js';
import { shapeOf } from './shapes.js';
import { type SeenSheet, type Token, tokenFile, tokensOf } from './tokens.js';

/** What a survey found out. */
export interface Survey {
  readonly run: string;
  readonly start: string;
  readonly crawled: Crawled;
  readonly tokens: readonly Token[];
  readonly components: readonly Component[];
  readonly entities: readonly Entity[];
}

/** Puts together what the pages of a site say. */
export function surveyOf(run: string, start: string, crawled: Crawled): Survey {
  const inPages = crawled.pages.flatMap(({ url, findings }) =>
    findings.styles.map((own): SeenSheet => ({ url, findings: own })),
  );
  const sheets = [...crawled.sheets, ...inPages];
  const said = [...crawled.pages.flatMap(({ findings }) => findings.entities), ...crawled.entities];
  return {
    run,
    start,
    crawled,
    tokens: tokensOf(sheets),
    components: componentsOf(
      crawled.pages.map(({ findings }) => findings.occurrences),
      boxedClasses(sheets),
    ),
    entities: entitiesOf([...said, ...numbered(crawled, said)]),
  };
}

const BOX = /^(?:padding|border|background|box-shadow|outline|inset-shadow)/;

/** Classes that make a box: at least two declarations, one of them of a box. */
function boxedClasses(sheets: readonly SeenSheet[]): Set<string> {
  const declared = new Map<string, Set<string>>();
  for (const { name, properties } of sheets.flatMap(({ findings }) => findings.classes))
    declared.set(name, new Set([...(declared.get(name) ?? []), ...properties].slice(0, 50)));
  const isBox = (properties: ReadonlySet<string>) =>
    properties.size >= 2 && [...properties].some((property) => BOX.test(property));
  return new Set([...declared].flatMap(([name, properties]) => (isBox(properties) ? [name] : [])));
}

/** Entities that addresses number: known otherwise, or numbered twice. */
function numbered({ pages }: Crawled, said: readonly EntitySaid[]): EntitySaid[] {
  const found = new Map<string, { paths: Set<string>; said: EntitySaid }>();
  for (const { url, findings } of pages) {
    for (const link of findings.links) {
      const { entity, path } = shapeOf(link);
      if (entity === undefined || new URL(link).origin !== new URL(url).origin) continue;
      const known = found.get(`${entity} ${path}`);
      const one: EntitySaid = {
        name: entity,
        kind: 'link',
        fields: [],
        source: { url, selector: `a[href^="${new URL(link).pathname.replace(/[^/]*$/, '')}"]` },
        operation: { method: 'GET', path },
      };
      if (known === undefined) found.set(`${entity} ${path}`, { paths: new Set([link]), said: one });
      else known.paths.add(link);
    }
  }
  const names = new Set(said.map(({ name }) => name));
  return [...found.values()].flatMap((one) => (names.has(one.said.name) || one.paths.size >= 2 ? [one.said] : []));
}

/** As it is written down: each finding with where it was found. */
export function surveyFile(survey: Survey): JsonObject {
  const { run, start, crawled, components, entities } = survey;
  const pages = crawled.pages.map(({ url, from, depth, findings }) => ({
    url,
    title: findings.title,
    depth,
    from: from ?? null,
    links: findings.links.length,
  }));
  return {
    version: 1,
    run,
    start,
    pages,
    skipped: crawled.skipped as unknown as JsonValue,
    elsewhere: [...crawled.elsewhere],
    bytes: crawled.bytes,
    unfinished: [...crawled.unfinished],
    tokens: tokensFile(survey),
    components: components as unknown as JsonValue,
    entities: entities as unknown as JsonValue,
  };
}

export const tokensFile = ({ tokens, start, run }: Survey): JsonObject => tokenFile(tokens, { site: start, run });
