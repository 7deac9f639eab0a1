const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~';
/** What encodeURIComponent, encodeURI and form encoders leave as it is (ECMA-262 §19.2.6, WHATWG URL). */
const KEPT_BY_URL_ENCODERS = [UNRESERVED, `${UNRESERVED}!*'()`, `${UNRESERVED}!*'();/?:@&=+$,#`];
const KEPT_BY_FORMS = UNRESERVED.replace('~', '*');
/** A line of a secret of several lines (a PEM key) is masked by itself when it is at least this long. */
const TELLING_LINE = 16;

/**
 * The texts in which a secret may come out: plain, JSON-escaped, URL-encoded, escaped for HTML, quoted for a shell, hex, and base64 of
 * these at each of the three alignments (the secret may lie anywhere in what was encoded; the characters that also hold
 * bits of its neighbours are left out). Line breaks in a form are not significant: matching skips them.
 */
export function secretForms(value: string): Set<string> {
  const texts = new Set([value, ...jsonForms(value), ...urlForms(value), ...htmlForms(value), shellForm(value)]);
  const forms = new Set(texts);
  for (const inner of new Set([value, jsonText(value), percent(value, UNRESERVED)])) {
    for (const form of base64Forms(Buffer.from(inner))) forms.add(form);
  }
  const hex = Buffer.from(value).toString('hex');
  forms.add(hex).add(hex.toUpperCase());
  for (const line of value.split(/[\r\n]+/)) if (line.trim().length >= TELLING_LINE) forms.add(line.trim());
  return forms;
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

const shellForm = (value: string): string => value.replaceAll("'", `'\\''`);

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

/** How many leading characters still hold bits of the bytes before the secret, by how many of these share its group. */
const SHARED_HEAD = [0, 2, 3];

function base64Forms(bytes: Buffer): string[] {
  return SHARED_HEAD.flatMap((head, before) => {
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    const text = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .slice(head, whole);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_'), percent(text, UNRESERVED)];
  });
}
