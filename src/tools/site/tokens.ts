import type { JsonObject, JsonValue } from '#ir/json.js';
import type { Place, SheetFindings, Variable } from './sheet.js';
import { type Group, type TokenValue, valueKey } from './values.js';

/** What a stylesheet said, and where it lies. */
export interface SeenSheet {
  readonly url: string;
  readonly findings: SheetFindings;
}

export interface Token {
  readonly group: Group;
  /** Unique in its group. */
  readonly name: string;
  readonly value: TokenValue;
  /** A custom property of the site, or a value that at least two of its rules say. */
  readonly basis: 'custom property' | 'repeated value';
  /** The custom property; undefined of a repeated value. */
  readonly property?: string;
  /** Declarations that use it. */
  readonly uses: number;
  readonly sources: readonly (Place & { readonly url: string })[];
  /** Values that it has elsewhere: in a theme, at another width. */
  readonly elsewhere: readonly { readonly selector: string; readonly value: TokenValue }[];
}

type Seen<T> = T & { readonly url: string };

const MOST_TOKENS = 1000;
const MOST_SOURCES = 5;

/** The design tokens of a site: its custom properties, and the values that it repeats without giving them a name. */
export function tokensOf(sheets: readonly SeenSheet[]): Token[] {
  const variables = new Variables(sheets);
  const named = variables.tokens();
  const known = new Set(named.map(({ group, value }) => `${group} ${valueKey(value)}`));
  const repeated = repeatedValues(sheets).filter(({ group, value }) => !known.has(`${group} ${valueKey(value)}`));
  return withNames([...named, ...repeated].slice(0, MOST_TOKENS));
}

type Unnamed = Omit<Token, 'name'>;

/** The custom properties of a site. */
class Variables {
  readonly #said = new Map<string, Seen<Variable>[]>();
  readonly #groups = new Map<string, Map<Group, number>>();
  readonly #uses = new Map<string, number>();

  constructor(sheets: readonly SeenSheet[]) {
    for (const { url, findings } of sheets) {
      for (const variable of findings.variables) addTo(this.#said, variable.name, { ...variable, url });
      for (const { name, group } of findings.references) {
        this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
        if (group === undefined) continue;
        const groups = this.#groups.get(name) ?? new Map<Group, number>();
        this.#groups.set(name, groups.set(group, (groups.get(group) ?? 0) + 1));
      }
    }
  }

  /** One for each that holds for the whole page; what only parts of it know is a matter of those parts. */
  tokens(): Unnamed[] {
    return [...this.#said].flatMap(([property, said]): Unnamed[] => {
      const own = said.findLast(({ isRoot }) => isRoot);
      const value = own === undefined ? undefined : this.#end(own.value);
      if (own === undefined || value === undefined) return [];
      const others = said.filter((one) => one !== own && valueKey(one.value) !== valueKey(own.value));
      return [
        {
          group: this.#groupOf(property, value),
          value: own.value,
          basis: 'custom property',
          property,
          uses: this.#uses.get(property) ?? 0,
          sources: said
            .filter(({ isRoot }) => isRoot)
            .slice(-MOST_SOURCES)
            .map(placeOf),
          elsewhere: others.slice(0, MOST_SOURCES).map((one) => ({ selector: one.selector, value: one.value })),
        },
      ];
    });
  }

  /** What an alias leads to; undefined where it leads nowhere, or in a circle. */
  #end(value: TokenValue): TokenValue | undefined {
    const seen = new Set<string>();
    let at: TokenValue | undefined = value;
    while (at?.type === 'alias' && !seen.has(at.of)) {
      seen.add(at.of);
      at = this.#said.get(at.of)?.findLast(({ isRoot }) => isRoot)?.value;
    }
    return at?.type === 'alias' ? undefined : at;
  }

  /** What it is used for says more than what it is called. */
  #groupOf(name: string, value: TokenValue): Group {
    if (value.type === 'color') return 'color';
    if (value.type === 'fontFamily' || value.type === 'fontWeight') return value.type;
    const used = [...(this.#groups.get(name) ?? [])].toSorted(([, a], [, b]) => b - a)[0]?.[0];
    if (used !== undefined) return used;
    const hint = HINTS.find(([, words]) => words.test(name))?.[0];
    return hint ?? (value.type === 'number' ? 'lineHeight' : 'dimension');
  }
}

const HINTS: readonly (readonly [Group, RegExp])[] = [
  ['radius', /radius|rounded|corner/i],
  ['lineHeight', /line-?height|leading/i],
  ['fontWeight', /weight/i],
  ['fontSize', /font-?size|text-size|^--(?:text|fs)-/i],
  ['spacing', /spac|gap|gutter|padding|margin/i],
];

const placeOf = ({ url, selector, property }: Seen<Place>) => ({ url, selector, property });

