import type { ShellFacts } from '../shell/facts.js';
import { codeLines } from './rules-text.js';

/** Programs that people type; a block without a language must hold nothing else. Words that are English, too, are missing. */
const PROGRAMS = new Set(
  `7z ab ansible ansible-playbook ansible-galaxy ansible-vault apachectl apk apt apt-cache apt-get apt-key apt-mark argocd awk aws az
  base64 bash basename bazel bin/rails bower brew bundle bunzip2 bun bunx bzip2 cargo cat cd certbot chgrp chmod chown chroot cmake cmp
  composer conda consul corepack cp createdb createuser crictl crontab ctr curl cut date dd deno df dig dirname dmesg dnf docker
  docker-compose doctl dotnet dpkg dropdb du echo eksctl env etcdctl eval exec export fdisk firebase flask flux flyctl fly gcc
  gcloud gem gh gitlab-ctl gitlab-rake git glab go gpg gradle gradlew grep gsutil gulp gunicorn gunzip gzip head helm helmfile heroku hostname
  hostnamectl htpasswd http hugo id ifconfig install ip iptables istioctl java javac jq journalctl k3d k3s kill killall kind
  kubeadm kubectl kubens kubectx kustomize ldconfig linkerd ln ls lsblk lsof lxc make mamba md5sum meson microk8s minikube mkdir mkfs mktemp
  mongodump mongorestore mongosh mongo mount mv mvn mvnw mysql mysqladmin mysqldump nc netlify netstat nginx ninja nmcli node nomad npm npx nslookup nvm
  oc openssl packer pacman patch pg_basebackup pg_ctl pg_dump pg_dumpall pg_isready pg_restore pgrep php ping pip pip3 pipenv pipx pkill
  pm2 pnpm podman poetry printf prisma ps psql pulumi pwd pytest python python2 python3 rabbitmqctl rails rake rbenv rclone redis-cli redis-server
  restic rm rmdir rsync ruby rustup s3cmd scp screen sed service set sftp sh sha256sum shasum skaffold sleep snap sops sort source
  sqlite3 ss ssh ssh-add ssh-copy-id ssh-keygen stat strace su sudo sysctl systemctl tail tar task tee terraform terragrunt tofu
  timedatectl tmux touch tr traceroute trivy tsc tsx turbo ufw ulimit umask umount uname unset unzip update-ca-certificates uptime useradd
  usermod uv uvicorn uvx vagrant vault velero vercel vim virtualenv vite vi wc wget which whoami winget wrangler xargs xz yarn yq yum
  zip zypper nano adduser addgroup groupadd passwd visudo a2ensite a2enmod supervisorctl mkcert just mix elixir iex cabal stack ghc swift xcodebuild
  xbps-install emerge eselect pkg pkg_add pkgin flatpak opkg eopkg swupd nala mas pod flutter dart ng vue-cli-service storybook docker-machine buildah skopeo crane cosign kubeseal stern k9s mc minio etcd pg_upgrade pgbench
  pgbackrest barman wal-g comm diff continue break add-apt-repository airflow alembic blkid btrfs ceph chcon clickhouse-client cqlsh dbt django-admin dpkg-reconfigure firewall-cmd flyway
  getfacl gitlab-runner hdfs iostat knex loginctl lsmod lvextend lvs mariadb mariadb-dump mdadm modprobe mysqlcheck mysqlimport nmap
  nodetool parted podman-compose pvs resize2fs rpm semanage setfacl smartctl spark-submit ssh-keyscan systemd-analyze tcpdump
  update-grub vgs vmstat wipefs zfs zpool php-fpm artisan wp drush symfony luarocks opam dune kops yay paru yaourt nix nix-env nix-shell nixos-rebuild guix port choco scoop mise asdf direnv pyenv nodenv
  . [ [[ test true false : if for while export alias`.split(/\s+/),
);

/** Whether a program of this name is one that people type. */
export function isKnownProgram(name: string): boolean {
  return PROGRAMS.has(name);
}

/**
 * Whether a text without a language is commands and nothing else: it parses, and every command is of a program that is known.
 *
 * @param elsewhere programs that the same document types in blocks that are tagged as shell
 */
export function isTyped(script: string, facts: ShellFacts, elsewhere: ReadonlySet<string>): boolean {
  const typed = facts.commands.filter(({ substituted, remote }) => !substituted && !remote);
  if (!facts.parsed || typed.length === 0) return false;
  if (typed.every(({ program }) => program === '')) return false;
  if (codeLines(script).some(readsAsProse)) return false;
  return typed.every(
    ({ program, start }) =>
      program === '' ||
      PROGRAMS.has(program) ||
      elsewhere.has(program) ||
      isPath(script, start) ||
      /\.(?:sh|bash)$/.test(program),
  );
}

/** Whether a text has the form of commands: each is of a program that is known, or has an option. */
export function readsAsCommands(script: string, facts: ShellFacts, elsewhere: ReadonlySet<string>): boolean {
  const typed = facts.commands.filter(({ substituted, remote }) => !substituted && !remote);
  if (!facts.parsed || typed.length === 0 || codeLines(script).some(readsAsProse)) return false;
  return typed.every(({ program, args }) => {
    if (PROGRAMS.has(program) || elsewhere.has(program)) return true;
    return /^[a-z][a-z\d_.-]+$/.test(program) && args.some((word) => /^--?[A-Za-z]/.test(word));
  });
}

/** `./deploy.sh`, `bin/setup`, `~/x`, `/usr/bin/x`. */
function isPath(script: string, start: number): boolean {
  const [word = ''] = /^(?:sudo\s+)?\S+/.exec(script.slice(start)) ?? [];
  return /^(?:sudo\s+)?(?:\.{1,2}|~|bin|scripts?|tools?|\.?\/[\w.-]+)?\/[\w./-]+$/.test(word);
}

/** `make sure that …`, `go to the page`, `set the value to`, `find it here`. */
function readsAsProse(line: string): boolean {
  const text = line.trim();
  return (
    /^(?:make sure|go to|set the|set up|install the|kill the|touch the|test (?:the|that|if)|which (?:is|are|will)|exec the|date of|split the|if you|for (?:the|each|a) \w+ (?!in\b))/i.test(
      text,
    ) || /^\p{Lu}\p{Ll}+ [\p{Ll} ]+[.:]?$/u.test(text)
  );
}
