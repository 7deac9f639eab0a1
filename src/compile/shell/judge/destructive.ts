import type { Command } from '#compile/shell/facts.js';
import { fits, type Shape } from './shapes.js';
import { destructiveSql, sqlOf } from './sql.js';

/** `destroys`: what it removes or overwrites cannot be had back. `remoteCode`: it runs what a server sends. */
export interface Destructive {
  readonly kind: 'destroys' | 'remoteCode';
  /** For people: "removes files without asking". */
  readonly reason: string;
}

interface Rule extends Shape {
  readonly reason: string;
}

const HARMLESS = /^(?:--help|--dry-run(?:=(?:client|server|true))?)$/;
const KUBE = ['kubectl', 'oc'];
const DOCKER = ['docker', 'podman', 'nerdctl'];
const CLOUD_REMOVAL = /^(?:delete|terminate|deregister|purge|destroy|remove|revoke)(?:-|$)/;
const BLOCK_DEVICE = /^(?:of=)?\/dev\/(?:sd|hd|nvme|vd|xvd|mmcblk|disk|rdisk|mapper\/|md\d|loop)/;

const RULES: readonly Rule[] = [
  { programs: ['rm'], flags: ['-r', '-R', '-f', '--recursive', '--force'], reason: 'removes files without asking' },
  { programs: ['rm', 'rmdir', 'unlink'], reason: 'removes files' },
  { programs: ['rimraf', 'srm', 'trash'], reason: 'removes files' },
  { programs: ['del', 'erase', 'rd', 'Remove-Item'], reason: 'removes files' },
  { programs: ['dd'], argument: /^of=/, reason: 'overwrites a file or a device' },
  { programs: ['shred', 'wipe', 'wipefs', 'blkdiscard'], reason: 'overwrites data for good' },
  { programs: ['truncate'], reason: 'cuts off a file' },
  {
    programs: ['fdisk', 'parted', 'sgdisk', 'sfdisk', 'gdisk', 'cfdisk'],
    unless: ['-l', '--list', '-p'],
    without: /^print$/,
    reason: 'changes partitions',
  },
  { programs: ['lvremove', 'vgremove', 'pvremove', 'dmsetup'], reason: 'removes volumes' },
  { programs: ['lvreduce'], reason: 'shrinks a volume' },
  {
    programs: ['zfs', 'zpool'],
    words: ['destroy|rollback|labelclear'],
    reason: 'destroys a file system or what was written to it since',
  },
  { programs: ['btrfs'], words: ['subvolume', 'delete'], reason: 'destroys a file system' },
  {
    programs: ['mdadm'],
    flags: ['--zero-superblock', '--stop', '--remove', '--fail'],
    reason: 'takes a disk array apart',
  },
  {
    programs: ['cryptsetup'],
    words: ['luksFormat|erase|luksErase|luksKillSlot'],
    reason: 'makes encrypted data unreadable',
  },
  { programs: ['mkswap'], reason: 'overwrites a device' },
  { programs: ['find', 'fd'], argument: /^-delete$/, reason: 'removes the files it finds' },
  {
    programs: ['rsync'],
    argument: /^--(?:delete.*|remove-source-files|del)$/,
    reason: 'removes files that the source does not have',
  },
  {
    programs: ['rclone'],
    words: ['delete|purge|sync|deletefile|rmdirs|cleanup|move'],
    reason: 'removes files at the destination',
  },
  { programs: ['mc'], words: ['rm|rb'], reason: 'removes stored objects' },
  { programs: ['terraform', 'tofu', 'terragrunt'], words: ['destroy'], reason: 'destroys infrastructure' },
  {
    programs: ['terraform', 'tofu', 'terragrunt'],
    words: ['apply|run-all'],
    flags: ['-auto-approve', '--auto-approve', '-destroy', '--terragrunt-non-interactive'],
    reason: 'changes or destroys infrastructure without asking',
  },
  {
    programs: ['terraform', 'tofu', 'terragrunt'],
    words: ['state', 'rm|push'],
    reason: 'changes the record of the infrastructure',
  },
  { programs: ['terraform', 'tofu'], words: ['workspace', 'delete'], reason: 'removes a workspace' },
  {
    programs: ['terraform', 'tofu'],
    words: ['force-unlock|taint'],
    reason: 'changes the record of the infrastructure',
  },
  {
    programs: ['pulumi', 'cdk', 'cdktf', 'sst', 'eksctl', 'serverless', 'sls', 'vagrant', 'kops', 'amplify', 'copilot'],
    words: ['destroy|delete|remove|rm'],
    reason: 'destroys infrastructure',
  },
  { programs: ['pulumi'], words: ['stack', 'rm'], reason: 'destroys infrastructure' },
  { programs: KUBE, words: ['delete'], reason: 'removes objects of the cluster' },
  { programs: KUBE, words: ['drain'], reason: 'evicts everything from a node' },
  {
    programs: KUBE,
    words: ['replace'],
    flags: ['--force'],
    reason: 'removes objects of the cluster and makes them anew',
  },
  { programs: KUBE, words: ['apply'], flags: ['--prune'], reason: 'removes objects of the cluster' },
  { programs: ['helm'], words: ['uninstall|delete|del|un'], reason: 'removes a release' },
  { programs: ['helmfile'], words: ['destroy|delete'], reason: 'removes releases' },
  { programs: ['flux'], words: ['uninstall|delete'], reason: 'removes objects of the cluster' },
  { programs: ['argocd'], words: ['app|cluster|proj|repo', 'delete|rm'], reason: 'removes objects of the cluster' },
  { programs: ['kind', 'k3d', 'minikube', 'k0s'], words: ['delete'], reason: 'removes a cluster' },
  { programs: ['k3d', 'k0sctl', 'kubeadm', 'k0s'], words: ['reset'], reason: 'removes a cluster' },
  { programs: ['velero'], words: ['*', 'delete'], reason: 'removes backups' },
  { programs: ['etcdctl'], words: ['del'], reason: 'removes keys' },
  { programs: ['consul'], words: ['kv', 'delete'], reason: 'removes keys' },
  { programs: ['vault'], words: ['delete|destroy'], reason: 'removes secrets' },
  {
    programs: ['vault'],
    words: ['kv', 'delete|destroy|metadata'],
    without: /^(?:get|put|patch)$/,
    reason: 'removes secrets',
  },
  { programs: ['nomad'], words: ['job|stop|system', 'stop|gc'], flags: ['-purge'], reason: 'removes a job' },
  {
    programs: ['git'],
    words: ['push'],
    flags: ['-f', '--force', '--force-with-lease', '-d', '--delete', '--mirror', '--prune'],
    reason: 'overwrites or removes a branch of the remote',
  },
  { programs: ['git'], words: ['push'], argument: /^[+:]./, reason: 'overwrites or removes a branch of the remote' },
  { programs: ['git'], words: ['reset'], flags: ['--hard'], reason: 'discards changes' },
  {
    programs: ['git'],
    words: ['clean'],
    unless: ['-n', '--dry-run'],
    flags: ['-f', '--force', '-d', '-x', '-X'],
    reason: 'removes files that git does not track',
  },
  { programs: ['git'], words: ['checkout'], argument: /^(?:--|\.)$/, reason: 'discards changes' },
  {
    programs: ['git'],
    words: ['checkout|switch'],
    flags: ['-f', '--force', '--discard-changes'],
    reason: 'discards changes',
  },
  { programs: ['git'], words: ['restore'], unless: ['--staged', '-S'], reason: 'discards changes' },
  { programs: ['git'], words: ['branch'], flags: ['-D'], reason: 'removes a branch that may not be merged' },
  { programs: ['git'], words: ['tag'], flags: ['-d', '--delete'], reason: 'removes a tag' },
  { programs: ['git'], words: ['stash', 'drop|clear'], reason: 'discards stashed changes' },
  { programs: ['git'], words: ['filter-branch|filter-repo|update-ref'], reason: 'rewrites or removes what git keeps' },
  { programs: ['git'], words: ['reflog', 'expire|delete'], reason: 'removes what git keeps' },
  {
    programs: ['git'],
    words: ['worktree|remote|submodule', 'remove|rm|deinit'],
    reason: 'removes a working tree or a remote',
  },
  { programs: ['bfg', 'git-filter-repo'], reason: 'rewrites history' },
  {
    programs: ['gh'],
    words: ['repo|release|secret|variable|issue|run|cache|gist|label', 'delete|remove'],
    reason: 'removes it at the host',
  },
  { programs: ['gh'], words: ['repo', 'archive'], reason: 'archives a repository' },
  {
    programs: ['gh', 'glab'],
    words: ['api'],
    argument: /^(?:DELETE|-XDELETE|--method=DELETE)$/,
    reason: 'removes it at the host',
  },
  {
    programs: DOCKER,
    words: ['system|image|container|volume|network|builder|buildx|pod', 'prune'],
    reason: 'removes what containers leave behind',
  },
  { programs: DOCKER, words: ['rm|rmi|kill'], reason: 'removes containers or images' },
  {
    programs: DOCKER,
    words: [
      'volume|container|image|network|secret|config|service|stack|node|context|pod|swarm',
      'rm|remove|leave|kill',
    ],
    reason: 'removes containers, images, volumes or services',
  },
  { programs: DOCKER, words: ['compose', 'rm|kill'], reason: 'removes containers' },
  {
    programs: DOCKER,
    words: ['compose', 'down'],
    flags: ['-v', '--volumes', '--rmi'],
    reason: 'removes containers with their data',
  },
  { programs: ['docker-compose', 'podman-compose'], words: ['rm|kill'], reason: 'removes containers' },
  {
    programs: ['docker-compose', 'podman-compose'],
    words: ['down'],
    flags: ['-v', '--volumes', '--rmi'],
    reason: 'removes containers with their data',
  },
  { programs: ['aws'], words: ['s3', 'rm|rb|mv'], reason: 'removes stored objects' },
  {
    programs: ['aws'],
    words: ['s3', 'sync'],
    flags: ['--delete'],
    reason: 'removes stored objects that the source does not have',
  },
  { programs: ['gsutil'], words: ['rm|rb|mv'], reason: 'removes stored objects' },
  { programs: ['gsutil'], words: ['rsync'], flags: ['-d'], reason: 'removes stored objects' },
  { programs: ['s3cmd'], words: ['del|rm|rb'], reason: 'removes stored objects' },
  { programs: ['bq'], words: ['rm'], reason: 'removes data sets or tables' },
  {
    programs: ['doctl', 'linode-cli', 'hcloud', 'scw', 'ibmcloud', 'oci', 'civo', 'exo'],
    argument: /^(?:delete|rm|remove|destroy|terminate|.*-delete|.*-rm)$/,
    reason: 'removes cloud resources',
  },
  {
    programs: ['heroku'],
    argument: /^(?:apps:destroy|addons:destroy|pg:reset|domains:remove|config:unset|apps:delete|container:rm)$/,
    reason: 'removes it at the host',
  },
  { programs: ['fly', 'flyctl'], argument: /^(?:destroy|delete|remove|unset)$/, reason: 'removes it at the host' },
  {
    programs: ['vercel', 'netlify', 'firebase', 'wrangler', 'railway', 'supabase', 'cf'],
    argument: /^(?:rm|remove|delete|down|.*:delete|.*:disable|delete-\w+|purge-\w+)$/,
    reason: 'removes it at the host',
  },
  { programs: ['supabase'], words: ['db', 'reset'], reason: 'empties a database' },
  { programs: ['dropdb', 'dropuser'], reason: 'drops a database or a user' },
  { programs: ['pg_resetwal', 'pg_dropcluster'], reason: 'discards data of a database' },
  { programs: ['pg_restore'], flags: ['-c', '--clean'], reason: 'drops what the backup holds before it restores it' },
  {
    programs: ['mysqladmin'],
    argument: /^(?:drop|shutdown|flush-.*)$/,
    reason: 'drops a database or stops the server',
  },
  {
    programs: ['redis-cli', 'valkey-cli'],
    argument: /^(?:flushall|flushdb|del|unlink|shutdown|hdel|srem|zrem|lrem|debug)$/i,
    reason: 'removes keys',
  },
  {
    programs: ['redis-cli', 'valkey-cli'],
    words: ['*', 'reset|forget'],
    argument: /^cluster$/i,
    reason: 'takes the cluster apart',
  },
  {
    programs: ['mongo', 'mongosh'],
    argument: /\bdrop(?:Database|User|Index(?:es)?)?\s*\(|\bdelete(?:Many|One)\s*\(|\.remove\s*\(|shutdownServer/,
    reason: 'removes data',
  },
  { programs: ['mongorestore'], flags: ['--drop'], reason: 'drops what the backup holds before it restores it' },
  {
    programs: [
      'kafka-topics',
      'kafka-topics.sh',
      'kafka-consumer-groups',
      'kafka-consumer-groups.sh',
      'kafka-acls',
      'kafka-acls.sh',
    ],
    flags: ['--delete', '--remove', '--delete-offsets'],
    reason: 'removes topics, groups or rights',
  },
  { programs: ['kafka-delete-records', 'kafka-delete-records.sh'], reason: 'removes messages' },
  {
    programs: ['kafka-consumer-groups', 'kafka-consumer-groups.sh'],
    flags: ['--reset-offsets'],
    also: ['--execute'],
    reason: 'moves consumers to other messages',
  },
  {
    programs: ['rabbitmqctl'],
    words: ['delete_queue|purge_queue|delete_vhost|delete_user|reset|force_reset|forget_cluster_node|stop|stop_app'],
    reason: 'removes queues or what they hold',
  },
  { programs: ['rabbitmqadmin'], words: ['delete|purge'], reason: 'removes queues or what they hold' },
  { programs: ['nats'], words: ['*', 'rm|purge|delete|del'], reason: 'removes messages' },
  { programs: ['userdel', 'groupdel', 'deluser', 'delgroup'], reason: 'removes a user or a group' },
  {
    programs: ['iptables', 'ip6tables'],
    flags: ['-F', '-X', '-D', '--flush', '--delete', '--delete-chain'],
    reason: 'removes firewall rules',
  },
  {
    programs: ['iptables', 'ip6tables'],
    flags: ['-P', '--policy'],
    reason: 'changes what the firewall does by default',
  },
  { programs: ['nft'], words: ['flush|delete'], reason: 'removes firewall rules' },
  { programs: ['ufw'], words: ['reset|disable|delete'], reason: 'removes firewall rules' },
  {
    programs: ['ufw'],
    flags: ['--force'],
    words: ['reset|disable|delete|enable'],
    reason: 'changes the firewall without asking',
  },
  { programs: ['ip'], words: ['*', 'del|delete|flush'], reason: 'removes network settings' },
  { programs: ['crontab'], flags: ['-r'], reason: 'removes all scheduled jobs' },
  { programs: ['shutdown', 'reboot', 'halt', 'poweroff', 'telinit', 'init'], reason: 'stops or restarts the machine' },
  {
    programs: ['systemctl'],
    words: ['reboot|poweroff|halt|kexec|rescue|emergency|kill|mask'],
    reason: 'stops the machine or a service for good',
  },
  {
    programs: ['chmod', 'chown', 'chgrp', 'setfacl'],
    flags: ['-R', '--recursive'],
    argument: /^\/(?:\*|etc|usr|var|bin|lib|boot|home|opt|root)?\/?$/,
    reason: 'changes the rights of system files',
  },
  {
    programs: ['apt', 'apt-get', 'dnf', 'yum', 'aptitude', 'zypper'],
    words: ['purge|remove|autoremove|erase|autopurge|rm'],
    reason: 'removes packages',
  },
  { programs: ['pacman'], argument: /^-R/, reason: 'removes packages' },
  {
    programs: ['dpkg', 'rpm'],
    flags: ['-r', '-P', '-e', '--remove', '--purge', '--erase'],
    unless: ['-q', '-i'],
    reason: 'removes packages',
  },
  {
    programs: ['snap', 'flatpak', 'brew', 'apk', 'port', 'choco', 'winget', 'scoop'],
    words: ['remove|uninstall|del|rm|zap'],
    reason: 'removes packages',
  },
  { programs: ['npm', 'pnpm', 'yarn'], words: ['unpublish|deprecate'], reason: 'withdraws a published package' },
  { programs: ['cargo', 'gem'], words: ['yank'], reason: 'withdraws a published package' },
  { programs: ['prisma'], words: ['migrate', 'reset'], reason: 'empties a database' },
  {
    programs: ['prisma'],
    words: ['db', 'push'],
    flags: ['--accept-data-loss', '--force-reset'],
    reason: 'may discard data',
  },
  {
    programs: ['rails', 'rake'],
    argument: /^db:(?:drop|reset|purge|migrate:reset|rollback|setup|schema:load)/,
    reason: 'empties a database',
  },
  {
    programs: ['php'],
    argument: /^(?:migrate:(?:fresh|reset|refresh|rollback)|db:wipe|doctrine:(?:database|schema):drop)$/,
    reason: 'empties a database',
  },
  {
    programs: ['python', 'python3', 'manage.py', 'django-admin'],
    argument: /^(?:flush|reset_db|sqlflush)$/,
    reason: 'empties a database',
  },
  { programs: ['alembic'], words: ['downgrade'], reason: 'takes back changes of a database' },
  { programs: ['gpg', 'gpg2'], argument: /^--delete-/, reason: 'removes keys' },
  { programs: ['certbot'], words: ['delete|revoke'], reason: 'removes or revokes a certificate' },
  {
    programs: ['virsh'],
    words: ['destroy|undefine|vol-delete|pool-destroy|pool-delete|snapshot-delete'],
    reason: 'removes a virtual machine',
  },
  { programs: ['multipass', 'lxc', 'incus'], words: ['delete|purge'], reason: 'removes a virtual machine' },
  { programs: ['restic', 'borg'], words: ['forget|prune|delete'], reason: 'removes backups' },
  {
    programs: ['curl', 'http', 'https', 'xh'],
    argument: /^(?:DELETE|-XDELETE|--request=DELETE)$/,
    reason: 'sends a DELETE request',
  },
  { programs: ['curl'], argument: /_delete_by_query|\/_shutdown|\/truncate\b/, reason: 'removes data' },
];

/** Cloud command lines with thousands of subcommands, told by the verb in their words. */
const CLOUDS = ['aws', 'az', 'gcloud'];
const FETCHERS = ['curl', 'wget', 'fetch', 'aria2c', 'http', 'iwr', 'Invoke-WebRequest'];
const INTERPRETERS = /^(?:bash|sh|zsh|dash|ksh|ash|python[\d.]*|node|perl|ruby|php|iex|fish|pwsh)$/;

/**
 * Whether a command may destroy something, or runs code that somebody else may change at any time. Undefined when nothing of
 * the kind is known of it. `--help` and `--dry-run` do nothing.
 */
export function isDestructive(command: Command): Destructive | undefined {
  if (runsRemoteCode(command)) return { kind: 'remoteCode', reason: 'runs whatever the server sends' };
  if (command.writes.some((target) => BLOCK_DEVICE.test(target)))
    return { kind: 'destroys', reason: 'overwrites a device' };
  if (command.args.some((word) => HARMLESS.test(word))) return undefined;
  const reason = reasonOf(command);
  return reason === undefined ? undefined : { kind: 'destroys', reason };
}

function reasonOf(command: Command): string | undefined {
  const { program, args } = command;
  const rule = RULES.find((candidate) => fits(command, candidate));
  if (rule) return rule.reason;
  if (/^mkfs(?:\.\w+)?$|^mke2fs$|^newfs/.test(program)) return 'makes a new, empty file system';
  if (program === 'tee' && args.some((word) => BLOCK_DEVICE.test(word))) return 'overwrites a device';
  if (program === 'diskutil' && args.some((word) => /^(?:erase|partition)/i.test(word)))
    return 'makes a new, empty file system';
  if (CLOUDS.includes(program) && args.some((word) => CLOUD_REMOVAL.test(word))) return 'removes cloud resources';
  if (program === 'mv' && args.at(-1) === '/dev/null') return 'removes files';
  const sql = sqlOf(command);
  return sql === undefined ? undefined : destructiveSql(sql);
}

/** `curl … | sh`, `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`. */
function runsRemoteCode({ program, args, input }: Command): boolean {
  const interprets = INTERPRETERS.test(program);
  if (interprets && input.kind === 'pipe' && input.from.some((name) => FETCHERS.includes(name))) {
    return args.every((word) => word.startsWith('-') && word !== '-c') || args.includes('-s') || args.includes('-');
  }
  const takesCode = interprets || program === 'eval' || program === 'source' || program === '.' || program === '';
  return takesCode && args.some((word) => /[$<]\(\s*(?:sudo\s+)?(?:curl|wget)\b|`\s*(?:curl|wget)\b/.test(word));
}
