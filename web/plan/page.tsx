import { Empty } from '../ui/empty.js';

export function PlanPage() {
  return <Empty title="Plan" command="npx opsroom runs" />;
}
