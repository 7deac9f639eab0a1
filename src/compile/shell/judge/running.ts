import type { Command } from '#compile/shell/facts.js';
import { finderOf, hasFlag, plainWords, type Shape, valueOf } from './shapes.js';

/** A command that does not end by itself. */
export interface LongRunning {
  /** `server` answers on a port once it is ready; `watcher` only goes on. */
  readonly kind: 'server' | 'watcher';
  readonly reason: string;
  /** Where it listens, of its options or by default; undefined when that is not known. */
  readonly port?: number;
  /** The variable that says where, as it is written: `$API_PORT`. */
  readonly portVariable?: string;
}

interface Rule extends Shape {
  readonly kind: LongRunning['kind'];
  /** When no option says otherwise. */
  readonly port?: number;
  readonly portFlags?: readonly string[];
}

const MANAGERS = ['npm', 'yarn', 'pnpm', 'bun', 'deno'];
const LONG = ['-p', '--port', '-port'];
const DOCKER = ['docker', 'podman', 'nerdctl'];
const PYTHON = ['python', 'python3', 'uv', 'poetry', 'pipenv'];

const RULES: readonly Rule[] = [
  { kind: 'server', programs: ['vite'], without: /^(?:build|optimize|--version)$/, port: 5173, portFlags: ['--port'] },
  { kind: 'server', programs: ['next'], words: ['dev|start'], port: 3000, portFlags: LONG },
  { kind: 'server', programs: ['nuxt', 'nuxi'], words: ['dev|start|preview'], port: 3000, portFlags: LONG },
  { kind: 'server', programs: ['astro'], words: ['dev|preview'], port: 4321, portFlags: ['--port'] },
  { kind: 'server', programs: ['gatsby'], words: ['develop|serve'], port: 8000, portFlags: LONG },
  { kind: 'server', programs: ['remix', 'react-router'], words: ['dev'], portFlags: ['--port'] },
  { kind: 'server', programs: ['ng'], words: ['serve|s'], port: 4200, portFlags: ['--port'] },
  { kind: 'server', programs: ['react-scripts'], words: ['start'], port: 3000 },
  { kind: 'server', programs: ['vue-cli-service'], words: ['serve'], port: 8080, portFlags: ['--port'] },
  { kind: 'server', programs: ['webpack'], words: ['serve'], port: 8080, portFlags: ['--port'] },
  { kind: 'server', programs: ['webpack-dev-server'], port: 8080, portFlags: ['--port'] },
  { kind: 'server', programs: ['parcel'], without: /^(?:build|watch)$/, port: 1234, portFlags: LONG },
  { kind: 'server', programs: ['expo'], words: ['start'], port: 8081, portFlags: ['--port'] },
  {
    kind: 'server',
    programs: ['storybook', 'start-storybook'],
    without: /^(?:build|init|upgrade)$/,
    port: 6006,
    portFlags: LONG,
  },
  { kind: 'server', programs: ['docusaurus'], words: ['start|serve'], port: 3000, portFlags: LONG },
  { kind: 'server', programs: ['vitepress'], words: ['dev|preview|serve'], port: 5173, portFlags: ['--port'] },
  {
    kind: 'server',
    programs: ['serve', 'http-server', 'live-server', 'json-server', 'lite-server'],
    portFlags: ['-l', '-p', '--port', '--listen'],
  },
  { kind: 'server', programs: ['wrangler'], words: ['dev'], port: 8787, portFlags: ['--port'] },
  { kind: 'server', programs: ['netlify', 'vercel'], words: ['dev'], portFlags: ['-p', '--port', '-l', '--listen'] },
  { kind: 'server', programs: ['firebase'], words: ['serve|emulators:start'] },
  { kind: 'server', programs: ['prisma'], words: ['studio'], port: 5555, portFlags: ['-p', '--port'] },
  { kind: 'server', programs: ['flask'], words: ['run'], port: 5000, portFlags: ['-p', '--port'] },
  { kind: 'server', programs: ['flask'], argument: /^run$/, port: 5000, portFlags: ['-p', '--port'] },
  { kind: 'server', programs: ['fastapi'], words: ['dev|run'], port: 8000, portFlags: ['--port'] },
  { kind: 'server', programs: ['uvicorn', 'hypercorn', 'daphne'], port: 8000, portFlags: ['--port', '-p'] },
  { kind: 'server', programs: ['gunicorn'], unless: ['-D', '--daemon', '--check-config'], port: 8000 },
  { kind: 'server', programs: ['streamlit'], words: ['run'], port: 8501, portFlags: ['--server.port'] },
  { kind: 'server', programs: ['jupyter'], words: ['notebook|lab|server'], port: 8888, portFlags: ['--port'] },
  { kind: 'server', programs: ['jupyter-lab', 'jupyter-notebook'], port: 8888, portFlags: ['--port'] },
  { kind: 'watcher', programs: ['celery'], argument: /^(?:worker|beat|flower)$/, unless: ['-D', '--detach'] },
  {
    kind: 'server',
    programs: ['airflow'],
    words: ['webserver|standalone|api-server'],
    unless: ['-D', '--daemon'],
    port: 8080,
    portFlags: ['-p', '--port'],
  },
  { kind: 'watcher', programs: ['airflow'], words: ['scheduler|triggerer'], unless: ['-D', '--daemon'] },
  {
    kind: 'server',
    programs: ['rails', 'bin/rails'],
    words: ['server|s'],
    unless: ['-d', '--daemon'],
    port: 3000,
    portFlags: ['-p', '--port'],
  },
  {
    kind: 'server',
    programs: ['puma', 'rackup', 'unicorn', 'thin'],
    unless: ['-D', '-d', '--daemonize'],
    portFlags: ['-p', '--port'],
  },
  {
    kind: 'watcher',
    programs: ['sidekiq', 'foreman', 'overmind', 'honcho', 'goreman', 'hivemind'],
    unless: ['-D'],
    without: /^(?:check|export|version|run)$/,
  },
  { kind: 'server', programs: ['jekyll'], words: ['serve|server|s'], port: 4000, portFlags: ['-P', '--port'] },
  { kind: 'server', programs: ['mkdocs'], words: ['serve'], port: 8000 },
  { kind: 'server', programs: ['hugo'], words: ['server|serve'], port: 1313, portFlags: ['-p', '--port'] },
  { kind: 'server', programs: ['mdbook'], words: ['serve'], port: 3000, portFlags: ['-p', '--port'] },
  { kind: 'server', programs: ['eleventy'], flags: ['--serve'], port: 8080, portFlags: ['--port'] },
  { kind: 'server', programs: ['php'], words: ['artisan', 'serve'], port: 8000, portFlags: ['--port'] },
  {
    kind: 'watcher',
    programs: ['php'],
    words: ['artisan', 'queue:work|queue:listen|schedule:work|horizon'],
    unless: ['--stop-when-empty', '--once'],
  },
  {
    kind: 'server',
    programs: ['symfony'],
    words: ['server:start|serve'],
    unless: ['-d'],
    port: 8000,
    portFlags: ['--port'],
  },
  { kind: 'watcher', programs: ['cargo'], words: ['watch'] },
  {
    kind: 'watcher',
    programs: [
      'nodemon',
      'watchexec',
      'entr',
      'air',
      'reflex',
      'ts-node-dev',
      'tsx-watch',
      'browser-sync',
      'fswatch',
      'inotifywait',
    ],
    unless: ['-1', '--version'],
  },
  { kind: 'watcher', programs: ['tsx'], words: ['watch'] },
  { kind: 'watcher', programs: ['node'], flags: ['--watch'] },
  {
    kind: 'watcher',
    programs: ['tsc', 'webpack', 'rollup', 'esbuild', 'sass', 'tailwindcss', 'jest', 'vitest', 'babel', 'postcss'],
    flags: ['--watch', '-w', '--watchAll'],
  },
  { kind: 'watcher', programs: ['watch'] },
  { kind: 'watcher', programs: ['tail'], flags: ['-f', '-F', '--follow'] },
  { kind: 'watcher', programs: ['journalctl'], flags: ['-f', '--follow'] },
  { kind: 'watcher', programs: ['dmesg'], flags: ['-w', '--follow'] },
  {
    kind: 'watcher',
    programs: ['redis-cli', 'valkey-cli'],
    flags: ['--latency', '--latency-history', '--latency-dist', '--stat'],
  },
  { kind: 'watcher', programs: ['redis-cli', 'valkey-cli'], argument: /^monitor$/i },
  { kind: 'watcher', programs: ['tcpdump', 'ngrep'], unless: ['-c', '-r', '--version'] },
  { kind: 'watcher', programs: ['ping', 'ping6'], unless: ['-c', '-w', '-W', '--version'] },
  { kind: 'watcher', programs: ['strace', 'perf', 'bpftrace'], flags: ['-p'] },
  { kind: 'server', programs: ['kubectl', 'oc'], words: ['port-forward'] },
  { kind: 'server', programs: ['kubectl', 'oc'], words: ['proxy'], port: 8001, portFlags: ['-p', '--port'] },
  { kind: 'watcher', programs: ['kubectl', 'oc'], words: ['logs'], flags: ['-f', '--follow'] },
  { kind: 'watcher', programs: ['kubectl', 'oc'], words: ['get|events'], flags: ['-w', '--watch', '--watch-only'] },
  { kind: 'watcher', programs: ['stern', 'kail', 'kubetail'] },
  { kind: 'server', programs: ['istioctl', 'linkerd'], words: ['dashboard|dash'] },
  { kind: 'server', programs: ['linkerd'], words: ['viz|jaeger', 'dashboard|dash'] },
  { kind: 'watcher', programs: ['minikube'], words: ['tunnel|dashboard|mount'] },
  { kind: 'watcher', programs: ['minikube'], words: ['service'], unless: ['--url'] },
  { kind: 'watcher', programs: ['tilt', 'skaffold', 'telepresence'], words: ['up|dev'] },
  {
    kind: 'watcher',
    programs: ['ngrok', 'cloudflared', 'localtunnel', 'lt', 'bore'],
    without: /^(?:config|authtoken|version|--version|login|create|list|route|service)$/,
  },
  {
    kind: 'watcher',
    programs: DOCKER,
    words: ['compose', 'up'],
    unless: ['-d', '--detach', '--wait', '--no-start', '--abort-on-container-exit', '--exit-code-from'],
  },
  {
    kind: 'watcher',
    programs: ['docker-compose', 'podman-compose'],
    words: ['up'],
    unless: ['-d', '--detach', '--wait', '--no-start', '--abort-on-container-exit', '--exit-code-from'],
  },
  { kind: 'watcher', programs: [...DOCKER, 'docker-compose'], words: ['logs|events|stats'], flags: ['-f', '--follow'] },
  { kind: 'watcher', programs: DOCKER, words: ['compose', 'logs|watch|events'], flags: ['-f', '--follow', '-w'] },
  { kind: 'watcher', programs: DOCKER, words: ['events'] },
  { kind: 'watcher', programs: DOCKER, words: ['stats'], unless: ['--no-stream'] },
  {
    kind: 'server',
    programs: DOCKER,
    words: ['run'],
    flags: ['-p', '--publish', '-P'],
    unless: ['-d', '--detach', '-it', '-ti'],
  },
  {
    kind: 'server',
    programs: ['redis-server', 'valkey-server'],
    unless: ['--daemonize', '--version', '-v'],
    port: 6379,
    portFlags: ['--port'],
  },
  { kind: 'server', programs: ['mongod'], unless: ['--fork', '--version'], port: 27017, portFlags: ['--port'] },
  { kind: 'server', programs: ['postgres'], unless: ['--version', '-C'], port: 5432, portFlags: ['-p'] },
  {
    kind: 'server',
    programs: ['mysqld', 'mysqld_safe', 'mariadbd'],
    unless: ['--daemonize', '-D', '--initialize', '--version', '--initialize-insecure'],
    port: 3306,
    portFlags: ['-P', '--port'],
  },
  { kind: 'server', programs: ['etcd'], unless: ['--version'], port: 2379 },
  { kind: 'server', programs: ['consul', 'nomad'], words: ['agent'] },
  { kind: 'server', programs: ['vault'], words: ['server'], port: 8200 },
  { kind: 'server', programs: ['prometheus'], unless: ['--version'], port: 9090 },
  { kind: 'server', programs: ['minio'], words: ['server'], port: 9000 },
  { kind: 'server', programs: ['caddy'], words: ['run|file-server|reverse-proxy'] },
  { kind: 'server', programs: ['temporal'], words: ['server', 'start-dev'], port: 7233, portFlags: ['-p', '--port'] },
  {
    kind: 'server',
    programs: ['zookeeper-server-start', 'zookeeper-server-start.sh'],
    unless: ['-daemon'],
    port: 2181,
  },
  { kind: 'server', programs: ['kafka-server-start', 'kafka-server-start.sh'], unless: ['-daemon'], port: 9092 },
  {
    kind: 'watcher',
    programs: ['kafka-console-consumer', 'kafka-console-consumer.sh'],
    unless: ['--max-messages', '--timeout-ms'],
  },
  { kind: 'server', programs: ['ollama'], words: ['serve'], port: 11434 },
  { kind: 'watcher', programs: ['heroku'], words: ['logs'], flags: ['-t', '--tail'] },
  { kind: 'watcher', programs: ['fly', 'flyctl'], words: ['logs'], unless: ['-n', '--no-tail'] },
  { kind: 'watcher', programs: ['aws'], words: ['logs', 'tail'], flags: ['--follow'] },
  { kind: 'watcher', programs: ['stripe'], words: ['listen'] },
  { kind: 'watcher', programs: ['ssh'], flags: ['-N'], unless: ['-f'] },
  { kind: 'server', programs: ['python', 'python3', 'manage.py'], argument: /^runserver(?:_plus)?$/, port: 8000 },
  { kind: 'server', programs: ['python', 'python3'], argument: /^http\.server$/, port: 8000 },
  { kind: 'server', programs: ['mvn', 'mvnw'], argument: /^(?:spring-boot:run|quarkus:dev|jetty:run|liberty:dev)$/ },
  { kind: 'server', programs: ['gradle', 'gradlew'], argument: /(?:^|:)(?:bootRun|quarkusDev|appRun|jettyRun)$/ },
  { kind: 'watcher', programs: ['dotnet'], words: ['watch'] },
  { kind: 'server', programs: ['tensorboard'], port: 6006, portFlags: ['--port'] },
  { kind: 'server', programs: ['mlflow'], words: ['ui|server'], port: 5000, portFlags: ['-p', '--port'] },
  { kind: 'server', programs: ['nginx'], argument: /\bdaemon\s+off\b/ },
  { kind: 'watcher', programs: ['sleep'], argument: /^infinity$/ },
];

