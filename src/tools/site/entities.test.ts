import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonType, entitiesOf, entityName, typeOfText } from './entities.js';
import { shapeOf } from './shapes.js';

test.each([
  ['orderLines', 'order_line'],
  ['Order lines', 'order_line'],
  ['categories', 'category'],
  ['boxes', 'box'],
  ['address', 'address'],
  ['News', 'news'],
  ['注文', '注文'],
  ['--', ''],
])('"%s" is of the entity %s', (text, name) => {
  expect(entityName(text)).toBe(name);
});

test.each([
  ['12', 'integer'],
  ['007', 'text'],
  ['1,299.50 €', 'number'],
  ['$ 12.00', 'number'],
  ['12 %', 'number'],
  ['2025-01-02', 'date'],
  ['2025-01-02T10:00:00Z', 'datetime'],
  ['ada@example.com', 'email'],
  ['https://example.com/x', 'url'],
  ['yes', 'boolean'],
  ['Chair', 'text'],
  ['–', undefined],
])('"%s" is %s', (text, type) => {
  expect(typeOfText(text)).toBe(type);
});

test('a column of several types is text, of whole and broken numbers a number', () => {
  expect(commonType(['integer', 'number', undefined])).toBe('number');
  expect(commonType(['date', 'number'])).toBe('text');
  expect(commonType([])).toBe('text');
});

test('what several places say of one thing is one entity', () => {
  const source = { url: 'http://a.example/', selector: 'form' };
  const [order, ...others] = entitiesOf([
    {
      name: 'order',
      kind: 'table',
      source,
      fields: [
        { name: 'total', type: 'text' },
        { name: 'of', type: 'text' },
      ],
    },
    {
      name: 'order',
      kind: 'form',
      source: { ...source, selector: 'table' },
      fields: [{ name: 'total', type: 'number', required: true }],
    },
    { name: 'order', kind: 'json-ld', source, fields: [{ name: 'of', type: 'reference', of: 'customer' }] },
  ]);
  expect(others).toEqual([]);
  expect(order?.fields).toEqual([
    { name: 'total', type: 'number', required: true, seenIn: ['table', 'form'] },
    { name: 'of', type: 'reference', of: 'customer', seenIn: ['table', 'json-ld'] },
  ]);
});

test('addresses that differ in a number have one shape', () => {
  expect(shapeOf('http://a.example/orders/17')).toEqual({ path: '/orders/{id}', entity: 'order' });
  expect(shapeOf('http://a.example/orders/17/lines?b=1&a=2')).toEqual({
    path: '/orders/{id}/lines?a&b',
    entity: undefined,
  });
  expect(shapeOf('http://a.example/2024/11/05').entity).toBeUndefined();
});

test('any address has a shape, any text a name', () => {
  fc.assert(fc.property(fc.webUrl({ withQueryParameters: true }), (url) => shapeOf(url).path.startsWith('/')));
  fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (text) => entityName(text).length <= 60));
});
