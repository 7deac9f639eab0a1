import type { DestructiveRule } from './destructive-rules.js';

/** Databases and what migrates them. */
const DATABASES: readonly DestructiveRule[] = [
  { programs: ['mix'], argument: /^(?:ecto\.(?:reset|drop|rollback))$/, reason: 'empties a database' },
  { programs: ['dotnet'], words: ['ef', 'database', 'drop'], reason: 'drops a database' },
  {
    programs: ['liquibase'],
    argument: /^(?:drop-?all|rollback(?!.*sql).*)$/i,
    reason: 'drops what is in a database',
  },
  { programs: ['flyway'], argument: /^clean$/, reason: 'drops what is in a database' },
  { programs: ['gradle', 'gradlew'], argument: /flywayClean$|dropAll$/, reason: 'drops what is in a database' },
  { programs: ['mvn', 'mvnw'], argument: /flyway:clean$|liquibase:dropAll$/, reason: 'drops what is in a database' },
  {
    programs: ['sequelize', 'sequelize-cli'],
    argument: /^db:(?:drop|migrate:undo.*|seed:undo.*)$/,
    reason: 'empties a database',
  },
  { programs: ['typeorm', 'knex'], argument: /^(?:schema:drop|migrate:rollback)$/, reason: 'empties a database' },
  { programs: ['wp'], words: ['db', 'reset|drop|clean'], reason: 'empties a database' },
  { programs: ['wp'], words: ['site', 'empty|delete'], reason: 'empties a site' },
  { programs: ['drush'], argument: /^(?:sql[-:]drop|site:install|si)$/, reason: 'empties a database' },
  {
    programs: ['console', 'artisan', 'sail', 'symfony'],
    argument: /^(?:doctrine:(?:database|schema):drop|migrate:(?:fresh|reset|refresh|rollback)|db:wipe)$/,
    reason: 'empties a database',
  },
  { programs: ['migrate', 'dbmate'], argument: /^drop$/, reason: 'drops a database' },
  { programs: ['postsuper'], flags: ['-d'], reason: 'removes mail that waits' },
];

