import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { hostileSite } from '../fixtures/hostile-site.js';
import { type Asked, plantedSite } from '../fixtures/planted-site.js';
import { type HttpServer, startHttpServer } from '../harness/http-server.js';
import { verifies } from '../harness/requirements.js';
import { type SkillRoom, skillRoom, wordsOf } from '../harness/skill-room.js';
import { story } from '../harness/template-room.js';

const LIMIT = 90_000;
let at: SkillRoom;
beforeAll(async () => {
  at = await skillRoom({});
}, LIMIT);
afterAll(() => at?.close(), LIMIT);

interface Named {
  readonly name: string;
}
interface Field extends Named {
  readonly type: string;
  readonly of?: string;
}
interface Found {
  readonly pages: readonly { readonly url: string; readonly title: string }[];
  readonly skipped: readonly { readonly url: string; readonly why: string }[];
  readonly unfinished: readonly string[];
  readonly tokens: Record<string, Record<string, JsonObject>>;
  readonly components: readonly (JsonObject & Named & { readonly props: readonly (JsonObject & Field)[] })[];
  readonly entities: readonly (JsonObject & Named & { readonly fields: readonly (JsonObject & Field)[] })[];
}
const read = (file: string) => readFileSync(join(at.folder, file), 'utf8');
const surveyed = (folder: string) => JSON.parse(read(`${folder}/survey.json`)) as Found;

describe('a site with a design system in it', () => {
  let site: HttpServer;
  const asked: Asked = new Map();
  let found: Found;
  beforeAll(async () => {
    site = await startHttpServer(plantedSite(asked));
    const done = await at.use('reverse-engineer', { url: site.url, folder: 'shop' });
    expect(done.status, story(done)).toBe('succeeded');
    expect(wordsOf(done)).toMatchObject({ 'use-survey': 'proven' });
    expect(read('shop/survey.json')).toContain(done.runId);
    found = surveyed('shop');
  }, LIMIT);
  afterAll(() => site?.close());

  test(verifies('SKILL-02', 'reverse-engineer: the design tokens that were planted are found, and no others'), () => {
    const values = (tokens: JsonObject | undefined) =>
      Object.fromEntries(Object.entries(tokens ?? {}).map(([name, token]) => [name, (token as JsonObject)['$value']]));
    const { color, spacing, radius, font, dimension } = found.tokens;
    const hex = Object.entries(values(color)).map(([name, value]) => [name, (value as JsonObject)['hex'] ?? value]);
    expect(Object.fromEntries(hex)).toEqual({
      brand: '#0b5fff',
      ink: '#111827',
      accent: '#e92063',
      'button-bg': '{color.brand}',
      ffffff: '#ffffff',
      e11d48: '#e11d48',
    });
    const px = (value: number) => ({ value, unit: 'px' });
    expect(values(spacing)).toEqual({ 2: px(8), 4: { value: 1, unit: 'rem' }, '24px': px(24) });
    expect(values(radius)).toEqual({ card: px(12), '6px': px(6) });
    expect(dimension).toBeUndefined();
    expect(Object.fromEntries(Object.entries(font ?? {}).map(([name, tokens]) => [name, values(tokens)]))).toEqual({
      family: { body: ['Inter', 'sans-serif'] },
      size: { lg: { value: 1.25, unit: 'rem' }, '2rem': { value: 2, unit: 'rem' } },
      weight: { 700: 700 },
      lineHeight: { body: 1.6 },
    });
    expect(JSON.parse(read('shop/tokens.json'))).toEqual(found.tokens);
  });

  test('each token says where it comes from, and what it is in another theme', () => {
    expect(found.tokens['color']?.['ink']).toEqual({
      $type: 'color',
      $value: { colorSpace: 'srgb', components: [0.0667, 0.0941, 0.1529], alpha: 1, hex: '#111827' },
      $extensions: {
        opsroom: {
          basis: 'custom property',
          property: '--color-ink',
          uses: 1,
          sources: [{ url: `${site.url}/theme.css`, selector: ':root', property: '--color-ink' }],
          elsewhere: [{ selector: '@media (prefers-color-scheme:dark) :root', value: 'f9fafb' }],
        },
      },
    });
  });

  test(
    verifies('SKILL-02', 'reverse-engineer: components with their props and variants, and nothing that only looks so'),
    () => {
      const shown = found.components.map(({ name, kind, count, variants, props, contains }) => [
        name,
        { kind, count, variants, props: props.map((prop) => `${prop.name}: ${prop.type}`), contains },
      ]);
      expect(Object.fromEntries(shown)).toEqual({
        'site-header': { kind: 'layout', count: 7, variants: [], props: ['link: link', 'logo: link'], contains: [] },
        btn: {
          kind: 'component',
          count: 6,
          variants: ['ghost', 'primary'],
          props: ['text: text', 'href: link', 'type: text'],
          contains: [],
        },
        'product-card': {
          kind: 'component',
          count: 4,
          variants: ['featured'],
          props: ['image: image', 'title: link', 'price: group'],
          contains: ['price-tag', 'btn'],
        },
        'price-tag': {
          kind: 'component',
          count: 4,
          variants: [],
          props: ['amount: choice', 'currency: choice'],
          contains: [],
        },
        alert: { kind: 'component', count: 2, variants: [], props: ['text: text'], contains: [] },
        badge: { kind: 'component', count: 2, variants: [], props: ['text: text'], contains: [] },
      });
      expect(found.components.find(({ name }) => name === 'product-card')?.['sources']).toContainEqual({
        url: `${site.url}/products`,
        selector: 'html > body > main.wrap > article.product-card:nth-of-type(2)',
      });
    },
  );

  test(
    verifies(
      'SKILL-02',
      'reverse-engineer: entities of forms, tables, JSON and JSON-LD, with the types of their fields',
    ),
    () => {
      const shown = found.entities.map(({ name, fields, operations }) => [
        name,
        {
          fields: fields.map((field) =>
            [`${field.name}:`, field.type, ...(field.of === undefined ? [] : [field.of])].join(' '),
          ),
          operations,
        },
      ]);
      expect(Object.fromEntries(shown)).toEqual({
        customer: {
          fields: ['name: text', 'since: date', 'turnover: number', 'last_product: reference product'],
          operations: [],
        },
        invoice: { fields: ['number: text', 'total: number', 'paid_at: datetime'], operations: [] },
        offer: { fields: ['price: number', 'price_currency: text'], operations: [] },
        order: {
          fields: [
            'email: email',
            'quantity: integer',
            'shipping: choice',
            'gift: choice',
            'delivery_date: date',
            'note: text',
          ],
          operations: [{ method: 'POST', path: '/orders' }],
        },
        product: {
          fields: ['name: text', 'sku: text', 'offers: reference offer'],
          operations: [{ method: 'GET', path: '/products/{id}' }],
        },
      });
      const order = found.entities.find(({ name }) => name === 'order')?.fields;
      expect(order?.[0]).toMatchObject({ label: 'Your e-mail', required: true });
      expect(order?.[2]).toMatchObject({ options: ['post', 'courier'] });
    },
  );

  test('its pages, each with the way to it; what robots may not see, other sites and scripts are left alone', () => {
    const paths = ['/', '/products', '/customers', '/order', '/products/1', '/products/2', '/products/3'];
    expect(found.pages.map(({ url }) => new URL(url).pathname)).toEqual(paths);
    expect(found.skipped.map(({ url }) => url)).toEqual([
      `${site.url}/private/plans`,
      `${site.url}/away`,
      'https://elsewhere.example/fonts.css',
    ]);
    expect([...asked.keys()].filter((path) => /private|executed/.test(path))).toEqual([]);
    expect(asked.get('/site.css')).toBe(1);
  });
});

