import { Empty } from '../ui/empty.js';

export function WelcomePage() {
  return <Empty title="Welcome" command="npx opsroom runs" />;
}
