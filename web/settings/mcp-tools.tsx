import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Refusal } from '../ui/refusal.js';
import { McpToolDialog } from './mcp-tool.js';
import styles from './settings.module.css';

interface Props {
  server: string;
  why: string | undefined;
}

const load = (server: string) => read(api.GET('/v1/mcp/tools', { params: { query: { server } } }));

/** The tools of one server: what each says, and whether it may be called as it is now. */
export function McpTools({ server, why }: Props) {
  const list = useQuery({ queryKey: ['mcp', 'tools', server], queryFn: () => load(server) });
  const [shown, setShown] = useState<string>();
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
              <td>
                <Button look={tool.callable ? 'bare' : 'plain'} onClick={() => setShown(tool.name)}>
                  {tool.callable ? 'Yes: look' : 'No: look'}
                  <span className="vh">, {tool.name}</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown !== undefined && (
        <McpToolDialog server={server} name={shown} why={why} onClose={() => setShown(undefined)} />
      )}
    </section>
  );
}
