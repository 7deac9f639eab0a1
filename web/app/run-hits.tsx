import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { api, read } from '../api/client.js';
import { shortRun } from '../ui/format.js';
import { runShown } from '../ui/state.js';
import { StateIcon } from '../ui/state-icon.js';
import { unturned } from '../ui/visible.js';

/** Runs whose title holds the text. */
export function RunHits({ text, onDone }: { text: string; onDone: () => void }) {
  const navigate = useNavigate();
  const wanted = text.trim();
  const { data } = useQuery({
    queryKey: ['runs', 'hits', wanted],
    queryFn: () => read(api.GET('/v1/runs', { params: { query: { text: wanted, limit: 8 } } })),
    enabled: wanted.length >= 2,
  });
  if (!data || wanted.length < 2) return null;
  return (
    <Command.Group heading="Runs">
      {data.runs.map((run) => (
        <Command.Item
          key={run.runId}
          value={`${run.title} ${run.runId}`}
          onSelect={() => {
            onDone();
            void navigate({ to: '/runs/$run', params: { run: run.runId } });
          }}
        >
          <StateIcon shown={runShown(run.status, null)} />
          <span className="grow cut">{unturned(run.title)}</span>
          <code>{shortRun(run.runId)}</code>
        </Command.Item>
      ))}
    </Command.Group>
  );
}
