import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { namedTemplate, parseTemplate, UnclosedExpression } from './template.js';

const expression = (source: string, offset: number) => ({ type: 'expression', source, offset });
const text = (text: string) => ({ type: 'text', text });

test.each([
  ['plain', [text('plain')]],
  ['', []],
  ['{{ a }}', [expression(' a ', 2)]],
  ['x {{a}}{{b}} y', [text('x '), expression('a', 4), expression('b', 9), text(' y')]],
  ['{{ {"a": {"b": 1}} }}', [expression(' {"a": {"b": 1}} ', 2)]],
  ['{{{"a":1}}}', [expression('{"a":1}', 2)]],
  [`{{ "}}" + '}}' }}`, [expression(` "}}" + '}}' `, 2)]],
  ['{{ """a"}}""" }}', [expression(' """a"}}""" ', 2)]],
  [String.raw`{{ "\"}}" }}`, [expression(String.raw` "\"}}" `, 2)]],
  ['{{{{ x }} }}', [text('{{ x }} }}')]],
  ['}} {', [text('}} {')]],
])('%s', (source, parts) => {
  expect(parseTemplate(source)).toEqual(parts);
});

test.each(['{{', '{{ a }', 'x {{ "}}', '{{ {a }}'])('%s is never closed', (source) => {
  expect(() => parseTemplate(source)).toThrow(UnclosedExpression);
});

test('escaped text comes back as it was', () => {
  const braces = fc.string({ unit: fc.constantFrom('{', '}', 'a', '"', ' ') });
  fc.assert(
    fc.property(braces, (source) => {
      const escaped = source.replaceAll('{{', '{{{{');
      // A brace before an escape would be taken for its beginning.
      fc.pre(!source.includes('{{{'));
      const parts = parseTemplate(escaped);
      expect(parts.map((part) => (part.type === 'text' ? part.text : '?')).join('')).toBe(source);
    }),
  );
});

test('for people, what is filled in later stands there by its name', () => {
  expect(namedTemplate('Deploy {{ inputs.ref }} to {{inputs.environment}}')).toBe('Deploy ‹ref› to ‹environment›');
  expect(namedTemplate('Run {{ inputs.n + 1 }} {{{{ so }}')).toBe('Run ‹n + 1› {{ so }}');
});

test('for people, what is no template stands as it is', () => {
  expect(namedTemplate('Mend {{ in the docs')).toBe('Mend {{ in the docs');
});
