import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { colourKey, functionColour, hexColour, wordColour } from './colour.js';

const of = (...values: (number | string)[]) =>
  values.map((value) => {
    const [, number = '', unit = ''] = /^([-\d.]+)(.*)$/.exec(String(value)) ?? [];
    return { value: Number(number), unit };
  });

test('one colour has one key, however it is written', () => {
  const ways = [
    hexColour('fff'),
    hexColour('FFFFFFFF'),
    wordColour('White'),
    functionColour('rgb', of(255, 255, 255)),
    functionColour('hsl', of('0deg', '0%', '100%')),
  ];
  expect(new Set(ways.map((colour) => colour && colourKey(colour)))).toEqual(new Set(['#ffffff/1']));
  expect(functionColour('rgba', of('100%', '0%', '0%', '50%'))).toMatchObject({ hex: '#ff0000', alpha: 0.5 });
  expect(functionColour('hsl', of('-0.25turn', '100%', '50%'))?.hex).toBe('#8000ff');
  expect(functionColour('oklch', of('62.8%', 0.25, '29.2deg'))).toEqual({
    colorSpace: 'oklch',
    components: [0.628, 0.25, 29.2],
    alpha: 1,
  });
});

test('what is no colour of a design is none', () => {
  expect(['transparent', 'currentcolor', 'inherit', 'constructor', '__proto__'].map(wordColour)).toEqual(
    Array(5).fill(undefined),
  );
  expect(['ff', 'fffff', 'ggg', ''].map(hexColour)).toEqual(Array(4).fill(undefined));
  expect(functionColour('rgb', of(1, 2))).toBeUndefined();
  expect(functionColour('constructor', of(1, 2, 3))).toBeUndefined();
});

test('components of sRGB are within it, whatever is given', () => {
  const number = fc.double({ noDefaultInfinity: true, noNaN: true });
  fc.assert(
    fc.property(fc.constantFrom('rgb', 'hsl'), fc.array(number, { minLength: 3, maxLength: 4 }), (name, given) => {
      const colour = functionColour(
        name,
        given.map((value) => ({ value, unit: '' })),
      );
      expect(colour?.hex).toMatch(/^#[0-9a-f]{6}$/);
      expect(colour?.components.every((one) => one >= 0 && one <= 1)).toBe(true);
    }),
  );
});