const findRule = finderOf(RULES);

/** With an interval they go on; a second number says how often they look. */
const SAMPLING = /^(?:vmstat|iostat|mpstat|dstat|pidstat|sar)$/;

const SCRIPT =
  /^(?:(?:dev|start|serve|server|watch|preview|storybook|develop)(?::[\w:-]+)?|[\w-]+:(?:dev|watch|serve))$/;
const REASONS = { server: 'is a server: it runs until it is stopped', watcher: 'goes on until it is stopped' } as const;

/** Whether a command goes on until somebody stops it; undefined when it ends by itself, as far as is known. */
export function isLongRunning(command: Command): LongRunning | undefined {
  const { program, args } = command;
  if (command.limited || args.some((word) => word === '--help' || word === '--version')) return undefined;
  if (MANAGERS.includes(program)) return ofScript(command);
  if (program === 'php' && hasFlag(args, '-S')) return running('server', portIn(valueOf(args, '-S')));
  if (SAMPLING.test(program)) return numbersOf(args).length === 1 ? running('watcher', undefined) : undefined;
  const rule = findRule(command);
  if (rule === undefined) return undefined;
  const said = rule.kind === 'server' ? variablePort(command, rule) : undefined;
  return said === undefined
    ? running(rule.kind, portOf(command, rule))
    : { kind: rule.kind, reason: REASONS[rule.kind], portVariable: said };
}

