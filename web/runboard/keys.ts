import { useNavigate } from '@tanstack/react-router';
import { roomNow } from '../api/room-clock.js';
import { type Command, useCommands } from '../ui/commands.js';
import { MINUTES, WINDOWS, type Window } from './axis.js';

interface Looking {
  readonly window: Window;
  /** The moment that is looked at; undefined: now. */
  readonly at: number | undefined;
  readonly show: (change: { window?: string; at?: string | undefined }) => void;
}

/** A quarter of the window on, for the address; undefined once that is now. */
export function panned(window: Window, at: number, by: 1 | -1, now = roomNow()): string | undefined {
  const next = at + by * MINUTES[window] * 15_000;
  return next >= now ? undefined : new Date(next).toISOString();
}

/** What can be done on the Runboard without a mouse. */
export function useBoardKeys({ window, at, show }: Looking): void {
  const navigate = useNavigate();
  const pan = (by: 1 | -1) => show({ at: panned(window, at ?? roomNow(), by) });
  const zoom = (by: 1 | -1) => show({ window: WINDOWS[WINDOWS.indexOf(window) + by] ?? window });
  useCommands([
    own('follow', at === undefined ? 'Stop following now' : 'Follow now', 'f', () =>
      show({ at: at === undefined ? new Date(roomNow()).toISOString() : undefined }),
    ),
    own('earlier', 'Look at earlier times', ',', () => pan(-1)),
    own('later', 'Look at later times', '.', () => pan(1)),
    own('more', 'Show a longer time', '-', () => zoom(1)),
    own('less', 'Show a shorter time', '+', () => zoom(-1)),
    own('next', 'Next run', 'j', () => focusRun(1)),
    own('previous', 'Previous run', 'k', () => focusRun(-1)),
    own('needs', 'Go to what needs you', 'n', () => document.querySelector<HTMLElement>('[data-need]')?.focus()),
    {
      id: 'board.failed',
      text: 'Failed runs',
      group: 'Runboard',
      run: () => void navigate({ to: '/runs', search: { status: 'failed' } }),
    },
  ]);
}

function own(id: string, text: string, keys: string, run: () => void): Command {
  return { id: `board.${id}`, text, group: 'Runboard', keys, run };
}

/** From the run that has the focus; without one, to the first or the last. */
function focusRun(by: 1 | -1): void {
  const runs = [...document.querySelectorAll<HTMLElement>('[data-run]')];
  const place = runs.findIndex((run) => run === document.activeElement);
  const next = place < 0 ? (by === 1 ? 0 : runs.length - 1) : place + by;
  runs[next]?.focus();
}
