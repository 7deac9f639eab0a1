import type { Survey } from './survey.js';
import type { Token } from './tokens.js';
import { inLine } from './tree.js';
import type { TokenValue } from './values.js';

/** A stranger's words in Markdown: as text, in one line. */
const said = (text: string, most = 120): string =>
  inLine(text, most).replaceAll(/[\\`*_{}[\]<>()#+!|~&$]/g, (sign) => `\\${sign}`);

const code = (text: string): string => `\`${inLine(text, 120).replaceAll(/[`|]/g, ' ')}\``;

const rows = (head: readonly string[], lines: readonly (readonly string[])[]): string[] =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);

/** What a survey found, for people. */
export function report(survey: Survey): string {
  const { start, run, crawled, tokens, components, entities } = survey;
  const { pages, skipped, unfinished } = crawled;
  const parts = [
    [`# Survey of ${said(start)}`],
    [
      `Run ${code(run)}: ${pages.length} pages, ${crawled.sheets.length} stylesheets, ${crawled.bytes} bytes. Nothing of the site was executed.`,
    ],
    unfinished.map((why) => `- There may be more: ${said(why)}`),
    ['## Pages'],
    rows(
      ['page', 'title', 'linked from'],
      pages.map(({ url, findings, from }) => [said(url, 200), said(findings.title), said(from ?? '–', 200)]),
    ),
    ['## Design tokens'],
    rows(['token', 'value', 'basis', 'uses', 'from'], tokens.map(tokenRow)),
    ['## Components'],
    ...components.map(({ name, kind, selector, count, pages: on, variants, props, contains }) => [
      `### ${said(name)}`,
      '',
      `${kind === 'layout' ? 'A part of the layout' : 'A component'}: ${code(selector)}, ${count} times on ${on} pages.`,
      ...(variants.length === 0 ? [] : [`Variants: ${variants.map(code).join(', ')}.`]),
      ...(contains.length === 0 ? [] : [`Holds: ${contains.map(code).join(', ')}.`]),
      '',
      ...rows(
        ['prop', 'type', 'always'],
        props.map((prop) => [said(prop.name), prop.type, prop.required ? 'yes' : 'no']),
      ),
    ]),
    ['## Entities'],
    ...entities.map(({ name, fields, operations, sources }) => [
      `### ${said(name)}`,
      '',
      ...(operations.length === 0
        ? []
        : [`Operations: ${operations.map(({ method, path }) => code(`${method} ${path}`)).join(', ')}.`, '']),
      ...rows(
        ['field', 'type', 'required', 'seen in'],
        fields.map(({ name: field, type, of, required, seenIn }) => [
          said(field),
          of === undefined ? type : `${type} of ${said(of)}`,
          required === true ? 'yes' : '',
          seenIn.join(', '),
        ]),
      ),
      '',
      ...sources.map(({ url, selector, kind }) => `- ${kind}: ${said(url, 200)} ${code(selector)}`),
    ]),
    ...(skipped.length === 0
      ? []
      : [['## Left out', '', ...skipped.map(({ url, why }) => `- ${said(url, 200)}: ${said(why)}`)]]),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function tokenRow({ group, name, value, basis, uses, sources: [first] }: Token): string[] {
  const from = first === undefined ? '' : `${said(first.url, 200)} ${code(first.selector)}`;
  return [said(`${group} ${name}`), code(words(value)), basis, String(uses), from];
}

function words(value: TokenValue): string {
  if (value.type === 'alias') return value.of;
  if (value.type === 'dimension') return `${value.value.value}${value.value.unit}`;
  if (value.type !== 'color') return String(value.value);
  const { hex, alpha, colorSpace, components } = value.value;
  return `${hex ?? `${colorSpace} ${components.join(' ')}`}${alpha === 1 ? '' : ` ${Math.round(alpha * 100)} %`}`;
}
