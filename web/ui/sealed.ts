interface Chain {
  readonly sealed: { readonly headSeq: number } | null;
  readonly records: readonly { readonly seq: number }[];
  /** Records follow that were not read. */
  readonly more: boolean;
}

/** Whether a chain stands under its seal as far as it was read: a run that was sealed and is rolled back writes on. */
export function isSealed({ sealed, records, more }: Chain): boolean {
  return sealed !== null && (more || sealed.headSeq === (records.at(-1)?.seq ?? -1));
}
