import type { Command } from '#compile/shell/facts.js';
import { finderOf, hasFlag, type Shape } from './shapes.js';

interface Rule extends Shape {
  readonly reason: string;
}

const KUBE = ['kubectl', 'oc'];

const RULES: readonly Rule[] = [
  { programs: ['test', '[', '[['], reason: 'fails when the condition does not hold' },
  { programs: ['(('], reason: 'fails when the result is zero' },
  {
    programs: ['grep', 'egrep', 'fgrep', 'zgrep', 'rg', 'ag', 'pgrep', 'pidof'],
    reason: 'fails when nothing is found',
  },
  { programs: ['curl'], flags: ['-f', '--fail', '--fail-with-body'], reason: 'fails on an error status' },
  { programs: ['wget'], reason: 'fails on an error status' },
  { programs: ['http', 'https', 'xh'], flags: ['--check-status'], reason: 'fails on an error status' },
  { programs: ['diff', 'cmp', 'sdiff'], reason: 'fails when there is a difference' },
  {
    programs: ['git'],
    words: ['diff'],
    flags: ['--exit-code', '--quiet', '--check'],
    reason: 'fails when there is a difference',
  },
  {
    programs: ['systemctl'],
    words: ['is-active|is-enabled|is-system-running|status'],
    reason: 'fails when the service is not in that state',
  },
  { programs: ['service'], argument: /^status$/, reason: 'fails when the service does not run' },
  { programs: KUBE, words: ['rollout', 'status'], reason: 'fails when the rollout does not finish' },
  { programs: KUBE, words: ['wait'], reason: 'fails when the condition is not met in time' },
  { programs: KUBE, words: ['auth', 'can-i'], reason: 'fails when it is not permitted' },
  { programs: KUBE, words: ['diff'], reason: 'fails when there is a difference' },
  { programs: ['helm'], words: ['test|lint'], reason: 'fails when a test fails' },
  { programs: ['pg_isready', 'mysqladmin'], reason: 'fails when the server does not answer' },
  { programs: ['nc', 'ncat'], flags: ['-z'], reason: 'fails when nothing listens' },
  { programs: ['ping', 'ping6'], flags: ['-c'], reason: 'fails when the host does not answer' },
  {
    programs: ['wait-for-it', 'wait-for-it.sh', 'wait-for', 'wait-on', 'dockerize'],
    reason: 'fails when it does not answer in time',
  },
  { programs: ['openssl'], words: ['verify'], reason: 'fails when the certificate is not valid' },
  {
    programs: ['openssl'],
    flags: ['-checkend', '-verify_return_error', '-check', '-verify'],
    reason: 'fails when the certificate or key is not valid',
  },
  { programs: ['jq'], flags: ['-e', '--exit-status'], reason: 'fails when the result is false or null' },
  {
    programs: ['sha256sum', 'sha1sum', 'sha512sum', 'md5sum', 'shasum', 'b2sum', 'cksum'],
    flags: ['-c', '--check'],
    reason: 'fails when a digest differs',
  },
  { programs: ['gpg', 'gpgv'], flags: ['--verify'], reason: 'fails when the signature is not valid' },
  { programs: ['gpgv'], reason: 'fails when the signature is not valid' },
  {
    programs: ['cosign', 'minisign', 'slsa-verifier'],
    argument: /^(?:verify.*|-V.*)$/,
    reason: 'fails when the signature is not valid',
  },
  {
    programs: ['nginx', 'sshd', 'haproxy', 'httpd', 'apachectl', 'visudo'],
    flags: ['-t', '-c'],
    reason: 'fails when the configuration is wrong',
  },
  { programs: ['apachectl'], words: ['configtest'], reason: 'fails when the configuration is wrong' },
  { programs: ['promtool', 'amtool'], words: ['check|check-config'], reason: 'fails when the configuration is wrong' },
  { programs: ['terraform', 'tofu'], words: ['validate'], reason: 'fails when the configuration is wrong' },
  {
    programs: ['terraform', 'tofu'],
    words: ['plan'],
    flags: ['-detailed-exitcode'],
    reason: 'fails when something would change',
  },
  { programs: ['docker'], words: ['compose', 'config'], reason: 'fails when the configuration is wrong' },
  { programs: ['command'], flags: ['-v', '-V'], reason: 'fails when there is no such program' },
  { programs: ['which', 'type', 'hash'], reason: 'fails when there is no such program' },
  { programs: ['getent', 'id'], reason: 'fails when there is no such entry' },
  {
    programs: [
      'npm',
      'pnpm',
      'yarn',
      'bun',
      'make',
      'cargo',
      'go',
      'deno',
      'mvn',
      'gradle',
      'gradlew',
      'mix',
      'dotnet',
      'swift',
    ],
    words: ['test|t|check|verify'],
    reason: 'fails when a test fails',
  },
  {
    programs: ['npm', 'pnpm', 'yarn', 'bun'],
    words: ['run', 'test|lint|check|typecheck|verify|e2e|smoke'],
    reason: 'fails when a test fails',
  },
  {
    programs: [
      'pytest',
      'jest',
      'vitest',
      'mocha',
      'rspec',
      'phpunit',
      'bats',
      'tox',
      'ctest',
      'goss',
      'inspec',
      'playwright',
      'k6',
      'newman',
      'hurl',
    ],
    reason: 'fails when a test fails',
  },
  {
    programs: ['rabbitmq-diagnostics'],
    words: ['check_running|check_port_connectivity|ping|check_local_alarms'],
    reason: 'fails when the server is not well',
  },
  { programs: ['etcdctl'], words: ['endpoint', 'health'], reason: 'fails when the server is not well' },
  { programs: ['vault'], words: ['status'], reason: 'fails when it is sealed' },
  { programs: ['ls', 'stat'], argument: /^[^-]/, reason: 'fails when there is no such file' },
];

const findRule = finderOf(RULES);

/**
 * Why the exit code of a command says something about the outcome; undefined when it only says that the command itself could
 * run, or when the script throws it away.
 */
export function asserts(command: Command): string | undefined {
  if (command.exitIgnored) return undefined;
  const { program, args } = command;
  if (program === 'exit' || program === 'return')
    return /^(?:0|)$/.test(args[0] ?? '') ? undefined : 'ends with an error';
  if (program === 'false') return 'ends with an error';
  if (program === 'diff' && hasFlag(args, '--brief') && args.length < 3) return undefined;
  if (program === 'mysqladmin' && !args.some((word) => /^(?:ping|status)$/.test(word))) return undefined;
  return findRule(command)?.reason;
}
