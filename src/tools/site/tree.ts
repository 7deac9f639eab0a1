/** An element of a page, as far as a survey looks at it. */
export interface Tag {
  /** In lower case. */
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly classes: readonly string[];
  readonly parent: Tag | undefined;
  readonly children: Tag[];
  /** Text that stands in it and in none of its children. */
  text: string;
}

/** An element and all below it, in the order of the page, without what `skip` says. */
export function* below(tag: Tag, skip: (tag: Tag) => boolean = () => false): Generator<Tag> {
  for (const child of tag.children) {
    if (skip(child)) continue;
    yield child;
    yield* below(child, skip);
  }
}

/** Spaces as one, at most so many characters. */
export const inLine = (text: string, most = 100): string => {
  const line = text
    .slice(0, most * 10)
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
};

/** What an element says with all below it. */
export function textOf(tag: Tag, most = 100): string {
  let text = tag.text;
  for (const one of below(tag)) {
    if (text.length > most * 10) break;
    text += ` ${one.text}`;
  }
  return inLine(text, most);
}

const PLAIN = /^[A-Za-z_][\w-]{0,60}$/;
const MOST_STEPS = 5;

/** A CSS selector that finds the element again on its page: from an id above it, or by its last steps. */
export function selectorOf(tag: Tag): string {
  const steps: string[] = [];
  for (let at: Tag | undefined = tag; at !== undefined && at.name !== '' && steps.length < MOST_STEPS; at = at.parent) {
    const id = at.attributes.get('id') ?? '';
    if (PLAIN.test(id)) {
      steps.unshift(`#${id}`);
      break;
    }
    steps.unshift(`${at.name}${classOf(at)}${placeOf(at)}`);
  }
  return steps.join(' > ');
}

function classOf({ classes: [first = ''] }: Tag): string {
  return PLAIN.test(first) ? `.${first}` : '';
}

function placeOf(tag: Tag): string {
  const alike = tag.parent?.children.filter(({ name }) => name === tag.name) ?? [];
  return alike.length < 2 ? '' : `:nth-of-type(${alike.indexOf(tag) + 1})`;
}
