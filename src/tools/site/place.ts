import { inLine } from './tree.js';

/** A place of a site: a page, and what of it. */
export interface Source {
  readonly url: string;
  readonly selector: string;
}

/** An address that a page names, absolute and without its fragment; undefined for what is not of http. */
export function addressOf(href: string | undefined, base: string): string | undefined {
  if (href === undefined || href.length > 2000 || !URL.canParse(href, base)) return undefined;
  const url = new URL(href, base);
  url.hash = '';
  return url.protocol === 'http:' || url.protocol === 'https:' ? url.href : undefined;
}

/** What a page calls something: its label, as one line. */
export const labelled = (text: string | undefined): { label?: string } => {
  const label = inLine(text ?? '', 80);
  return label === '' ? {} : { label };
};
