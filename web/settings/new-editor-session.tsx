import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Choice } from '../ui/choice.js';
import { FormDialog } from '../ui/form-dialog.js';
import { ShownOnce } from '../ui/shown-once.js';
import { TextField } from '../ui/text-field.js';

const HOURS = [
  ['1', 'for an hour'],
  ['8', 'for 8 hours'],
  ['12', 'for 12 hours'],
] as const;
type Hours = (typeof HOURS)[number][0];

interface Props {
  onDone: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks for a name and for how long; then shows the session's key, this once. */
export function NewEditorSession({ onDone, onClose }: Props) {
  const [name, setName] = useState('');
  const [hours, setHours] = useState<Hours>('8');
  const [key, setKey] = useState<string>();
  if (key !== undefined)
    return (
      <ShownOnce
        title={`The session "${name}"`}
        about="Put it where your editor keeps passwords, and where no model reads: whoever has it can approve as you while it lasts."
        texts={[{ text: key, what: 'the session’s key' }]}
        onClose={onClose}
      />
    );
  return (
    <FormDialog
      title="New session for an editor"
      about="It may show what waits for you, and say yes or no as you."
      word="Open it"
      lacks={name === '' ? 'Give it a name.' : undefined}
      act={() => read(api.POST('/v1/ide-sessions', { body: { name, hours: Number(hours) } }))}
      onDone={(made) => {
        setKey(made.key);
        void onDone();
      }}
      onClose={onClose}
    >
      <TextField
        label="Name"
        note="Of the editor and the machine: cursor-laptop. Letters, digits, dots and dashes."
        maxLength={63}
        value={name}
        onText={setName}
      />
      <Choice label="It works" of={HOURS} value={hours} onChange={setHours} />
    </FormDialog>
  );
}
