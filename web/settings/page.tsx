import { Empty } from '../ui/empty.js';

export function SettingsPage() {
  return <Empty title="Settings" command="npx opsroom runs" />;
}
