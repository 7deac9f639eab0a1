import type { Question, QuestionField } from '#ir/question.js';
import { oneLine, table } from './format.js';
import type { Output } from './output.js';

/** What the tool of a step asks, and what its form wants. All of it is a stranger's words. */
export function printQuestion({ message, fields, url, warning }: Question, output: Output): void {
  const { colours } = output;
  output.print(`${colours.yellow('asks')}: ${oneLine(message)}`);
  if (warning !== null) output.print(`  ${colours.red('take care')}: ${oneLine(warning)}`);
  if (url !== null) output.print(`  ${oneLine(url)}`);
  if (fields.length === 0) return;
  const head = ['field', 'wants', 'says'].map((cell) => colours.dim(cell));
  const rows = fields.map((field) => [
    `${oneLine(field.name)}${field.required ? '' : colours.dim(' (optional)')}`,
    wants(field),
    oneLine(field.description === '' ? field.title : field.description),
  ]);
  output.print(table([head, ...rows]));
}

function wants({ kind, format, options, least, most }: QuestionField): string {
  const of = options.length > 0 ? ` of ${options.map(({ value }) => value).join(', ')}` : '';
  const bounds = least === null && most === null ? '' : ` (${least ?? ''}–${most ?? ''})`;
  return oneLine(`${format ?? WORDS[kind]}${of}${bounds}`);
}

const WORDS: Readonly<Record<QuestionField['kind'], string>> = {
  text: 'text',
  number: 'number',
  integer: 'whole number',
  boolean: 'true or false',
  choice: 'one',
  choices: 'some',
};
