import { useQuery, useQueryClient } from '@tanstack/react-query';
import { api, read } from '../api/client.js';
import { useAct } from '../ui/act.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Differences } from '../ui/differences.js';
import { Refusal } from '../ui/refusal.js';
import { Pairs, Value } from '../ui/value.js';
import { rowsOf } from '../ui/values.js';
import { agreedBefore, changesOf } from './mcp-changes.js';
import styles from './settings.module.css';

interface Props {
  server: string;
  name: string;
  why: string | undefined;
  onClose: () => void;
}

const load = (server: string, tool: string) =>
  read(api.GET('/v1/mcp/servers/{server}/tools/{tool}', { params: { path: { server, tool } } }));
type Detail = Awaited<ReturnType<typeof load>>;

/** One tool: what it says of itself, and where it changed, what it said when somebody agreed to it. */
export function McpToolDialog({ server, name, why, onClose }: Props) {
  const { data, error } = useQuery({ queryKey: ['mcp', 'tool', server, name], queryFn: () => load(server, name) });
  const client = useQueryClient();
  // Consent is to the definition that is shown, by its digest.
  const options = { params: { path: { server } }, body: { tools: [{ name, digest: data?.digest ?? '' }] } };
  const consent = useAct(() => read(api.POST('/v1/mcp/servers/{server}/consent', options)), {
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['mcp'] });
      onClose();
    },
  });
  const isFlagged = data !== undefined && data.flags.length > 0;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={isFlagged ? `Consent to ${data.tool}?` : `mcp:${server}:${name}`}
      about={isFlagged ? sentence(data.flags) : undefined}
      actions={
        <>
          <Button onClick={onClose}>{isFlagged ? 'Leave it' : 'Close'}</Button>
          {isFlagged && (
            <Button look="go" why={why ?? consent.busy} onClick={() => consent.go()}>
              Consent
            </Button>
          )}
        </>
      }
    >
      {(error ?? consent.error) && <Refusal error={error ?? consent.error} />}
      {data && <Said tool={data} />}
    </Dialog>
  );
}

const sentence = ([first = '', ...rest]: readonly string[]): string =>
  `${[first.charAt(0).toUpperCase() + first.slice(1), ...rest].join('; ')}.`;

function Said({ tool }: { tool: Detail }) {
  const { description, inputSchema, versions, version } = tool;
  const before = tool.flags.length > 0 ? agreedBefore(versions, version) : undefined;
  const changes = before === undefined ? [] : changesOf(before, tool);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the same
    <section className={styles['tool']} aria-label="What the tool says" tabIndex={0}>
      {changes.length > 0 && (
        <section aria-label="What changed">
          <h3>What changed since it was agreed to</h3>
          <Differences parts={[{ name: tool.name, differences: changes }]} steps={[]} />
        </section>
      )}
      <section aria-label="What it says">
        <h3>{changes.length > 0 ? 'All that it says now' : 'What it says of itself'}</h3>
        <p>
          <Value text={description} />
        </p>
      </section>
      <section aria-label="Arguments">
        <h3>Arguments</h3>
        <Pairs rows={rowsOf(inputSchema)} />
      </section>
    </section>
  );
}
