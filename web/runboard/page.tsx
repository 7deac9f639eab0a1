import { Empty } from '../ui/empty.js';

export function RunboardPage() {
  return <Empty title="Runboard" command="npx opsroom runs" />;
}
