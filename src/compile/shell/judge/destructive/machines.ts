import type { ReasonedShape } from '../shapes.js';

/** Processes, users, networks and packages of machines, and machines as a whole. */
export const MACHINES: readonly ReasonedShape[] = [
  {
    programs: ['kill', 'pkill', 'killall', 'skill'],
    argument: /^-(?:[sn]|-signal=)?(?:0*9|(?:SIG)?KILL)$/i,
    reason: 'ends processes that cannot save anything first',
  },
  {
    programs: ['kill', 'pkill', 'killall', 'skill'],
    flags: ['-s', '-n', '--signal'],
    behind: /^(?:0*9|(?:SIG)?KILL)$/i,
    reason: 'ends processes that cannot save anything first',
  },
  {
    programs: ['pkill'],
    flags: ['-f', '--full'],
    without: /^-(?:0|1|HUP|USR[12]|SIGHUP|SIGUSR[12])$/,
    reason: 'ends whatever process has it in its command line',
  },
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
  { programs: ['ip'], words: ['link', 'set'], argument: /^down$/, reason: 'cuts off a network' },
  { programs: ['ifdown'], reason: 'cuts off a network' },
  { programs: ['nmcli'], words: ['*', 'delete|del|down'], reason: 'removes network settings' },
  { programs: ['firewall-cmd'], argument: /^--(?:remove|delete)-/, reason: 'removes firewall rules' },
  { programs: ['crontab'], flags: ['-r'], reason: 'removes all scheduled jobs' },
  { programs: ['shutdown', 'reboot', 'halt', 'poweroff', 'telinit', 'init'], reason: 'stops or restarts the machine' },
  {
    programs: ['systemctl'],
    words: ['reboot|poweroff|halt|kexec|rescue|emergency|kill|mask'],
    reason: 'stops the machine or a service for good',
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
  {
    programs: ['virsh'],
    words: ['destroy|undefine|vol-delete|pool-destroy|pool-delete|snapshot-delete'],
    reason: 'removes a virtual machine',
  },
  { programs: ['qm', 'pct'], words: ['destroy'], reason: 'removes a virtual machine' },
  { programs: ['esxcli'], argument: /^kill$/, reason: 'ends a virtual machine' },
  { programs: ['multipass', 'lxc', 'incus'], words: ['delete|purge'], reason: 'removes a virtual machine' },
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
    programs: ['ipmitool'],
    words: ['*'],
    argument: /^(?:off|cycle|reset|soft)$/,
    reason: 'stops or restarts the machine',
  },
  {
    programs: ['ansible', 'salt', 'salt-call', 'salt-ssh'],
    argument:
      /\b(?:reboot|shutdown|poweroff|mkfs|wipefs|shred)\b|\brm -|\bstate=absent\b|\b(?:file|pkg|user|system)\.(?:remove|delete|purge|reboot|shutdown|halt|poweroff)\b/,
    reason: 'removes or stops what many machines have',
  },
];
