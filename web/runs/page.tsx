import { Empty } from '../ui/empty.js';

export function RunsPage() {
  return <Empty title="Runs" command="npx opsroom runs" />;
}
