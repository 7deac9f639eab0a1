import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { FormDialog } from '../ui/form-dialog.js';
import { TextField } from '../ui/text-field.js';
import { listLacks, toolsIn } from '../ui/tool-list.js';
import { ToolsField } from '../ui/tools-field.js';

/** Begins a session: what it is called, what it is for, and what its runs may call. */
export function NewSession({ onClose }: { onClose: () => void }) {
  const [wording, setWording] = useState({ name: '', intent: '' });
  const [text, setText] = useState('');
  const client = useQueryClient();
  const navigate = useNavigate();
  const tools = toolsIn(text);
  return (
    <FormDialog
      title="New session"
      about="One intent’s workspace: it groups the runs that belong together, and can say what they may call."
      word="Begin it"
      lacks={wording.name.trim() === '' ? 'Give it a name.' : listLacks(text)}
      act={() => read(api.POST('/v1/sessions', { body: { ...wording, tools: tools.length === 0 ? null : tools } }))}
      onDone={({ sessionId }) => {
        void client.invalidateQueries({ queryKey: ['sessions'] });
        onClose();
        void navigate({ to: '/sessions', search: { session: sessionId } });
      }}
      onClose={onClose}
    >
      <TextField
        label="Name"
        maxLength={120}
        value={wording.name}
        onText={(name) => setWording({ ...wording, name })}
        placeholder="Move the shop"
      />
      <TextField
        label="What it is for (may be left out)"
        maxLength={2000}
        value={wording.intent}
        onText={(intent) => setWording({ ...wording, intent })}
      />
      <ToolsField
        text={text}
        onText={setText}
        note="What its runs may call. One a line, * for any part: shell, mcp:github:*. Empty: whatever the room has."
      />
    </FormDialog>
  );
}
