import { namedColour } from './named-colours.js';

/** A colour as the Design Tokens Format Module (2025.10) writes it. */
export interface Colour {
  readonly colorSpace: 'srgb' | 'oklch' | 'oklab' | 'lch' | 'lab';
  readonly components: readonly number[];
  readonly alpha: number;
  /** Of an sRGB colour, without its alpha. */
  readonly hex?: string;
}

/** One component of a colour function: its number, and its unit (`%`, `deg`) where it has one. */
export interface Component {
  readonly value: number;
  readonly unit: string;
}

const round = (value: number, places = 4) => Number(value.toFixed(places));
const clamp = (value: number, most: number) => Math.min(most, Math.max(0, value));

function srgb(bytes: readonly number[], alpha: number): Colour {
  const whole = bytes.map((byte) => Math.round(clamp(byte, 255)));
  return {
    colorSpace: 'srgb',
    components: whole.map((byte) => round(byte / 255)),
    alpha: round(clamp(alpha, 1), 3),
    hex: `#${whole.map((byte) => byte.toString(16).padStart(2, '0')).join('')}`,
  };
}

/** A colour from the digits of `#rgb`, `#rgba`, `#rrggbb` or `#rrggbbaa`, without the sign; undefined for any other text. */
export function hexColour(digits: string): Colour | undefined {
  if (!/^(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})$/i.test(digits)) return undefined;
  const long = digits.length <= 4 ? digits.replaceAll(/./g, '$&$&') : digits;
  const [red = 0, green = 0, blue = 0, alpha = 255] = (long.match(/../g) ?? []).map((byte) =>
    Number.parseInt(byte, 16),
  );
  return srgb([red, green, blue], alpha / 255);
}

/** A colour by its name; undefined for words that name none, and for `transparent` and `currentColor`, which are no colour of a design. */
export function wordColour(word: string): Colour | undefined {
  const hex = namedColour(word);
  return hex === undefined ? undefined : hexColour(hex.slice(1));
}

/** A colour that a function of CSS gives; undefined for functions and numbers of components that name none. */
export function functionColour(name: string, given: readonly Component[]): Colour | undefined {
  const [first, second, third, opacity] = given;
  if (first === undefined || second === undefined || third === undefined || given.length > 4) return undefined;
  const alpha = opacity === undefined ? 1 : part(opacity, 1);
  if (name === 'rgb' || name === 'rgba')
    return srgb(
      [first, second, third].map((one) => part(one, 255)),
      alpha,
    );
  if (name === 'hsl' || name === 'hsla') return srgb(ofHsl(angle(first), percent(second), percent(third)), alpha);
  const space = SPACES.get(name);
  if (space === undefined) return undefined;
  const components = [first, second, third].map((one, at) => {
    const full = space.full[at] ?? 1;
    return round(full === 'angle' ? angle(one) : part(one, full));
  });
  return { colorSpace: space.name, components, alpha: round(clamp(alpha, 1), 3) };
}

/** What 100 % is of each component. */
const SPACES: ReadonlyMap<string, { name: Colour['colorSpace']; full: readonly (number | 'angle')[] }> = new Map([
  ['oklch', { name: 'oklch', full: [1, 0.4, 'angle'] }],
  ['oklab', { name: 'oklab', full: [1, 0.4, 0.4] }],
  ['lch', { name: 'lch', full: [100, 150, 'angle'] }],
  ['lab', { name: 'lab', full: [100, 125, 125] }],
]);

const part = ({ value, unit }: Component, full: number) => (unit === '%' ? (value / 100) * full : value);
const percent = ({ value }: Component) => clamp(value / 100, 1);

const TURN: ReadonlyMap<string, number> = new Map([
  ['turn', 360],
  ['rad', 180 / Math.PI],
  ['grad', 0.9],
]);
const angle = ({ value, unit }: Component) => (((value * (TURN.get(unit) ?? 1)) % 360) + 360) % 360;

/** CSS Color Module Level 4 §7.1. */
function ofHsl(hue: number, saturation: number, lightness: number): number[] {
  const reach = saturation * Math.min(lightness, 1 - lightness);
  return [0, 8, 4].map((shift) => {
    const k = (shift + hue / 30) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  });
}

/** The same for each way in which a colour can be written. */
export const colourKey = ({ colorSpace, components, alpha, hex }: Colour): string =>
  `${hex ?? `${colorSpace} ${components.join(' ')}`}/${alpha}`;