/** Interval and count; not the values of options: `pidstat -p 1234 1`. */
function numbersOf(args: readonly string[]): readonly string[] {
  return args.filter((word, at) => /^\d+$/.test(word) && !/^-[a-zA-Z]*[pPTGCgjInoefs]$/.test(args[at - 1] ?? ''));
}

function running(kind: LongRunning['kind'], port: number | undefined): LongRunning {
  return { kind, reason: REASONS[kind], ...(port !== undefined && { port }) };
}

/** `npm run dev`, `yarn start`, `pnpm --filter web dev`: what the script does is not known, but its name is a convention. */
function ofScript(command: Command): LongRunning | undefined {
  const words = plainWords(command).filter((word) => word !== 'task');
  const explicit = words[0] === 'run' || words[0] === 'run-script';
  const script = explicit ? words[1] : words[0];
  if (script === undefined || !SCRIPT.test(script)) return undefined;
  const watches = /watch/.test(script);
  return running(watches ? 'watcher' : 'server', watches ? undefined : portIn(valueOf(command.args, '--port', '-p')));
}

function portOf(command: Command, rule: Rule): number | undefined {
  const { program, args } = command;
  if (rule.kind === 'watcher') return undefined;
  if (rule.portFlags) return portIn(valueOf(args, ...rule.portFlags)) ?? rule.port;
  if (program === 'gunicorn' || program === 'mkdocs')
    return portIn(valueOf(args, '-b', '--bind', '-a', '--dev-addr')) ?? rule.port;
  if (DOCKER.includes(program)) return hostPort(valueOf(args, '-p', '--publish'));
  if (plainWords(command)[0] === 'port-forward')
    return hostPort(args.find((word) => /^\d+:\d+$/.test(word)) ?? args.at(-1));
  if (PYTHON.includes(program) || program === 'manage.py')
    return portIn(args.find((word) => /^(?:[\w.]+:)?\d+$/.test(word))) ?? rule.port;
  return rule.port;
}

