import type { Command } from '#compile/shell/facts.js';
import { BARE_SENDERS, isFedLook } from './fed.js';
import { getChanges } from './requests.js';
import { finderOf, fits, hasFlag, plainWords, type Shape } from './shapes.js';
import { isReadOnlySql, sqlOf } from './sql.js';

/** They only read, whatever their arguments are. Those of `UNLESS` are kept out of it. */
const READERS = new Set(
  `ls cat head tail wc cut tr uniq nl tac rev column fold comm join paste diff cmp sdiff colordiff stat file du df free uptime ps pgrep pidof ss
  netstat lsof dig nslookup host whois getent id whoami groups who w last uname arch nproc lscpu lsblk lsmod lspci lsusb blkid findmnt
  vmstat iostat mpstat sar pwd echo printf true false : test [ [[ (( expr which type whereis realpath readlink basename dirname
  env printenv locale cal tree jq yq grep egrep fgrep zgrep rg ag zcat xxd od hexdump strings md5sum sha1sum sha256sum sha512sum shasum
  cksum b2sum tput ping ping6 traceroute tracepath mtr nc ncat netcat pg_isready pg_lsclusters mysqlshow sleep seq man less more awk gawk sed
  sort find date hostname tee dmesg`.split(/\s+/),
);

/** Readers that these arguments turn into writers. */
const UNLESS: Readonly<Record<string, RegExp>> = {
  awk: />|system\s*\(|\|\s*"|-i|inplace/,
  date: /^(?:-s|--set.*|\d{8,})$/,
  dmesg: /^(?:-[cCDEn].*|--clear|--read-clear)$/,
  env: /./,
  file: /^-[a-zA-Z]*C|^--compile/,
  find: /^-(?:delete|exec|execdir|ok|okdir|fprint.*|fls)$/,
  gawk: />|system\s*\(|\|\s*"|-i|inplace/,
  hostname: /^[^-]|^-[bF]/,
  nc: /^-[a-z]*[lec]/,
  ncat: /^(?:-[a-z]*[lecomx]|--(?:listen|exec|sh-exec|lua-exec|output))/,
  netcat: /^-[a-z]*[lec]/,
  sar: /^-o/,
  sed: /^(?:-[A-Za-z]*i.*|--in-place.*)$|(?:^|[;/\d$])w\s|\/e$/,
  sort: /^(?:-o.*|--output.*)$/,
  ss: /^(?:-[a-zA-Z46]*K[a-zA-Z]*|--kill)$/,
  tee: /^[^-]/,
  tree: /^-o/,
  xxd: /^-[a-z]*r/,
  yq: /^(?:-i|--inplace|--in-place)$/,
};

/** Both ends of `socat` where one is what it is fed, and the other a server. */
const SOCKETS =
  /^(?:-|-[tT]\d*|[\d.]+|std(?:io|in|out)|(?:tcp[46]?|udp[46]?|unix|openssl)(?:-connect)?:[^,]*|\/[^,]*)$/i;

const KUBE = ['kubectl', 'oc'];
const DOCKER = ['docker', 'podman', 'nerdctl'];
const SHAPES: readonly Shape[] = [
  {
    programs: ['git'],
    words: [
      'status|log|diff|show|rev-parse|describe|ls-files|ls-remote|ls-tree|blame|shortlog|cat-file|grep|merge-base|rev-list|name-rev|reflog',
    ],
    unless: ['--output', '--ext-diff'],
    without: /^(?:expire|delete)$/,
  },
  {
    programs: ['git'],
    words: ['branch|tag|remote|stash'],
    argument: /^(?:-a|-r|-v|-vv|-l|--list|--show-current|list|show|get-url|--contains|--merged)$/,
    without: /^(?:-[dDmMf]|--delete|add|remove|rename|set-url|prune|drop|pop|apply)$/,
  },
  { programs: ['git'], words: ['config'], flags: ['--get', '--list', '-l', '--get-all'] },
  {
    programs: KUBE,
    words: ['get|describe|logs|top|explain|version|api-resources|api-versions|cluster-info|events|diff|wait'],
  },
  { programs: KUBE, words: ['rollout', 'status|history'] },
  { programs: KUBE, words: ['auth', 'can-i|whoami'] },
  { programs: KUBE, words: ['config', 'view|current-context|get-contexts|get-clusters|get-users'] },
  { programs: ['oc'], words: ['status|whoami|projects'] },
  {
    programs: ['helm'],
    words: ['list|ls|status|history|get|show|search|template|lint|version|env'],
    unless: ['--output-dir', '--post-renderer'],
  },
  { programs: ['helm'], words: ['repo', 'list'] },
  {
    programs: ['fly', 'flyctl'],
    words: ['logs|status|releases|info|doctor|version'],
    without: /^(?:rollback|update|upgrade)$/,
  },
  {
    programs: ['fly', 'flyctl'],
    words: ['apps|machine|machines|volumes|secrets|ips|certs|checks|regions', 'list|ls|status|show'],
  },
  {
    programs: ['heroku'],
    words: ['logs|ps|releases|status|apps|domains|config|addons|pg:info|pg:backups|redis:info'],
    without: /^(?:-a\d|.*:.*(?:add|set|unset|destroy|capture|restore|delete).*)$/,
  },
  { programs: ['vercel'], words: ['ls|list|logs|inspect|whoami'] },
  { programs: ['railway', 'netlify'], words: ['logs|status|list|whoami'] },
  {
    programs: ['systemctl'],
    words: [
      'status|is-active|is-enabled|is-failed|list-units|list-unit-files|list-timers|list-dependencies|show|cat|is-system-running',
    ],
  },
  { programs: ['service'], argument: /^(?:status|--status-all)$/ },
  { programs: ['journalctl'], without: /^--(?:vacuum.*|rotate|flush|sync|update-catalog|setup-keys)$/ },
  {
    programs: [...DOCKER, 'docker-compose'],
    words: ['ps|inspect|logs|images|version|info|top|port|stats|events|history|diff|search|ls'],
  },
  { programs: ['docker-compose'], words: ['config'], unless: ['-o', '--output'] },
  {
    programs: DOCKER,
    words: [
      'container|image|volume|network|service|stack|node|context|system|plugin|secret|buildx',
      'ls|list|inspect|logs|ps|df|info|stats|top|port|history|show',
    ],
    without: /^(?:rm|import)$/,
  },
  {
    programs: DOCKER,
    words: ['compose', 'ps|logs|ls|config|images|top|port|version|events'],
    unless: ['-o', '--output'],
  },
  { programs: ['aws'], words: ['*', 'ls'] },
  { programs: ['aws'], words: ['sts', 'get-caller-identity'] },
  { programs: ['aws'], words: ['eks', 'describe-cluster|list-clusters'] },
  { programs: ['terraform', 'tofu'], words: ['version|show|output|validate|graph|plan'], unless: ['-out'] },
  { programs: ['terraform', 'tofu'], words: ['providers'], without: /^(?:lock|mirror)$/ },
  { programs: ['terraform', 'tofu'], words: ['state', 'list|show'] },
  { programs: ['terraform', 'tofu'], words: ['fmt'], flags: ['-check'] },
  {
    programs: ['npm', 'pnpm', 'yarn'],
    words: ['ls|list|outdated|view|info|why|root|bin|prefix|whoami|search|explain'],
  },
  { programs: ['npm', 'pnpm'], words: ['config', 'get|list'] },
  { programs: ['pip', 'pip3'], words: ['list|show|freeze|check'] },
  {
    programs: ['apt', 'apt-cache', 'dnf', 'yum', 'brew', 'snap', 'apk'],
    words: ['list|search|show|info|policy|depends|rdepends|madison|deps|leaves|config|doctor'],
  },
  {
    programs: ['dpkg', 'rpm'],
    flags: ['-l', '-L', '-s', '-S', '-q', '-qa', '-qi', '-ql', '--list', '--status', '-V'],
    unless: ['-i', '-r', '-P', '-e', '-U', '--install'],
  },
  { programs: ['top'], flags: ['-b'] },
  {
    programs: ['openssl'],
    words: ['x509|s_client|verify|version|ciphers|asn1parse|dgst|md5|sha1|sha256|sha512|crl|rsa|ec|pkey|req'],
    unless: ['-out', '-sign', '-new', '-newkey', '-x509', '-keyout', '-CA'],
  },
  {
    programs: ['tar'],
    argument: /^(?:-?t[a-zA-Z]*|--list)$/,
    without: /^--(?:to-command|checkpoint-action|use-compress-program|rsh-command|info-script)|^-[a-zA-Z]*[IF]/,
  },
  {
    programs: ['gzip', 'gunzip', 'bzip2', 'bunzip2', 'xz', 'zstd'],
    argument: /^-(?:v*[tl][tlv]*|k?d?c|cd)$|^--(?:test|list|stdout|to-stdout)$/,
  },
  { programs: ['unzip', 'zipinfo'], flags: ['-l', '-t', '-p', '-Z', '-v'], unless: ['-d', '-o'] },
  { programs: ['zipinfo', 'bc', 'sum', 'column', 'fmt', 'rev', 'expand'] },
  { programs: DOCKER, words: ['manifest', 'inspect'] },
  { programs: ['gh'], words: ['pr|issue|run|repo|release|workflow|auth', 'view|list|status|checks|diff|watch'] },
  { programs: ['crontab'], flags: ['-l'] },
  {
    programs: ['iptables', 'ip6tables'],
    flags: ['-L', '-S', '--list', '--list-rules', '-nL', '-vnL'],
    unless: ['-Z', '--zero'],
  },
  { programs: ['ufw'], words: ['status'] },
  { programs: ['nft'], words: ['list'] },
  {
    programs: ['ip'],
    words: ['a|addr|address|r|route|link|neigh|rule'],
    without: /^(?:add|append|prepend|del|delete|set|change|replace|restore|flush)$/,
  },
  { programs: ['ip'], flags: ['-br'], without: /^(?:add|append|prepend|del|delete|set|change|replace|restore|flush)$/ },
  {
    programs: ['ifconfig'],
    without: /^(?:up|down|netmask|mtu|hw|add|del|delete|create|destroy|-?(?:arp|alias|promisc))$|^\d/,
  },
  {
    programs: ['timedatectl', 'hostnamectl', 'localectl', 'loginctl'],
    words: [],
    without:
      /^(?:(?:set|kill|terminate|enable|disable|lock|unlock|flush)-.*|activate|attach|revert|ntp-servers|hostname|chassis|deployment|location|icon-name)$/,
  },
  { programs: ['sysctl'], unless: ['-w', '-p', '--system', '--write', '--load'], without: /=/ },
  { programs: ['mount'], without: /./ },
  { programs: ['nginx', 'apachectl', 'httpd'], flags: ['-t', '-T', '-v', '-V'], unless: ['-s'] },
  { programs: ['apachectl'], words: ['configtest|status'] },
  { programs: ['haproxy'], flags: ['-c'] },
  { programs: ['sshd', 'visudo'], flags: ['-t', '-T', '-c'] },
  { programs: ['promtool'], words: ['check'] },
  {
    programs: ['redis-cli', 'valkey-cli'],
    argument:
      /^(?:ping|info|get|keys|ttl|exists|type|llen|strlen|scard|zcard|hlen|hgetall|dbsize|scan|--scan|lrange|smembers|zrange|hget|role|lastsave|time)$/i,
    without:
      /^(?:m?set(?:ex|nx|range)?|getset|getdel|getex|del|flush.*|unlink|p?expire.*|persist|shutdown|config|save|bg.*|debug|eval.*|fcall|script|acl|publish|kill|pause|rename.*|move|copy|restore|migrate|append|(?:in|de)cr.*|[lr](?:push|pop|set|trim|rem).*|s(?:add|rem|pop|move)|z(?:add|rem.*|incrby|pop.*)|h(?:m?set.*|del|incr.*)|x(?:add|del|trim|group)|replicaof|slaveof|failover|reset|forget|meet|-x)$/i,
  },
  {
    programs: [
      'kafka-topics',
      'kafka-topics.sh',
      'kafka-consumer-groups',
      'kafka-consumer-groups.sh',
      'kafka-configs',
      'kafka-configs.sh',
    ],
    flags: ['--list', '--describe'],
  },
  {
    programs: ['rabbitmqctl', 'rabbitmq-diagnostics'],
    words: [
      'status|list_queues|list_users|list_vhosts|list_connections|list_channels|cluster_status|node_health_check|ping|check_running|check_port_connectivity|environment|list_exchanges|list_bindings|list_policies',
    ],
  },
  { programs: ['etcdctl'], words: ['get|endpoint|member|version'], without: /^(?:add|remove|update|promote)$/ },
  { programs: ['consul'], words: ['members|info|version|monitor'] },
  { programs: ['consul'], words: ['kv', 'get'] },
  { programs: ['consul', 'nomad', 'vault'], words: ['operator', 'raft', 'list-peers|list'] },
  { programs: ['vault'], words: ['status|read|list|version'] },
  { programs: ['nomad'], words: ['status|version'] },
  { programs: ['nomad'], words: ['job|node|alloc|deployment|server', 'status|history|logs|members|list'] },
  { programs: ['zpool', 'zfs'], words: ['status|list|get|history|iostat|version'], unless: ['-c'] },
  {
    programs: ['mdadm'],
    flags: ['--detail', '-D', '--examine', '-E', '-Q', '--query'],
    unless: ['-C', '--create', '-A', '--assemble', '-S', '--stop', '-a', '--add', '-r', '--remove', '-f', '--fail'],
  },
  { programs: ['smartctl'], unless: ['-t', '--test', '-s', '--smart', '-o', '-S', '-X', '--abort', '--set'] },
  {
    programs: ['vtysh'],
    flags: ['-c', '--command'],
    without: /^(?!-|["']?show\b)|\n|["']?show.*\b(?:clear|conf|write)\b/,
  },
  {
    programs: ['mongo', 'mongosh'],
    flags: ['--eval'],
    argument:
      /^(?:--eval=)?["']?(?:rs|db|sh)\.(?:stats|status|serverStatus|hostInfo|version|isMaster|hello|conf|printReplicationInfo|printSecondaryReplicationInfo|getReplicationInfo)\(\)["']?$/,
  },
  {
    programs: ['php', 'artisan'],
    argument: /^(?:queue:failed|queue:monitor|migrate:status|route:list|about|schedule:list)$/,
  },
  { programs: ['python', 'python3'], words: ['manage.py|./manage.py', 'check|showmigrations|diffsettings'] },
  { programs: ['manage.py', 'django-admin'], words: ['check|showmigrations|diffsettings'] },
  { programs: ['go'], words: ['version|env|list|vet'], unless: ['-w', '-u', '-fix'] },
  { programs: ['certbot'], words: ['certificates'] },
  {
    programs:
      `gcloud az eksctl istioctl minikube kind k3d flux argocd doctl pulumi skaffold velero linkerd cilium calicoctl rclone restic
      hugo kustomize packer waypoint buildah crictl trivy cosign kops talosctl`.split(/\s+/),
    words: ['version'],
  },
  // Not `k8s`: it starts jobs in the cluster that it looks at.
  {
    programs: ['trivy'],
    words: ['image|fs|filesystem|repo|config|rootfs|sbom'],
    without: /^-\w*o|^--(?:output|reset|clear-cache|cache-)/,
  },
  // `-o json=FILE` writes, `-o json` shows.
  { programs: ['grype'], without: /^db$|^--file|^(?:-\w*o=?|--output=)?[a-z][\w.-]*=/ },
  { programs: ['command', 'hash'], flags: ['-v', '-V'] },
  { programs: ['wget'], flags: ['--spider'] },
];

const findShape = finderOf(SHAPES);

const CURL_WRITES = [
  '-o',
  '-O',
  '-d',
  '-F',
  '-T',
  '-J',
  '-K',
  '-c',
  '-D',
  '--output',
  '--remote-name',
  '--data',
  '--data-raw',
  '--data-binary',
  '--data-urlencode',
  '--json',
  '--form',
  '--upload-file',
  '--remote-name-all',
  '--cookie-jar',
  '--dump-header',
  '--config',
  '--remote-header-name',
  '--output-dir',
  '--trace',
  '--trace-ascii',
  '--stderr',
  '--etag-save',
  '--hsts',
  '--quote',
  '-Q',
];

/**
 * Whether a command changes nothing, as far as its arguments tell. Conservative: what is not known to read is taken to write.
 * A redirection into a file writes; so does a pipe into something that does, which is judged as its own command.
 */
export function isReadOnly(command: Command): boolean {
  const { program, args, writes } = command;
  if (writes.length > 0) return false;
  if (args.length === 1 && /^(?:--version|-V|--help)$/.test(args[0] ?? '')) return program !== '';
  if (BARE_SENDERS.has(program) && (program !== 'openssl' || args[0] === 's_client')) {
    if (!(hasFlag(args, '-z') || isFedLook(command))) return false;
    if (program === 'socat') return command.input.kind !== 'terminal' && args.every((word) => SOCKETS.test(word));
  }
  if (READERS.has(program))
    return program === 'env' ? args.length === 0 : !args.some((word) => UNLESS[program]?.test(word));
  if (program === 'curl') return isCurlReading(args);
  if (program === 'cd' || program === 'exit') return true;
  if (program === 'aws' || program === 'gcloud' || program === 'az')
    return isCloudReading(command) || findShape(command) !== undefined;
  const sql = sqlOf(command);
  if (sql !== undefined)
    return isReadOnlySql(sql) && !args.some((word) => /^(?:-f|--file|-o|--output)(?:=|$)/.test(word));
  if (program === 'psql' && (hasFlag(args, '-l') || hasFlag(args, '--list'))) return true;
  return findShape(command) !== undefined;
}

function isCurlReading(args: readonly string[]): boolean {
  const harmless = args.map((word, index) => (isNullOutput(word, args[index + 1]) ? '--silent' : word));
  if (CURL_WRITES.some((flag) => hasFlag(harmless, flag))) return false;
  if (harmless.some((word) => /^-[dFToKcD]./.test(word))) return false;
  const method = harmless
    .map((word, index) => methodIn(word, harmless[index + 1]))
    .find((found) => found !== undefined);
  return (method === undefined || /^(?:GET|HEAD|OPTIONS)$/i.test(method)) && !getChanges(args);
}

/** `-o /dev/null`, also as the end of `-sSo`. */
function isNullOutput(word: string, next: string | undefined): boolean {
  return (
    word === '--output=/dev/null' || (/^(?:-[A-Za-z]*o|--output)$/.test(word) && (next === '/dev/null' || next === '-'))
  );
}

function methodIn(word: string, next: string | undefined): string | undefined {
  if (/^-[A-Za-z]*X$/.test(word) || word === '--request') return next ?? '';
  return /^(?:-X|--request=)(.+)$/.exec(word)?.[1];
}

const CLOUD_READS = /^(?:describe|list|get|show|head|search|lookup|check|wait)(?:-|$)/;
const CLOUD_WRITES =
  /^(?:create|delete|update|put|set|add|remove|start|stop|run|attach|detach|modify|terminate|restore|reset|get-object|get-credentials|get-login.*|deploy|import|export|cp|mv|rm|sync)(?:-|$)/;

function isCloudReading(command: Command): boolean {
  const words = plainWords(command).slice(0, 5);
  if (fits(command, { programs: ['aws'], words: ['s3', 'ls'] })) return true;
  return (
    words.some((word) => CLOUD_READS.test(word)) && !words.some((word) => CLOUD_WRITES.test(word)) && words[1] !== 's3'
  );
}
