import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Refusal } from '../ui/refusal.js';
import { listLacks, toolsIn } from '../ui/tool-list.js';
import { ToolsField } from '../ui/tools-field.js';

interface Props {
  id: string;
  tools: readonly string[] | null;
  onClose: () => void;
}

/** Says what runs of a session may call. Nothing typed: whatever the room has. */
export function AllowTools({ id, tools, onClose }: Props) {
  const [text, setText] = useState((tools ?? []).join('\n'));
  const client = useQueryClient();
  const wanted = toolsIn(text);
  const save = useMutation({
    mutationFn: () => {
      const body = { tools: wanted.length === 0 ? null : wanted };
      return read(api.POST('/v1/sessions/{session}/allow', { params: { path: { session: id } }, body }));
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['sessions'] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title="What its runs may call"
      actions={
        <>
          <Button onClick={onClose}>Leave</Button>
          <Button look="go" why={listLacks(text)} onClick={() => save.mutate()}>
            {wanted.length === 0
              ? 'Allow everything'
              : `Allow ${wanted.length === 1 ? 'this one' : `these ${wanted.length}`}`}
          </Button>
        </>
      }
    >
      <ToolsField
        text={text}
        onText={setText}
        note="One a line, * for any part: shell, mcp:github:*. It counts for runs that are asked for from now on."
      />
      {save.error && <Refusal error={save.error} />}
    </Dialog>
  );
}
