import { useEffect, useEffectEvent, useState } from 'react';
import { createStore, useStore } from '../kit/store.js';

/** Something a reader can do here, by name in the palette and by key anywhere. */
export interface Command {
  /** Stable and unique: `run.pause`. */
  readonly id: string;
  /** In the words of its button. */
  readonly text: string;
  /** Where it belongs in the palette and on the sheet of keys. */
  readonly group: string;
  /** One key (`p`), or two after each other (`g r`). Letters are lower case; `?` is what the keyboard gives. */
  readonly keys?: string | undefined;
  /** Why it cannot be done now; it is listed all the same. */
  readonly why?: string | undefined;
  readonly run: () => void;
}

const sets = new Map<symbol, readonly Command[]>();
const all = createStore<readonly Command[]>([]);
const changed = (): void => all.set([...sets.values()].flat());

/** Offers commands for as long as the component lives. */
export function useCommands(commands: readonly Command[]): void {
  const [key] = useState(() => Symbol('commands'));
  const runAt = useEffectEvent((place: number) => commands[place]?.run());
  const offer = useEffectEvent(() => {
    sets.set(
      key,
      commands.map((command, place) => ({ ...command, run: () => runAt(place) })),
    );
    changed();
  });
  // What a command does is looked up when it is called; only what is shown of it makes a new offer.
  const signature = JSON.stringify(commands.map(({ id, text, group, keys, why }) => [id, text, group, keys, why]));
  useEffect(() => {
    if (signature !== '') offer();
    return () => {
      sets.delete(key);
      changed();
    };
  }, [signature, key]);
}

/** Everything that can be done on this page now. */
export function useAllCommands(): readonly Command[] {
  return useStore(all);
}
