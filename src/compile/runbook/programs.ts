/** Programs that people type; a block without a language must hold nothing else. Words that are English, too, are missing. */
const PROGRAMS = new Set(
  `7z a2enmod a2ensite ab add-apt-repository addgroup adduser airflow alembic aliyun amtool ansible ansible-galaxy ansible-playbook
  ansible-vault ant apache2ctl apachectl apk apt apt-cache apt-get apt-key apt-mark argocd arp artisan asdf awk aws az bandit barman
  base64 basename bash bazel bin/rails blkid borg borgmatic bower brctl break brew btrfs buildah bun bundle bunx bunzip2 bzip2 cabal
  calicoctl cargo cargo-binstall cat cd celery ceph certbot cf chage chcon chezmoi chgrp chkconfig chmod choco chown chpasswd chronyc
  chroot cilium civo clickhouse-client clippy-driver clj cmake cmp comm composer conda consul continue corepack cosign cp cqlsh crane
  createdb createuser crictl crio crontab cryptsetup ctr curl cut cypress dart date dbt dd deluser deno depmod df diff dig direnv dirname
  django-admin dmesg dmidecode dnf docker docker-compose docker-machine doctl dotnet doveadm dpkg dpkg-reconfigure dracut dropdb drush du
  dune duplicity e2fsck eas echo efibootmgr eksctl elixir emerge env eopkg esbuild eselect eslint etcd etcdctl ethtool eval exec exim exo
  expo fallocate fdisk firebase firewall-cmd flake8 flask flatpak flutter flux fly flyctl flyway fnm fsck gatsby gcc gcloud gdisk gem
  getent getfacl gh ghc git gitlab-ctl gitlab-rake gitlab-runner glab go gofmt golangci-lint goreleaser gpasswd gpg gradle gradlew grep
  groovy groupadd groupdel groupmod grub-install grub-mkconfig grub2-install grub2-mkconfig gsutil guix gulp gunicorn gunzip gzip hcloud
  hdfs head helm helmfile heroku hexo hostname hostnamectl htdigest htpasswd http httpd hugo hwclock ibmcloud id iex ifconfig incus influx
  influxd install invoke-rc.d iostat ip ip6tables ipset iptables isort istioctl jar java javac jekyll jest journalctl jq jupyter just k0s
  k3d k3s k9s kafka-console-consumer kafka-consumer-groups kafka-topics kafka-topics.sh kapp keytool kill killall kind knex kops kotlinc
  kubeadm kubeconform kubectl kubectx kubens kubeseal kubeval kustomize ldconfig lein lerna linkerd linode-cli ln logcli loginctl
  logrotate losetup ls lsblk lscpu lsmod lsof lspci lsusb luarocks lvcreate lvdisplay lvextend lvresize lvs lxc lxd make mamba mariabackup
  mariadb mariadb-dump mas mc md5sum mdadm meson microk8s minikube minio mise mix mkcert mkdir mkdocs mkfs mkswap mktemp modprobe mongo
  mongodump mongorestore mongosh mount mv mvn mvnd mvnw mypy mysql mysql_upgrade mysqladmin mysqlbinlog mysqlcheck mysqldump mysqlimport
  mysqlpump nala named-checkconf named-checkzone nano nc nerdctl netlify netstat neutron newgrp nft ng nginx ninja nix nix-env nix-shell
  nixos-rebuild nmap nmcli node nodenv nodetool nomad nova nox npm npx nslookup ntpq nvm nx oc oci opam openssl openstack opkg packer
  pacman parcel parted partprobe paru passwd patch patronictl pct pdm pg_basebackup pg_ctl pg_ctlcluster pg_dropcluster pg_dump pg_dumpall
  pg_isready pg_lsclusters pg_restore pg_upgrade pg_upgradecluster pgbackrest pgbench pgbouncer pgrep php php-fpm ping pip pip3 pipenv
  pipx pkg pkg_add pkgin pkill playwright pm2 pnpm pod podman podman-compose poetry port postconf postfix postmap postqueue pre-commit
  prettier printf prisma promtool proxmox-backup-client ps psql pulumi pvcreate pvdisplay pvesh pveum pvs pwd pyenv pytest python python2
  python3 qm rabbitmq-plugins rabbitmqctl rails rake rancher rbenv rc-service rc-update rclone rdiff-backup react-native redis-benchmark
  redis-cli redis-server repmgr resize2fs restic rke rke2 rm rmdir rmmod rndc rollup rpm rsnapshot rsync ruby ruff rustc rustup rye s3cmd
  sbt scala scalac scoop scp screen scw sed semanage sendmail service set setfacl sfdisk sftp sgdisk sh sha256sum shasum skaffold skopeo
  sleep smartctl snap sops sort source spark-submit sphinx-build sqlite3 ss ssh ssh-add ssh-copy-id ssh-keygen ssh-keyscan stack stat
  stern storybook stow strace streamlit su sudo supervisorctl swapoff swapon swift swupd symfony sync sysctl systemctl systemd-analyze
  tail talosctl tar task tc tccli tcpdump tctl tee telegraf terraform terragrunt timedatectl tmux tofu touch tox tr traceroute trivy tsc
  tsh tsx tune2fs turbo twine udevadm ufw ulimit umask umount uname unbound-control unset unzip update-alternatives update-ca-certificates
  update-grub update-rc.d uptime useradd userdel usermod uv uvicorn uvx vagrant vault velero vercel vgcreate vgdisplay vgextend vgs vi vim
  virsh virt-install virtualenv visudo vite vitest vmstat volta vue-cli-service vultr-cli vzdump wal-g wc webpack wget which whoami winget
  wipefs wp wrangler xargs xbps-install xcodebuild xfs_growfs xfs_repair xfsdump xfsrestore xtrabackup xz yaourt yarn yay yq ytt yum zfs
  zip zkCli.sh zpool zypper . [ [[ test true false : if for while export alias`.split(/\s+/),
);

/** Words of sentences, too: with an option, a path or an address they are programs. */
const WORDS =
  /^(?:at|black|code|expand|find|fold|free|glance|hatch|join|last|less|login|look|more|nice|open|paste|rename|route|rush|shutdown|split|spring|start|surge|temporal|time|timeout|watch|who)$/;

/** An option, a path or an address, as no word of a sentence has. */
const SHAPED = /^--?[A-Za-z]|^(?:\.{1,2}|~)?\/|^[\w.-]+\/[\w./-]+$|^https?:\/\/|^\.$/;

/** Whether a word has a form that words of sentences do not have. */
export function isShaped(word: string): boolean {
  return SHAPED.test(word);
}

/** Whether a program of this name, with these words after it, is one that people type. */
export function isKnownProgram(name: string, args: readonly string[] = []): boolean {
  return PROGRAMS.has(name) || (WORDS.test(name) && args.some(isShaped));
}
