let waiting: readonly File[] = [];

/** Files that another page was given and that are documents: this one reads them when it is shown next. */
export function handOver(files: readonly File[]): void {
  waiting = files;
}

/** The files that wait to be read. */
export const handedOver = (): readonly File[] => waiting;

/** The same, once: they are read by whoever calls it. */
export function takeHanded(): readonly File[] {
  const files = waiting;
  waiting = [];
  return files;
}
