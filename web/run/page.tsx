import { Empty } from '../ui/empty.js';

export function RunPage() {
  return <Empty title="Run" command="npx opsroom runs" />;
}