/** A variable stands where the port would, so that the default is none. */
function variablePort({ program, args }: Command, { portFlags = PORT_FLAGS }: Rule): string | undefined {
  const asWord = PYTHON.includes(program) || program === 'manage.py';
  const word = asWord ? args.find((one, at) => VARIABLE.test(one) && !args[at - 1]?.startsWith('-')) : undefined;
  return VARIABLE.exec(valueOf(args, ...portFlags) ?? word ?? '')?.[1];
}

const PORT_FLAGS = ['--port', '-b', '--bind', '-a', '--dev-addr'];
const VARIABLE = /^["']?(?:[\w.]*:)?(\$\{?\w+(?::?-\d+)?\}?)["']?$/;

/** `8080`, `:8080`, `0.0.0.0:8080`, `tcp://0.0.0.0:8080` */
function portIn(text: string | undefined): number | undefined {
  const [, digits] = /(?:^|:)(\d{2,5})$/.exec(text ?? '') ?? [];
  const port = Number(digits);
  return port > 0 && port < 65_536 ? port : undefined;
}

/** The host's side of `8080:80` and `127.0.0.1:8080:80`. */
function hostPort(mapping: string | undefined): number | undefined {
  return portIn((mapping ?? '').replace(/\/(?:tcp|udp)$/, '').replace(/:\d+$/, ''));
}
