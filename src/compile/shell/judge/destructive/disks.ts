import type { ReasonedShape } from '../shapes.js';

/** Disks, their partitions and file systems, and storage that spans machines. */
export const DISKS: readonly ReasonedShape[] = [
  { programs: ['dd'], argument: /^of=/, reason: 'overwrites a file or a device' },
  { programs: ['shred', 'wipe', 'wipefs', 'blkdiscard'], reason: 'overwrites data for good' },
  {
    programs: ['fdisk', 'parted', 'sgdisk', 'sfdisk', 'gdisk', 'cfdisk'],
    unless: ['-l', '--list', '-p'],
    without: /^print$/,
    reason: 'changes partitions',
  },
  { programs: ['lvremove', 'vgremove', 'pvremove', 'dmsetup'], reason: 'removes volumes' },
  { programs: ['vgreduce'], reason: 'removes volumes' },
  {
    programs: ['fsck', 'e2fsck', 'fsck.ext4', 'fsck.ext3', 'fsck.ext2', 'fsck.fat', 'dosfsck'],
    flags: ['-y', '-a', '-p'],
    unless: ['-n'],
    reason: 'mends a file system without asking what is lost',
  },
  { programs: ['xfs_repair'], flags: ['-L'], reason: 'discards what was not yet written' },
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
];
