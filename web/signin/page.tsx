import { Empty } from '../ui/empty.js';

export function SignInPage() {
  return <Empty title="Sign in" command="npx opsroom runs" />;
}