function addTo<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** Values that at least two rules say; once alone it may be chance. */
function repeatedValues(sheets: readonly SeenSheet[]): Unnamed[] {
  const seen = new Map<string, Seen<SheetFindings['used'][number]>[]>();
  for (const { url, findings } of sheets)
    for (const one of findings.used) addTo(seen, `${one.group} ${valueKey(one.value)}`, { ...one, url });
  return [...seen.values()].flatMap((uses): Unnamed[] => {
    const [first] = uses;
    const rules = new Set(uses.map(({ url, selector }) => `${url} ${selector}`));
    if (first === undefined || rules.size < 2) return [];
    const { group, value } = first;
    return [
      {
        group,
        value,
        basis: 'repeated value',
        uses: uses.length,
        sources: uses.slice(0, MOST_SOURCES).map(placeOf),
        elsewhere: [],
      },
    ];
  });
}

const PREFIXES: Readonly<Partial<Record<Group, RegExp>>> = {
  color: /^(?:colou?r|clr)-/,
  spacing: /^(?:spac(?:e|ing)|sp)-/,
  radius: /^(?:border-)?(?:radius|rounded)-/,
  fontSize: /^(?:font-size|text|fs)-/,
  fontFamily: /^font(?:-family)?-/,
  fontWeight: /^(?:font-)?weight-/,
  lineHeight: /^(?:line-height|leading)-/,
};

/** Names as the format allows them: without `{`, `}`, `.` and a leading `$`. */
function withNames(tokens: readonly Unnamed[]): Token[] {
  const taken = new Set<string>();
  return tokens.map((token) => {
    const plain = clean(token.property?.slice(2) ?? spoken(token.value));
    const short = plain.replace(PREFIXES[token.group] ?? /^$/, '');
    const tries = [short, plain, ...Array.from({ length: MOST_TOKENS }, (_, at) => `${plain}-${at + 2}`)];
    const name = tries.find((one) => one !== '' && !taken.has(`${token.group} ${one}`)) ?? plain;
    taken.add(`${token.group} ${name}`);
    return { ...token, name };
  });
}

const clean = (name: string) => name.replaceAll(/[{}.]/g, '-').replace(/^\$+/, '');

function spoken(value: TokenValue): string {
  if (value.type === 'color') {
    const { hex, alpha, colorSpace, components } = value.value;
    const base = hex === undefined ? `${colorSpace}-${components.join('-')}` : hex.slice(1);
    return alpha === 1 ? base : `${base}-${Math.round(alpha * 100)}`;
  }
  if (value.type === 'dimension') return `${value.value.value}${value.value.unit}`;
  if (value.type === 'fontFamily') return value.value[0] ?? '';
  return value.type === 'alias' ? value.of.slice(2) : String(value.value);
}

const PATHS: Readonly<Record<Group, readonly [string, ...string[]]>> = {
  color: ['color'],
  spacing: ['spacing'],
  radius: ['radius'],
  dimension: ['dimension'],
  fontFamily: ['font', 'family'],
  fontSize: ['font', 'size'],
  fontWeight: ['font', 'weight'],
  lineHeight: ['font', 'lineHeight'],
};

/** The tokens as a file of the Design Tokens Format Module (2025.10); where each comes from stands in its `$extensions`. */
export function tokenFile(tokens: readonly Token[], about: JsonObject): JsonObject {
  const names = new Map(
    tokens.flatMap((token) => (token.property === undefined ? [] : [[token.property, token] as const])),
  );
  const groups = new Map<string, [string, JsonValue][]>();
  for (const token of tokens) {
    const written = valueOf(token.value, names);
    if (written === undefined) continue;
    addTo(groups, PATHS[token.group].join('.'), [
      token.name,
      { ...written, $extensions: { opsroom: evidenceOf(token) } },
    ]);
  }
  const own = (path: string) => Object.fromEntries(groups.get(path) ?? []);
  const top = ['color', 'spacing', 'radius', 'dimension'].flatMap((path) =>
    groups.has(path) ? [[path, own(path)] as const] : [],
  );
  const fonts = ['family', 'size', 'weight', 'lineHeight'].flatMap((path) =>
    groups.has(`font.${path}`) ? [[path, own(`font.${path}`)] as const] : [],
  );
  return {
    $extensions: { opsroom: about },
    ...Object.fromEntries(top),
    ...(fonts.length === 0 ? {} : { font: Object.fromEntries(fonts) }),
  };
}

function valueOf(value: TokenValue, names: ReadonlyMap<string, Token>): JsonObject | undefined {
  if (value.type !== 'alias') return { $type: value.type, $value: value.value as unknown as JsonValue };
  const to = names.get(value.of);
  return to === undefined ? undefined : { $value: `{${[...PATHS[to.group], to.name].join('.')}}` };
}

function evidenceOf({ basis, property, uses, sources, elsewhere }: Token): JsonObject {
  return {
    basis,
    ...(property === undefined ? {} : { property }),
    uses,
    sources: sources as unknown as JsonValue,
    ...(elsewhere.length === 0
      ? {}
      : { elsewhere: elsewhere.map(({ selector, value }) => ({ selector, value: spoken(value) })) }),
  };
}
