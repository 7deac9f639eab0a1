import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Choice } from '../ui/choice.js';
import { Field } from '../ui/field.js';
import { FormDialog } from '../ui/form-dialog.js';
import { TextField } from '../ui/text-field.js';
import { toast } from '../ui/toast.js';
import { bodyOf, EMPTY_FORM, formLacks, type McpForm, WAYS } from './mcp-form.js';

/** Asks how a server is reached; when it is registered it has been looked at. */
export function NewMcpServer({ onClose }: { onClose: () => void }) {
  const [form, setForm] = useState<McpForm>(EMPTY_FORM);
  const client = useQueryClient();
  const isProgram = form.way === 'stdio';
  return (
    <FormDialog
      title="New MCP server"
      about="What its tools say now is what you consent to. What they say otherwise later waits for somebody to look."
      word="Register it"
      lacks={formLacks(form)}
      act={() => read(api.POST('/v1/mcp/servers', { body: bodyOf(form) }))}
      onDone={({ name, state, tools, error }) => {
        toast(
          state === 'ok' ? `${name} has ${tools.total} tools.` : `${name} does not answer: ${error?.message ?? ''}`,
        );
        void client.invalidateQueries({ queryKey: ['mcp'] });
        onClose();
      }}
      onClose={onClose}
    >
      <TextField label="Name" maxLength={63} value={form.name} onText={(name) => setForm({ ...form, name })} />
      <Choice label="Reached by" of={WAYS} value={form.way} onChange={(way) => setForm({ ...form, way })} />
      <TextField
        label={isProgram ? 'Program and arguments' : 'Address'}
        note={isProgram ? 'npx -y @modelcontextprotocol/server-filesystem /srv/shop' : 'https://tracker.example/mcp'}
        maxLength={4000}
        value={form.where}
        onText={(where) => setForm({ ...form, where })}
      />
      <Field
        label={isProgram ? 'Environment' : 'Headers'}
        note={`One a line: ${isProgram ? 'TRACKER_TOKEN = {{ secrets.TRACKER }}' : 'Authorization = Bearer {{ secrets.TRACKER }}'}. Credentials are named, never written.`}
      >
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            value={form.values}
            onChange={(event) => setForm({ ...form, values: event.target.value })}
          />
        )}
      </Field>
    </FormDialog>
  );
}
