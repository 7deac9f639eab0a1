import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useStore } from '../kit/store.js';
import { type Command as Offer, useAllCommands, useCommands } from '../ui/commands.js';
import { isTyping, meaningOf } from './keys.js';
import styles from './palette.module.css';
import { paletteOpen } from './palette-store.js';
import type { PLACES } from './places.js';
import { RunHits } from './run-hits.js';
import { sheetOpen } from './sheet-store.js';

const PAIR_MS = 1200;

/** Everything that can be done here, by name; and the keys for it, which work without opening anything. */
export function Palette() {
  useRoomCommands();
  const commands = useAllCommands();
  useKeys(commands);
  const open = useStore(paletteOpen);
  const [text, setText] = useState('');
  const close = () => {
    paletteOpen.set(false);
    setText('');
  };
  const groups = [...new Set(commands.map(({ group }) => group))].toSorted((a, b) => rankOf(a) - rankOf(b));
  return (
    <Command.Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      label="Search or run a command"
      className={styles['palette'] ?? ''}
      overlayClassName={styles['veil'] ?? ''}
      contentClassName={styles['content'] ?? ''}
      aria-describedby={undefined}
    >
      <Command.Input
        value={text}
        onValueChange={setText}
        placeholder="A page, an action, part of a run’s title or id"
      />
      <Command.List>
        <Command.Empty>Nothing is called that.</Command.Empty>
        {groups.map((group) => (
          <Command.Group key={group} heading={group}>
            {commands
              .filter((command) => command.group === group)
              .map((command) => (
                <Item key={command.id} command={command} onDone={close} />
              ))}
          </Command.Group>
        ))}
        <RunHits text={text} onDone={close} />
      </Command.List>
    </Command.Dialog>
  );
}

/** What is in front of the reader comes first, in this order; the ways to elsewhere last. */
const FIRST = ['Selected runs', 'What you are asked', 'This run'];
const LAST = ['Go to', 'Help'];

function rankOf(group: string): number {
  if (FIRST.includes(group)) return FIRST.indexOf(group);
  return LAST.includes(group) ? FIRST.length + 1 : FIRST.length;
}

function Item({ command, onDone }: { command: Offer; onDone: () => void }) {
  const { id, text, group, keys, why, run } = command;
  return (
    <Command.Item
      value={`${group} ${text} ${id}`}
      disabled={why !== undefined}
      onSelect={() => {
        onDone();
        run();
      }}
    >
      <span className="grow cut">{text}</span>
      {why && <span className="label cut">{why}</span>}
      {keys && <kbd>{keys.toUpperCase()}</kbd>}
    </Command.Item>
  );
}

function useRoomCommands(): void {
  const navigate = useNavigate();
  const page = (
    to: (typeof PLACES)[number]['to'] | '/plan/documents' | '/plan/skills',
    text: string,
    keys: string,
  ) => ({
    id: `go${to}`,
    text,
    group: 'Go to',
    keys,
    run: () => void navigate({ to }),
  });
  useCommands([
    page('/', 'Runboard', 'g b'),
    page('/approvals', 'Approvals', 'g a'),
    page('/runs', 'Runs', 'g r'),
    page('/sessions', 'Sessions', 'g s'),
    page('/plan', 'Plan', 'g p'),
    page('/plan/documents', 'Documents', 'g o'),
    page('/plan/skills', 'Skills', 'g k'),
    page('/dashboard', 'Dashboard', 'g d'),
    page('/settings', 'Settings', 'g e'),
    { id: 'keys', text: 'Show the keys', group: 'Help', keys: '?', run: () => sheetOpen.set(true) },
  ]);
}

function useKeys(commands: readonly Offer[]): void {
  const begun = useRef<{ keys: string; untilMs: number }>(undefined);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      paletteOpen.set(true);
      return;
    }
    const dialog = document.querySelector('[role="dialog"][data-state="open"]');
    if (event.metaKey || event.ctrlKey || event.altKey || event.repeat || dialog || isTyping(event.target)) return;
    const first = begun.current && performance.now() < begun.current.untilMs ? begun.current.keys : undefined;
    const meaning = meaningOf(event.key.length === 1 ? event.key.toLowerCase() : event.key, first, commands);
    begun.current = undefined;
    if (!meaning) return;
    event.preventDefault();
    if ('command' in meaning) meaning.command.run();
    else begun.current = { keys: meaning.begun, untilMs: performance.now() + PAIR_MS };
  });
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
