import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Confirm } from '../ui/confirm.js';
import { Refusal } from '../ui/refusal.js';
import styles from './settings.module.css';

interface Props {
  server: string;
  why: string | undefined;
}

const load = (server: string) => read(api.GET('/v1/mcp/tools', { params: { query: { server } } }));
type Tool = Awaited<ReturnType<typeof load>>['tools'][number];

/** The tools of one server: what each says, and whether it may be called as it is now. */
export function McpTools({ server, why }: Props) {
  const list = useQuery({ queryKey: ['mcp', 'tools', server], queryFn: () => load(server) });
  const tools = list.data?.tools;
  if (list.error) return <Refusal error={list.error} />;
  if (tools?.length === 0) return <p className="mut">It has said nothing of any tool yet.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the same
    <section className={styles['scroll']} aria-label="Tools" tabIndex={0}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Tool</th>
            <th scope="col" className={styles['wide']}>
              What it says
            </th>
            <th scope="col">May be called</th>
          </tr>
        </thead>
        <tbody>
          {tools?.map((tool) => (
            <tr key={tool.name}>
              <td>{tool.name}</td>
              <td className={styles['wide']} title={tool.description}>
                {tool.description}
              </td>
              <td>{tool.callable ? 'yes' : <Consent tool={tool} why={why} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Consent is to the definition that was looked at, by its digest. */
function Consent({ tool, why }: { tool: Tool; why: string | undefined }) {
  const [asking, setAsking] = useState(false);
  const client = useQueryClient();
  const { server, name, digest, flags, description } = tool;
  const act = async () => {
    const options = { params: { path: { server } }, body: { tools: [{ name, digest }] } };
    await read(api.POST('/v1/mcp/servers/{server}/consent', options));
    await client.invalidateQueries({ queryKey: ['mcp'] });
  };
  return (
    <>
      <Button why={why} onClick={() => setAsking(true)}>
        No: look
      </Button>
      {asking && (
        <Confirm
          title={`Consent to ${tool.tool}?`}
          about={`${flags.join('; ')}. It says of itself: ${description || 'nothing'}`}
          word="Consent"
          act={act}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  );
}
