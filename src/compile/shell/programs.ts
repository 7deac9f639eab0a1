/** Programs that people type; a block without a language must hold nothing else. Words that are English, too, are missing. */
const PROGRAMS = new Set(
  `7z Rscript VBoxManage a2enmod a2ensite ab aclocal acme.sh adb add-apt-repository addgroup adduser airflow alembic aliyun amplify amtool
  ansible ansible-galaxy ansible-lint ansible-playbook ansible-vault ant anvil apache2ctl apachectl apk apt apt-cache apt-file apt-get
  apt-key apt-mark arduino-cli argocd arp arping artisan asdf asmcmd asterisk astro auditctl aureport ausearch authselect autoconf
  automake autoreconf autossh avdmanager avrdude awk aws aws-iam-authenticator aws-vault az azcopy b2sum bandit barman base64 basename
  bash bazel bb bcp bibtex bin/rails birdc bitcoin-cli bitcoind blkid bloop bootctl borg borgmatic bower bq brctl break brew btrfs buildah
  buildctl buildkite-agent bun bundle bunx bunzip2 busctl bzip2 cabal calicoctl cardano-cli cargo cargo-binstall carton cat catkin_make cd
  cdk cdktf celery ceph ceph-volume cephadm certbot certutil cf cfssl cfssljson chage chalice chattr chcon checkov chef-client chezmoi
  chgrp chkconfig chkrootkit chmod choco chown chpasswd chronyc chroot cilium circleci civo cksum clamscan clang clang-format clang-tidy
  clickhouse-client clippy-driver clj clojure cloud-init cloud-localds clusterdb cmake cmp codesign colcon comm composer concurrently
  conda conftest consul consul-template continue cordova coredumpctl corepack corosync-cfgtool cosign cp cpack cpan cpanm cqlsh crane
  createdb createlang createuser crictl crio crm crm_mon crontab crsctl crushtool cryptsetup crystal cscli csf ctest ctr curl cut
  cypher-shell cypress cz daphne dart datadog-agent date db2 dbmate dbt dd ddrescue deactivate deepspeed dehydrated deluser deno depmod devspace df
  dfu-util diff dig direnv dirname diskutil django-admin dkms dmesg dmidecode dnf dnssec-keygen do-release-upgrade docker docker-compose docker-machine doctl
  dos2unix dotnet doveadm dpkg dpkg-query dpkg-reconfigure dracut dramatiq drbdadm dropdb dropuser drush dscacheutil dstat du duckdb dune
  duplicity dvc e2fsck eas easyrsa echo ecs-cli efibootmgr eksctl elasticsearch-plugin elixir emerge env envconsul envsubst eopkg erl
  esbuild eselect eslint esptool esptool.py esxcli esy etcd etcdctl etcdutl ethtool eval exa exec exim exo expdp expo exportfs eza
  fail2ban-client fallocate fastlane fdisk ffmpeg ffprobe filebeat firebase firewall-cmd flake8 flask flatpak fluent-bit flutter flux fly
  flyctl flyway fnm freshclam fs_cli fsck fuser fvm fwupdmgr fzf g++ gaiad gatsby gcc gcloud gdb gdisk gem getcap getenforce getent
  getfacl geth gettext gfortran gh gh-ost ghc git git-crypt git-lfs gitlab-ctl gitlab-rake gitlab-runner gitleaks glab gluster go gofmt
  golangci-lint goose goreleaser govc gpasswd gpg gpgconf gradle gradlew grafana-cli grafana-server grep groovy groupadd groupdel groupmod
  growpart grub-install grub-mkconfig grub2-install grub2-mkconfig grype gsutil guix gulp gunicorn gunzip gzip hadolint haproxy hardhat
  hcloud hdfs hdiutil hdparm head helm helm-docs helmfile heroku hexdump hexo hg hostname hostnamectl hping3 htdigest htop htpasswd http
  httpd huggingface-cli hugo hwclock hypercorn i2cdetect ibmcloud iconv id idf.py iex ifconfig iftop impdp incus influx influxd infracost
  initdb innobackupex inotifywait insmod install invoke-rc.d ionic ionice iostat iotop ip ip6tables iperf iperf3 ipfs ipsec ipset iptables
  iptables-restore iptables-save iscsiadm isort isql istioctl jar java javac jekyll jest journalctl jq julia jupyter just k0s k3d k3s k9s
  kadmin kafka-configs.sh kafka-console-consumer kafka-console-consumer.sh kafka-console-producer.sh kafka-consumer-groups
  kafka-consumer-groups.sh kafka-topics kafka-topics.sh kafkacat kaggle kamcmd kamctl kapp kargo kcat keepalived keydb-cli keytool kill
  killall kind kinit klist knex knife kops kotlin kotlinc kube-bench kubeadm kubeconform kubectl kubectx kubefwd kubelogin kubens kubeseal
  kubeval kustomize kyverno latexmk launchctl ldapadd ldapdelete ldapmodify ldapsearch ldconfig lego lein lerna lftp libtoolize linkerd
  linode-cli liquibase litecli ln lncli localectl logcli logger loginctl logrotate losetup ls lsattr lsb_release lsblk lscpu lsmod lsnrctl
  lsof lspci lsusb ltrace lua luarocks lvcreate lvdisplay lvextend lvresize lvs lxc lxd lynis lz4 machinectl magick mailx make mamba
  mariabackup mariadb mariadb-dump mas mc md5 md5sum mdadm melos memcached meson microk8s micromamba middleman mimirtool minikube minio
  mise mix mkcert mkdir mkdocs mkfs mkfs.btrfs mkfs.ext4 mkfs.vfat mkfs.xfs mkswap mktemp mlflow mlr modinfo modprobe mokutil molecule
  mongo mongodump mongoexport mongoimport mongorestore mongosh mongostat mongotop mosh mosquitto_pub mosquitto_sub mount mount.cifs mpstat
  msbuild msgfmt mtr multipath multipathd mv mvn mvnd mvnw mycli mydumper myloader mypy mysql mysql_upgrade mysqladmin mysqlbinlog
  mysqlcheck mysqldump mysqlimport mysqlpump mysqlslap nala named-checkconf named-checkzone nano nasm nats nc ncat ncdu ncftp neo4j-admin
  nerdctl netfilter-persistent nethogs netlify netstat networkctl networksetup neutron newgrp nft ng nginx nim nimble ninja nix nix-env
  nix-shell nixos-rebuild nl nmap nmcli node nodemon nodenv nodetool nohup nomad nova nox npm nproc npx nslookup nsupdate ntpq nuget
  numactl nuxi nuxt nvm nvme nx objdump oc ocaml oci octave od okteto ollama opa opam openocd openssl openstack openvpn opkg ora2pg oras
  osascript osqueryi ovs-ofctl ovs-vsctl packer pacman pandoc papermill parcel parted partprobe paru passwd patch patronictl pcs pct
  pdflatex pdm pdns_control pdnsutil perl pg_basebackup pg_controldata pg_ctl pg_ctlcluster pg_dropcluster pg_dump pg_dumpall pg_isready
  pg_lsclusters pg_receivewal pg_resetwal pg_restore pg_rewind pg_upgrade pg_upgradecluster pg_verifybackup pgbackrest pgbench pgbouncer
  pgcli pgloader pgrep php php-fpm phpunit pidstat pigz ping pio pip pip3 pipenv pipx pkg pkg_add pkgin pkill platformio playwright plutil
  pm2 pmset pnpm pod podman podman-compose poetry port postconf postfix postmap postqueue pre-commit prettier printf prisma promtool
  proxmox-backup-client proxysql ps psql pt-online-schema-change pt-table-checksum pulumi puppet pv pvcreate pvdisplay pvesh pveum pvs pwd
  pwgen pyenv pytest python python2 python3 qemu-img qemu-system-x86_64 qm qstat qsub quasar rabbitmq-plugins rabbitmqadmin rabbitmqctl
  rados radosgw-admin radtest rails rake rancher raspi-config rbac-lookup rbd rbenv rc-service rc-update rclone rdiff-backup react-native
  rebar3 redis-benchmark redis-cli redis-sentinel redis-server regctl reindexdb renice repmgr resize2fs resolvectl restic restorecon rg
  rke rke2 rkhunter rm rman rmdir rmmod rndc rollup ros2 rosdep roslaunch rosrun rpm rpm-ostree rsnapshot rspec rsync rsyslogd rubocop
  ruby ruff rustc rustup rye s3cmd salt-call salt-key sam samba-tool saml2aws sar sbatch sbt scala scala-cli scalac scancel scoop scp
  scrapy screen scutil scw sdkmanager sed semanage semantic-release semodule sendmail seq serverless service sestatus set setcap
  setenforce setfacl sfdisk sftp sgdisk sh sha1sum sha256sum sha512sum shards shasum showmount shred sinfo skaffold skopeo slackpkg
  slapadd slapcat slapd slappasswd sleep sls smartctl smbclient snap snmpget snmpwalk socat softwareupdate solana sops sort source
  spark-submit spctl sphinx-build splunk sqitch sqlcmd sqlite3 sqlplus squeue squid srun srvctl ss ssh ssh-add ssh-agent ssh-copy-id
  ssh-keygen ssh-keyscan sshpass sssctl st-flash stack stat stern storybook stow strace streamlit su sudo supervisorctl svn swaks swapoff
  swapon swift swupd syft symfony sync syncthing sysctl systemctl systemd-analyze systemd-cat systemd-resolve systemd-run tac tail
  talosctl tar targetcli task taskset tc tccli tclsh tcpdump tctl td-agent tee telegraf telepresence telnet tensorboard terraform
  terraform-docs terragrunt testparm tflint tfsec tilt timedatectl tkn tmux tmuxinator tofu torchrun touch tox tput tr traceroute
  transactional-update trivy truffle ts-node tsc tsh tshark tsx tune2fs turbo twine udevadm ufw ulimit umask umount uname unbound-control
  unison unix2dos unrar unset unxz unzip update-alternatives update-ca-certificates update-grub update-rc.d uptime useradd userdel usermod
  usql uuidgen uv uvicorn uvx vacuumdb vagrant valgrind valkey-cli varnishadm vault vcgencmd velero vercel vgcreate vgdisplay vgextend vgs
  vi vim virsh virt-install virtualenv visudo vite vitest vmrun vmstat volta vtysh vue-cli-service vultr-cli vzdump wal-g wandb wasm-pack
  wbinfo wc webpack wg wg-quick wget which whoami whois winget wipefs wp wrangler xargs xbps-install xcode-select xcodebuild xcrun xelatex
  xfs_growfs xfs_repair xfsdump xfsrestore xmllint xsltproc xtrabackup xxd xz xzcat yaourt yarn yay yq ytt yum zabbix_get zabbix_sender
  zappa zcat zfs zgrep zig zip zkCli.sh zookeeper-shell.sh zpool zstd zypper . [ [[ test true false : if for while export alias`.split(
    /\s+/,
  ),
);

/** Words of sentences, too: with an option, a path or an address they are programs. */
const WORDS =
  /^(?:act|age|anchor|at|bat|black|boot|cap|cast|code|column|convert|display|expand|expect|fd|find|fold|forge|free|garden|glance|hatch|host|hub|identify|import|join|lab|last|less|login|look|mail|mill|module|more|near|nest|net|next|nice|open|parallel|pass|paste|realm|rename|route|rush|salt|script|security|shutdown|split|spring|start|step|strings|surge|tea|temporal|time|timeout|tree|trunk|vector|watch|who)$/;

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
