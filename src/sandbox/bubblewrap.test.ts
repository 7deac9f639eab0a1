import { describe, expect, test } from 'vitest';
import { type BubblewrapView, bubblewrapOptions } from './bubblewrap.js';

const view: BubblewrapView = {
  network: false,
  writable: ['/home/ann/shop'],
  hidden: [
    { path: '/home/ann/shop/.opsroom', isFolder: true },
    { path: '/home/ann/shop/.env', isFolder: false },
  ],
  cwd: '/home/ann/shop/api',
  env: { PATH: '/usr/bin', NAME: 'a b' },
};

/** Where an option with these operands stands; -1 when it is not there. */
function place(options: string[], ...wanted: string[]): number {
  return options.findIndex((_, at) => wanted.every((word, offset) => options[at + offset] === word));
}

describe('the view of a sandboxed step', () => {
  test('the options, word for word', () => {
    const options = bubblewrapOptions(view);
    expect(options.slice(0, 11)).toEqual([
      '--unshare-user-try',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--unshare-cgroup-try',
      '--unshare-net',
      '--die-with-parent',
      '--new-session',
      '--cap-drop',
      'ALL',
      '--clearenv',
    ]);
    const lines = [
      '--proc /proc --dev /dev',
      '--tmpfs /tmp --tmpfs /var/tmp --tmpfs /run --tmpfs /home --tmpfs /root',
      '--bind /home/ann/shop /home/ann/shop',
      '--tmpfs /home/ann/shop/.opsroom --ro-bind /dev/null /home/ann/shop/.env',
    ];
    expect(options.slice(place(options, '--proc', '/proc'))).toEqual(
      lines
        .flatMap((line) => line.split(' '))
        .concat('--setenv', 'PATH', '/usr/bin', '--setenv', 'NAME', 'a b', '--chdir', '/home/ann/shop/api'),
    );
  });

  test('nothing but the system and the workspace is bound, and only the workspace for writing', () => {
    const options = bubblewrapOptions({ ...view, network: true, hidden: [] });
    const bound = options.flatMap((word, at) => (/^--(ro-|dev-)?bind/.test(word) ? [[word, options[at + 1]]] : []));
    expect(bound.filter(([how]) => how !== '--ro-bind-try')).toEqual([['--bind', '/home/ann/shop']]);
    for (const [, path] of bound.slice(0, -1))
      expect(path).toMatch(/^\/(usr|s?bin|lib(32|64|x32)?|nix\/store|etc\/.+)$/);
    for (const secret of [
      '/etc',
      '/etc/shadow',
      '/etc/ssl',
      '/etc/ssl/private',
      '/etc/ssh',
      '/',
      '/proc',
      '/sys',
      '/var',
    ]) {
      expect(bound.map(([, path]) => path)).not.toContain(secret);
    }
  });

  test('the network is left, and names resolved, only where it is allowed', () => {
    const open = bubblewrapOptions({ ...view, network: true });
    expect(open).not.toContain('--unshare-net');
    expect(open).toContain('/etc/resolv.conf');
    expect(bubblewrapOptions(view)).not.toContain('/etc/resolv.conf');
  });

  test('a folder to hide that lies outside of the writable ones is not made', () => {
    const outside = ['/home/ann/.opsroom', '/home/ann/shop'].map((path) => ({ path, isFolder: true }));
    const options = bubblewrapOptions({ ...view, hidden: outside });
    expect(options.slice(place(options, '--bind', '/home/ann/shop') + 3)[0]).toBe('--setenv');
  });
});
