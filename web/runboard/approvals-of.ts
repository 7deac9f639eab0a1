export interface Approvals {
  /** Who looks may agree to them. */
  readonly yours: number;
  readonly others: number;
  /** Whose they are was not read, or not yet. */
  readonly unknown: number;
}

/**
 * Whose intents wait.
 *
 * @param waiting all that wait, as the board counts them
 * @param found those that were read and that who looks may agree to
 * @param isRead whether all were read
 */
export function approvalsOf(waiting: number, found: number, isRead: boolean): Approvals {
  const yours = Math.min(found, waiting);
  const rest = waiting - yours;
  return { yours, others: isRead ? rest : 0, unknown: isRead ? 0 : rest };
}
