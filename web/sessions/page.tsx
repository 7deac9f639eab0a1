import { Empty } from '../ui/empty.js';

export function SessionsPage() {
  return <Empty title="Sessions" command="npx opsroom runs" />;
}
