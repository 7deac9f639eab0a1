import type { DestructiveRule } from './destructive-rules.js';

/** Databases and what migrates them. */
const DATABASES: readonly DestructiveRule[] = [
  { programs: ['mix'], argument: /^(?:ecto\.(?:reset|drop|rollback))$/, reason: 'empties a database' },
  { programs: ['dotnet'], words: ['ef', 'database', 'drop'], reason: 'drops a database' },
  {
    programs: ['liquibase'],
    argument: /^(?:drop-?all|rollback.*)$/i,
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
  { programs: ['rbd', 'rados'], argument: /^(?:rm|remove|purge|rmpool|trash)$/, reason: 'removes stored data' },
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
    programs: ['ansible', 'salt', 'salt-call', 'salt-ssh'],
    argument:
      /\b(?:reboot|shutdown|poweroff|mkfs|wipefs|shred)\b|\brm -|\bstate=absent\b|\b(?:file|pkg|user|system)\.(?:remove|delete|purge|reboot|shutdown|halt|poweroff)\b/,
    reason: 'removes or stops what many machines have',
  },
];

export const MORE_DESTRUCTIVE: readonly DestructiveRule[] = [...DATABASES, ...MACHINES];
