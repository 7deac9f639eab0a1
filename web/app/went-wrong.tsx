import type { ErrorComponentProps } from '@tanstack/react-router';
import { Problem } from '../api/problem.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';

/** A page that could not be drawn: the room's refusal as it is, or a defect of the page, which a reload may end. */
export function WentWrong({ error, reset }: ErrorComponentProps) {
  const shown =
    error instanceof Problem
      ? error
      : new Problem(
          'PAGE_FAILED',
          'This page could not be drawn.',
          'Reload it: after an upgrade of the room, parts of the old page are gone. Runs go on meanwhile.',
          0,
          error instanceof Error ? error.message.slice(0, 200) : undefined,
        );
  return (
    <main style={{ padding: 'var(--s4)', display: 'grid', gap: 'var(--s3)', justifyItems: 'start' }}>
      <Refusal error={shown} />
      <Button
        look="go"
        onClick={() => {
          reset();
          location.reload();
        }}
      >
        Reload
      </Button>
    </main>
  );
}