/** Machines, disks and clusters. */
const MACHINES: readonly DestructiveRule[] = [
  {
    programs: ['ceph'],
    words: ['osd|fs|mon|mgr|auth|orch', '*'],
    argument: /^(?:purge|purge-new|destroy|rm|remove|del|delete|zap)$/,
    reason: 'removes a part of the storage cluster',
  },
  { programs: ['rbd', 'rados'], argument: /^(?:rm|remove|purge|rmpool)$/, reason: 'removes stored data' },
  { programs: ['rbd'], words: ['trash', 'mv|move'], reason: 'removes stored data' },
  {
    programs: ['gluster'],
    words: ['volume|peer|snapshot', 'delete|stop|remove-brick|detach|reset'],
    reason: 'removes volumes',
  },
  {
    programs: ['nodetool'],
    argument: /^(?:removenode|assassinate|decommission|clearsnapshot|truncatehints)$/,
    reason: 'takes the cluster apart',
  },
  { programs: ['vault'], words: ['secrets|auth|audit', 'disable'], reason: 'removes secrets' },
  { programs: ['vault'], words: ['lease|token', 'revoke'], reason: 'revokes what others use' },
  { programs: ['vault'], words: ['operator', 'seal|step-down'], reason: 'stops the vault for everybody' },
  {
    programs: ['vault'],
    words: ['operator', 'rekey|generate-root|migrate'],
    unless: ['-status'],
    reason: 'makes new keys of the vault',
  },
  {
    programs: ['vault', 'consul', 'nomad'],
    words: ['operator', 'raft|snapshot'],
    argument: /^(?:restore|remove-peer)$/,
    reason: 'replaces or removes what it holds',
  },
  { programs: ['consul'], words: ['snapshot', 'restore'], reason: 'replaces all that it holds' },
  { programs: ['fuser'], flags: ['-k', '--kill'], reason: 'ends whatever uses it' },
  {
    programs: ['kill'],
    argument: /[$`]\(?(?:sudo )?(?:lsof|fuser|ss|netstat|ps)\b/,
    without: /^-(?:0|HUP|1|SIGHUP)$/,
    reason: 'ends whatever processes it finds',
  },
  { programs: ['ss'], flags: ['-K', '--kill'], reason: 'ends connections' },
  { programs: ['swapoff'], flags: ['-a', '--all'], reason: 'may leave the machine without memory' },
  { programs: ['journalctl'], argument: /^--vacuum-/, reason: 'removes logs' },
  {
    programs: ['disko', 'disko-install', 'nix'],
    argument: /^(?:--mode=)?(?:disko|destroy|format|zap_create_mount|destroy,[\w,]+)$|\bdisko-install\b/,
    reason: 'makes a new, empty file system',
  },
  { programs: ['nixos-install', 'coreos-installer', 'archinstall'], reason: 'installs a system over what is there' },
  { programs: ['proxmox-boot-tool', 'bcachefs'], words: ['format'], reason: 'makes a new, empty file system' },
  { programs: ['mkntfs', 'mkexfatfs', 'mkdosfs', 'mkreiserfs'], reason: 'makes a new, empty file system' },
  { programs: ['sg_format', 'sg_sanitize'], reason: 'overwrites a device' },
  { programs: ['badblocks'], flags: ['-w'], reason: 'overwrites a device' },
  { programs: ['mdadm'], flags: ['--create', '-C'], reason: 'overwrites devices' },
  { programs: ['zpool'], words: ['create'], flags: ['-f'], reason: 'overwrites devices' },
  { programs: ['ceph-volume'], words: ['lvm', 'zap'], reason: 'overwrites a device' },
  { programs: ['podman'], words: ['system', 'reset'], reason: 'removes all containers, images and volumes' },
  {
    programs: ['k3d', 'kind'],
    words: ['cluster|clusters|delete', 'delete|cluster|clusters'],
    reason: 'removes a cluster',
  },
  { programs: ['talosctl', 'microk8s'], argument: /^reset$/, reason: 'wipes a machine' },
  { programs: ['istioctl'], argument: /^uninstall$/, reason: 'removes objects of the cluster' },
  { programs: ['nvme'], words: ['format|sanitize|delete-ns'], reason: 'overwrites a device' },
  {
    programs: ['storcli', 'storcli64', 'perccli', 'megacli', 'MegaCli64'],
    argument: /^(?:del|delete|-CfgLdDel.*|-CfgClr)$/i,
    reason: 'removes disks of an array',
  },
  {
    programs: ['hdparm'],
    argument: /^--(?:security-erase.*|trim-sector.*|make-bad-sector)$/,
    reason: 'overwrites a device',
  },
  {
    programs: ['ipmitool'],
    words: ['*'],
    argument: /^(?:off|cycle|reset|soft)$/,
    reason: 'stops or restarts the machine',
  },
  { programs: ['aws'], words: ['*', 'schedule-key-deletion|batch-delete-image'], reason: 'removes cloud resources' },
  {
    programs: ['aws'],
    words: ['ssm', 'send-command'],
    argument: /\b(?:reboot|shutdown|poweroff|halt|mkfs|wipefs|shred|kill|stop|drop|truncate|delete)\b|\brm -|file:/i,
    reason: 'stops or removes something on other machines, as far as can be seen',
  },
  {
    programs: ['ansible', 'salt', 'salt-call', 'salt-ssh'],
    argument:
      /\b(?:reboot|shutdown|poweroff|mkfs|wipefs|shred)\b|\brm -|\bstate=absent\b|\b(?:file|pkg|user|system)\.(?:remove|delete|purge|reboot|shutdown|halt|poweroff)\b/,
    reason: 'removes or stops what many machines have',
  },
];

export const MORE_DESTRUCTIVE: readonly DestructiveRule[] = [...DATABASES, ...MACHINES];
