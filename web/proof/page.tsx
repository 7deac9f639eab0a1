import { Empty } from '../ui/empty.js';

export function ProofPage() {
  return <Empty title="Proof" command="npx opsroom runs" />;
}
