/** `NAME_installed` → the program to look for, and what to install on Debian where it differs from the name. */
const INSTALLED: Readonly<Record<string, { readonly program: string; readonly mend: string }>> = {
  aws_installed: { program: 'aws', mend: 'Install the AWS CLI: https://aws.amazon.com/cli/' },
  bubblewrap_installed: { program: 'bwrap', mend: 'Install bubblewrap: `apt-get install bubblewrap`.' },
  curl_installed: { program: 'curl', mend: 'Install curl: `apt-get install curl`.' },
  docker_installed: { program: 'docker', mend: 'Install Docker: https://docs.docker.com/engine/install/' },
  gh_installed: { program: 'gh', mend: 'Install the GitHub CLI: https://cli.github.com/' },
  git_installed: { program: 'git', mend: 'Install git: `apt-get install git`.' },
  go_installed: { program: 'go', mend: 'Install Go: https://go.dev/doc/install' },
  helm_installed: { program: 'helm', mend: 'Install Helm: https://helm.sh/docs/intro/install/' },
  jq_installed: { program: 'jq', mend: 'Install jq: `apt-get install jq`.' },
  kubectl_installed: { program: 'kubectl', mend: 'Install kubectl: https://kubernetes.io/docs/tasks/tools/' },
  make_installed: { program: 'make', mend: 'Install make: `apt-get install make`.' },
  mysql_installed: { program: 'mysql', mend: 'Install a MySQL client: `apt-get install default-mysql-client`.' },
  node_installed: { program: 'node', mend: 'Install Node.js: https://nodejs.org/' },
  npm_installed: { program: 'npm', mend: 'Install Node.js, which brings npm: https://nodejs.org/' },
  pnpm_installed: { program: 'pnpm', mend: 'Install pnpm: https://pnpm.io/installation' },
  postgres_installed: { program: 'psql', mend: 'Install the PostgreSQL client: `apt-get install postgresql-client`.' },
  python_installed: { program: 'python3', mend: 'Install Python 3: `apt-get install python3`.' },
  rsync_installed: { program: 'rsync', mend: 'Install rsync: `apt-get install rsync`.' },
  ssh_installed: { program: 'ssh', mend: 'Install an SSH client: `apt-get install openssh-client`.' },
  terraform_installed: {
    program: 'terraform',
    mend: 'Install Terraform: https://developer.hashicorp.com/terraform/install',
  },
};

const SYSTEM = ['docker_running', 'github_token_set'];

/** Prefix → what may follow it. */
const PREFIXES: Readonly<Record<string, RegExp>> = {
  env: /^[A-Za-z_][A-Za-z0-9_]*$/,
  secret: /^[A-Za-z_][A-Za-z0-9_]*$/,
  command: /^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/,
  file: /^[^\0]+$/,
  url: /^https?:\/\/\S+$/,
};

/** `env:TOKEN` as its two parts; undefined when it has no known prefix or nothing fitting after it. */
export function splitName(name: string): { prefix: string; rest: string } | undefined {
  const colon = name.indexOf(':');
  const prefix = name.slice(0, Math.max(0, colon));
  const rest = name.slice(colon + 1);
  return Object.hasOwn(PREFIXES, prefix) && PREFIXES[prefix]?.test(rest) ? { prefix, rest } : undefined;
}

/** The program that `NAME_installed` asks for. */
export function installedProgram(name: string): string | undefined {
  return Object.hasOwn(INSTALLED, name) ? INSTALLED[name]?.program : undefined;
}

/** How to get a program. */
export function installMend(program: string): string {
  const known = Object.values(INSTALLED).find((entry) => entry.program === program);
  return known?.mend ?? `Install ${program}, or add its folder to the PATH of the worker.`;
}

/** Whether a named precondition can be checked: `docker_running`, `github_token_set`, `NAME_installed`, `env:`, `secret:`, `command:`, `file:`, `url:`. */
export function knownPrecondition(name: string): boolean {
  return SYSTEM.includes(name) || Object.hasOwn(INSTALLED, name) || splitName(name) !== undefined;
}

/** Every name without a prefix, for messages and documentation. */
export const PRECONDITION_NAMES: readonly string[] = [...SYSTEM, ...Object.keys(INSTALLED)];
