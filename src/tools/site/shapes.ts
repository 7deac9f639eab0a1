import { entityName } from './entities.js';

/** An address with the part that numbers things left open. */
export interface Shape {
  /** `/orders/{id}/lines`; with the names of a query's parameters, without their values. */
  readonly path: string;
  /** What is numbered: `/orders/17` is an order. Undefined where nothing is, or something below it. */
  readonly entity: string | undefined;
}

const NUMBERED = /^(?:\d{1,20}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{24})$/i;

/** What an address has in common with others of its kind. */
export function shapeOf(address: string): Shape {
  const { pathname, searchParams } = new URL(address);
  const steps = pathname.split('/').filter((step) => step !== '');
  const open = steps.map((step) => (NUMBERED.test(step) ? '{id}' : step));
  const names = [...new Set(searchParams.keys())].toSorted();
  const before = steps.at(-2);
  const isNumbered = open.at(-1) === '{id}' && open.at(-2) !== '{id}' && before !== undefined;
  return {
    path: `/${open.join('/')}${names.length === 0 ? '' : `?${names.join('&')}`}`,
    entity: isNumbered ? entityName(safeDecoded(before)) || undefined : undefined,
  };
}

function safeDecoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