describe('a site that is out to do harm', () => {
  let site: HttpServer;
  beforeAll(async () => {
    site = await startHttpServer(hostileSite());
  });
  afterAll(() => site?.close());

  test(
    verifies(
      'SKILL-02',
      'reverse-engineer: endless links, bombs, slow answers and broken files cost what they are, and no more',
    ),
    async () => {
      const done = await at.use('reverse-engineer', { url: site.url, folder: 'trap', maxPages: 25, pageMs: 400 });
      expect(done.status, story(done)).toBe('succeeded');
      const { pages, skipped, unfinished, components } = surveyed('trap');
      expect(pages).toHaveLength(25);
      expect(unfinished).toContain('It has more than 25 pages.');
      const why = Object.fromEntries(skipped.map((one) => [new URL(one.url).pathname, one.why]));
      expect(why).toMatchObject({
        '/bomb': 'is larger than 1048576 bytes',
        '/huge.css': 'is larger than 1048576 bytes',
        '/slow': expect.stringContaining('cannot be read'),
        '/inside': expect.stringContaining('another site'),
        '/gone': 'answers 410',
        '/picture': 'is image/png',
      });
      expect(components).toEqual([]);
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
      expect(read('trap/report.md')).not.toMatch(/^# Gotcha|<img|\]\(javascript:/m);
    },
    LIMIT,
  );

  test(
    'an address of this machine is refused unless the target allows it, and so is a site that robots may not see',
    async () => {
      const inside = await at.use('reverse-engineer', { url: site.url, folder: 'no' }, { allowAddresses: [] });
      expect(inside.steps.find(({ id }) => id === 'use-survey')?.error?.message).toContain(
        'is refused: it is loopback',
      );
      const closed = await startHttpServer((_request, response) => void response.writeHead(503).end());
      const refused = await at.use('reverse-engineer', { url: closed.url, folder: 'no' });
      await closed.close();
      expect(refused.steps.find(({ id }) => id === 'use-survey')?.error?.message).toContain('not for robots');
    },
    LIMIT,
  );
});
