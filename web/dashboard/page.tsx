import { Empty } from '../ui/empty.js';

export function DashboardPage() {
  return <Empty title="Dashboard" command="npx opsroom runs" />;
}
