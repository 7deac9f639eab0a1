import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sheetFindings, styleFindings } from './sheet.js';
import { tokensOf } from './tokens.js';
import { valueKey } from './values.js';

const used = (css: string) => sheetFindings(css).used.map(({ group, value }) => `${group} ${valueKey(value)}`);

test('what declarations say', () => {
  expect(used('a{padding:4px 8px;gap:0;margin:-4px auto 50%;color:inherit}')).toEqual([
    'spacing dimension 4px',
    'spacing dimension 8px',
  ]);
  expect(used('a{font:italic 700 1.5rem/1.2 "A B", serif}')).toEqual([
    'fontWeight fontWeight 700',
    'fontSize dimension 1.5rem',
    'lineHeight number 1.2',
    'fontFamily fontFamily a b,serif',
  ]);
  expect(used('a{background:linear-gradient(#fff 0%, rgb(0 0 0 / 50%));border-top-left-radius:3px}')).toEqual([
    'color color #ffffff/1',
    'color color #000000/0.5',
    'radius dimension 3px',
  ]);
  expect(used('@media print{a{color:red}} @keyframes x{from{color:blue}}')).toEqual(['color color #ff0000/1']);
  expect(styleFindings('color:red;}b{color:blue', 'p').used[0]).toMatchObject({ selector: 'p', property: 'color' });
});

test('a value needs two rules to be a token; a custom property is one by itself', () => {
  const names = (css: string) =>
    tokensOf([{ url: 'http://a.example/a.css', findings: sheetFindings(css) }]).map(
      ({ group, name }) => `${group} ${name}`,
    );
  expect(names('a{color:red;background:red} b{color:blue} c{color:#00f}')).toEqual(['color 0000ff']);
  expect(names(':root{--a.b{}$:red; --x:var(--x); --y:var(--none); --space-1:4px} .z{--in:red}')).toEqual([
    'spacing 1',
  ]);
  expect(names(':root{--color-a:red;--clr-a:blue}')).toEqual(['color a', 'color clr-a']);
});

test('anything is a stylesheet', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (css) =>
      Array.isArray(tokensOf([{ url: 'http://a.example/', findings: sheetFindings(css) }])),
    ),
  );
});
