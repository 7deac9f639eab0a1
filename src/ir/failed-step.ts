interface Failed {
  readonly id: string;
  readonly status: string;
  readonly error: { readonly message: string } | null;
}

/**
 * The step that the error of a run is about: a run that failed names no step. What a rollback left undone is told of its own steps,
 * all else of those that went forward, of which several may have failed.
 */
export function failedStep<S extends Failed>(
  steps: readonly S[],
  error: { readonly code: string; readonly message: string } | null,
): S | undefined {
  const failed = steps.filter(({ status }) => status === 'failed' || status === 'unknown');
  const ofRollback = error?.code === 'ROLLBACK_INCOMPLETE';
  const kind = failed.filter(({ id }) => id.includes('/') === ofRollback);
  return kind.find((step) => error && step.error?.message.includes(error.message)) ?? kind[0] ?? failed[0];
}
