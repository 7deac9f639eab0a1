/** What somebody's word on an intent was, and what it did. `askedToBreak`: one person alone breaks no glass. */
export type Said = 'approved' | 'rejected' | 'broke' | 'askedToBreak';

interface Word {
  /** Absent: it is one of those that a run came of. */
  readonly verdict?: 'approve' | 'reject';
  readonly breakGlass: boolean;
}

/** @param of the intent that it was said to, or its run: who broke the glass; none unless two people did */
export function saidOf({ verdict, breakGlass }: Word, of: { readonly glassBrokenBy: readonly string[] }): Said {
  if (verdict === 'reject') return 'rejected';
  if (!breakGlass) return 'approved';
  return of.glassBrokenBy.length > 0 ? 'broke' : 'askedToBreak';
}
