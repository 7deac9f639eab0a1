const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~';
/** What encodeURIComponent, encodeURI and form encoders leave as it is (ECMA-262 §19.2.6, WHATWG URL). */
const KEPT_BY_URL_ENCODERS = [UNRESERVED, `${UNRESERVED}!*'()`, `${UNRESERVED}!*'();/?:@&=+$,#`];
const KEPT_BY_FORMS = UNRESERVED.replace('~', '*');
/** A line of a secret of several lines (a PEM key) is masked by itself when it is at least this long. */
const TELLING_LINE = 16;

/** A text in which a secret may come out. */
interface Form {
  readonly text: string;
  /** What right before it holds bits of the secret too: one of these, where there are any. */
  readonly leads: readonly string[];
  /** The same for what comes right after it. */
  readonly tails: readonly string[];
}

/**
 * The texts in which a secret may come out: plain, JSON-escaped, URL-encoded, escaped for HTML, quoted for a shell, hex, and base64 of
 * these at each of the three alignments: the secret may lie anywhere in what was encoded, and the characters that also hold bits of
 * its neighbours are masked with it. Line breaks in a form are not significant: matching skips them.
 */
export function secretForms(value: string): Form[] {
  const texts = new Set([value, ...jsonForms(value), ...urlForms(value), ...htmlForms(value), ...shellForms(value)]);
  const hex = Buffer.from(value).toString('hex');
  texts.add(hex).add(hex.toUpperCase());
  for (const line of value.split(/[\r\n]+/)) if (line.trim().length >= TELLING_LINE) texts.add(line.trim());
  const inner = new Set([value, jsonText(value), percent(value, UNRESERVED)]);
  const encoded = [...inner].flatMap((text) => base64Forms(Buffer.from(text)));
  return [...[...texts].map((text) => ({ text, leads: [], tails: [] })), ...encoded];
}

function jsonText(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

function escapeUnits(text: string, units: RegExp): string {
  return text.replace(units, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As JavaScript, Python (ASCII only), Go (`<`, `>` and `&` escaped) and PHP (`/` escaped) write it. */
function jsonForms(value: string): string[] {
  const json = jsonText(value);
  return [json, escapeUnits(json, /[^\0-\x7f]/g), escapeUnits(json, /[<>&]/g), json.replaceAll('/', '\\/')];
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** With and without what attributes need; the apostrophe has several spellings. */
function htmlForms(value: string): string[] {
  const text = value.replace(/[&<>]/g, (char) => HTML[char] ?? char);
  const attribute = value.replace(/[&<>"]/g, (char) => HTML[char] ?? char);
  return [text, attribute, ...['&#39;', '&#x27;', '&apos;'].map((quote) => attribute.replaceAll("'", quote))];
}

/**
 * Within single quotes, and within double quotes as `declare -p` writes the variables of a shell; what has several lines, as `set -x`
 * shows it, and Python's `repr`.
 */
function shellForms(value: string): string[] {
  const oneLine = value.replaceAll(/[\\\n\r\t]/g, (sign) => ESCAPED[sign] ?? sign);
  return [
    value.replaceAll("'", `'\\''`),
    value.replaceAll(/[\\$`"]/g, (sign) => `\\${sign}`),
    oneLine,
    oneLine.replaceAll("'", "\\'"),
  ];
}

const ESCAPED: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function percent(value: string, keep: string): string {
  let out = '';
  for (const byte of Buffer.from(value)) {
    const char = String.fromCharCode(byte);
    out += keep.includes(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

function urlForms(value: string): string[] {
  const forms = KEPT_BY_URL_ENCODERS.map((keep) => percent(value, keep));
  forms.push(percent(value, `${KEPT_BY_FORMS} `).replaceAll(' ', '+'));
  return forms.flatMap((form) => [form, form.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())]);
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** How base64 is written: as RFC 4648 §4 has it, as §5 does, and URL-encoded. */
const SPELLINGS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', ''),
  (text) => percent(text, UNRESERVED),
];

/** At each alignment: by how many bytes share a group with the secret before it. */
function base64Forms(bytes: Buffer): Form[] {
  return [0, 1, 2].flatMap((before) => {
    const { whole, head, tails } = sextets(bytes, before);
    return SPELLINGS.map((spell) => ({
      text: spell(whole),
      leads: spelled(head, spell),
      tails: spelled(tails, spell),
    }));
  });
}

const spelled = (texts: readonly string[], spell: (text: string) => string): string[] => [...new Set(texts.map(spell))];

/**
 * The base64 of bytes that so many others share a group with: the characters that hold bits of these bytes alone; what may stand
 * before them and after them that holds bits of the neighbours too, and the end of a text where there is none after.
 */
function sextets(bytes: Buffer, before: number): { whole: string; head: string[]; tails: string[] } {
  const text = Buffer.concat([Buffer.alloc(before), bytes])
    .toString('base64')
    .replaceAll('=', '');
  const after = (before + bytes.length) % 3;
  const from = before === 0 ? 0 : before + 1;
  const whole = text.slice(from, after === 0 ? undefined : -1);
  const head = before === 0 ? [] : variants(text[from - 1], 2 * before, 6 - 2 * before);
  if (after === 0) return { whole, head, tails: [] };
  const end = `${text.at(-1) ?? ''}${'='.repeat(3 - after)}`;
  return { whole, head, tails: [...variants(text.at(-1), 6 - 2 * after, 0), end] };
}

/** The characters that a character may be of which so many bits, from the lowest at `shift`, are a neighbour's; here these are 0. */
function variants(char: string | undefined, bits: number, shift: number): string[] {
  const known = BASE64.indexOf(char ?? '');
  return Array.from({ length: 2 ** bits }, (_, others) => BASE64[known | (others << shift)] ?? '');
}
