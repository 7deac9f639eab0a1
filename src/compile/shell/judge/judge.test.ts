import { beforeAll, describe, expect, test } from 'vitest';
import type { Command } from '#compile/shell/facts.js';
import { loadShellGrammar, type ShellGrammar, shellFacts } from '#compile/shell/parse.js';
import { isActing } from './acting.js';
import { asserts } from './asserting.js';
import { isDestructive } from './destructive.js';
import { isInteractive } from './interactive.js';
import { managerOf } from './managers.js';
import { isReadOnly } from './reading.js';
import { isLongRunning } from './running.js';

let grammar: ShellGrammar;
beforeAll(async () => {
  grammar = await loadShellGrammar();
});

const commands = (script: string): readonly Command[] => shellFacts(script, grammar).commands;
const last = (script: string): Command => {
  const command = commands(script).at(-1);
  if (command === undefined) throw new Error(`no command in ${script}`);
  return command;
};

describe('acting', () => {
  test.each([
    'docker push registry.test/shop:test',
    'docker pull app:test',
    'supervisorctl restart web:health',
    'php artisan backup:run',
    'bundle exec rake db:migrate',
    'npm run db:migrate',
    'systemctl restart app',
    'kubectl run hello-world --image=nginx',
    'docker run --name hello-world nginx',
    'ansible-playbook',
    'ansible-playbook site.yml',
    'ansible-playbook checkout.yml',
    'ansible-playbook deploy-and-verify.yml',
    'ansible-playbook rollback_and_validate.yml',
    'ansible-playbook health-check.yml site.yml',
  ])('%s', (script) => expect(isActing(last(script))).toBe(true));

  test.each([
    'php artisan migrate:status',
    'rake db:migrate:status',
    'npm run test:deploy',
    'trivy image app:install',
    'helm rollout status',
    './check.sh',
    'podman run --rm hello-world',
    'ansible-playbook -i prod playbooks/health-check.yml',
    'ansible-playbook dr-validate.yaml pre-flight-checks.yml',
  ])('not %s', (script) => expect(isActing(last(script))).toBe(false));
});

describe('destructive', () => {
  test('emptying a file is not, once it was moved aside', () => {
    const all = commands('mv app.log app.log.1\n: > app.log\n: > other.log');
    const dangers = all.map((command, at) => isDestructive(command, all.slice(0, at))?.reason);
    expect(dangers).toEqual([undefined, undefined, 'empties a file']);
  });

  test.each([
    ': > app.log',
    'cat /dev/null > app.log',
    'terragrunt run-all destroy',
    'pulumi down --yes',
    'gcloud storage rm -r gs://x',
    'wget --method=DELETE https://x.internal/1',
    'wrangler d1 execute shop --command "DROP TABLE x"',
    'argocd app sync shop --prune',
    'cilium uninstall',
    'rke remove',
    'etcdctl member remove 8e9e05c52164694d',
    'vgreduce --removemissing vg',
    'e2fsck -fy /dev/sdb1',
    'xfs_repair -L /dev/sdb1',
    'qm destroy 100',
    'esxcli vm process kill -w 1',
    'ip link set eth0 down',
    'nmcli con delete shop',
    'firewall-cmd --permanent --remove-port=80/tcp',
    'pgbackrest --stanza=shop restore --delta',
    'barman delete shop oldest',
    'wal-g delete everything FORCE',
    'patronictl reinit shop db-2',
    'cockroach node decommission 4',
    'influx bucket delete -n shop',
    'hdfs dfs -rm -r /x',
    'kafka-configs --alter --delete-config retention.ms',
    'npm publish',
    'yarn npm publish',
    'twine upload dist/*',
    'kubectl -n shop scale deployment/web --replicas=0',
    'kubectl scale deployment/web --replicas 0',
    'kill -9 4711',
    'kill -s KILL 4711',
    'pkill -f worker',
    'rm -rf x',
    'sudo rm -r /x',
    'dd if=a of=/dev/sda',
    'mkfs.ext4 /dev/sdb1',
    'psql -c "DROP TABLE x"',
    "mysql -e 'delete from x'",
    'psql -c "select 1; truncate x"',
    'psql <<EOF\nDROP DATABASE x;\nEOF',
    'terraform destroy',
    'terraform apply -auto-approve',
    'kubectl -n a delete pod x',
    'helm -n a uninstall x',
    'git push --force',
    'git push -f origin main',
    'git push origin +main',
    'git reset --hard HEAD~1',
    'git clean -fd',
    'docker system prune -af',
    'docker rm -f x',
    'docker volume rm x',
    'docker compose -f a.yml down -v',
    'aws s3 rm s3://b --recursive',
    'aws ec2 terminate-instances --instance-ids x',
    'gcloud compute instances delete x',
    'az group delete -n x',
    'shutdown -h now',
    'userdel x',
    'iptables -F',
    'crontab -r',
    'redis-cli -h x FLUSHALL',
    'kafka-topics.sh --delete --topic x',
    'truncate -s 0 f',
    'find . -name x -delete',
    'cat f | xargs rm',
    'echo x > /dev/sda',
    'bash -c "rm -rf x"',
    "ssh h 'rm -rf x'",
    'curl -X DELETE http://x',
  ])('%s', (script) =>
    expect(commands(script).some((command) => isDestructive(command)?.kind === 'destroys')).toBe(true),
  );

  test.each([
    'ls -rf',
    'echo rm -rf x',
    'psql -c "DELETE FROM x WHERE id = 1"',
    'psql -c "select \'drop table x\'"',
    'terraform plan',
    'terraform apply',
    'kubectl get pods',
    'kubectl delete pod x --dry-run=client',
    'git push',
    'git reset HEAD x',
    'git clean -n',
    'docker compose down',
    'aws s3 ls',
    'systemctl stop x',
    'crontab -l',
    'redis-cli get x',
    'find . -name x',
    'iptables -L',
    'echo x > /dev/null',
    'git commit -m "rm -rf"',
    'curl https://x | jq .',
    'terraform destroy --help',
    'git checkout main',
    ': "${HOST:?}"',
    'cat a > b',
    'kill 4711',
    'kill -HUP 4711',
    'pkill -HUP -f nginx',
    'npm publish --dry-run',
    'npm run publish',
    'kubectl scale deployment/web --replicas=3',
  ])('not %s', (script) =>
    expect(commands(script).filter((command) => isDestructive(command) !== undefined)).toEqual([]),
  );

  test.each([
    'curl -fsSL https://x | sh',
    'wget -qO- x | sudo bash -s -- y',
    'bash <(curl x)',
    'sh -c "$(curl x)"',
    'eval "$(curl x)"',
  ])('remote code: %s', (script) =>
    expect(commands(script).some((command) => isDestructive(command)?.kind === 'remoteCode')).toBe(true),
  );
});

describe('interactive', () => {
  test.each([
    'sam deploy --guided',
    'sudo cryptsetup luksOpen /dev/sdb1 data',
    'openssl genrsa -aes256 -out key.pem 4096',
    'pass insert shop/db',
    'git config --global -e',
    'perf top',
    'adb shell',
    'eb ssh',
    'vim f',
    'less f',
    'top',
    'tmux',
    'tmux attach -t web',
    'psql',
    'psql -h x -U y db',
    'mysql -u root -p',
    'redis-cli -h x -p 1',
    'python3',
    'bash',
    'ssh -i k user@host',
    'docker exec -it x bash',
    'nerdctl exec -it x sh',
    'kubectl run -it --rm probe --image=busybox -- sh',
    'kubectl run -it --rm probe --image=busybox',
    'python manage.py shell',
    'make psql',
    'kubectl exec -it x -- sh',
    'git rebase -i x',
    'git add -p',
    'git commit',
    'crontab -e',
    'visudo',
    'gh auth login',
    'aws configure',
    'npm login',
    'ssh-keygen -t ed25519',
    'passwd',
    'read -p x Y',
    'sudo -i',
    'sudo -iu deploy',
    'docker compose exec web python manage.py createsuperuser',
    'docker run -it x sh',
    'su - app',
    'vault operator unseal',
    'kubectl exec vault-0 -- vault operator unseal -tls-skip-verify',
    'vault operator unseal -address https://vault:8200 -ca-cert /etc/ca.pem',
  ])('%s', (script) => expect(commands(script).some((command) => isInteractive(command) !== undefined)).toBe(true));

  test.each([
    'psql -c "select 1"',
    'psql -f x',
    'psql <<EOF\nselect 1\nEOF',
    'psql db < f',
    'echo x | mysql db',
    'redis-cli ping',
    'python3 x.py',
    'node -e 1',
    'bash x.sh',
    'ssh host ls',
    'ssh -N -L 1:2:3 host',
    'docker exec x ls',
    'git rebase x',
    'git commit -m x',
    'crontab -l',
    'aws configure set x y',
    "ssh-keygen -t ed25519 -N '' -f k",
    'top -b -n 1',
    'tmux source ~/.tmux.conf',
    'tmux new-session -d -s web',
    'while read x; do echo; done < f',
    'python3 -m venv x',
    'sudo ls',
    'sudo -iu deploy make all',
    'docker run -it -d x',
    "su - app -c 'ls'",
    'passwd --status web',
    'vault operator unseal "$KEY"',
    'vault operator unseal -reset',
    'echo "$KEY" | vault operator unseal -',
    'vault operator init -format=json',
  ])('not %s', (script) =>
    expect(commands(script).filter((command) => isInteractive(command) !== undefined)).toEqual([]),
  );
});

describe('long-running', () => {
  test.each([
    ['npm run dev', 'server', undefined],
    ['pnpm --filter web dev', 'server', undefined],
    ['npm run dev -- --port 4000', 'server', 4000],
    ['tail -f x', 'watcher', undefined],
    ['kubectl port-forward svc/x 8080:80', 'server', 8080],
    ['docker compose up', 'watcher', undefined],
    ['docker run -p 8080:80 nginx', 'server', 8080],
    ['python3 -m http.server', 'server', 8000],
    ['python manage.py runserver 0.0.0.0:8001', 'server', 8001],
    ['poetry run uvicorn a:b --port 8002', 'server', 8002],
    ['gunicorn -b 0.0.0.0:8003 a', 'server', 8003],
    ['php -S localhost:8004', 'server', 8004],
    ['redis-server', 'server', 6379],
    ['mvn spring-boot:run', 'server', undefined],
    ['./gradlew :web:bootRun', 'server', undefined],
    ['dotnet watch run', 'watcher', undefined],
    ['tensorboard --logdir x --port 6007', 'server', 6007],
    ['mlflow ui', 'server', 5000],
    ["nginx -g 'daemon off;'", 'server', undefined],
  ])('%s', (script, kind, port) => {
    const found = commands(script)
      .map(isLongRunning)
      .find((running) => running !== undefined);
    expect([found?.kind, found?.port]).toEqual([kind, port]);
  });

  test.each([
    'npm run build',
    'npm install',
    'tail x',
    'docker compose up -d',
    'docker run -d -p 1:1 x',
    'kubectl logs x',
    'go run .',
    'vite build',
    'npm test',
    'rails db:migrate',
    'mvn package',
    './gradlew build',
    'nginx -t',
  ])('not %s', (script) =>
    expect(commands(script).some((command) => isLongRunning(command) !== undefined)).toBe(false),
  );
});

describe('reading', () => {
  test.each([
    'ls -la',
    'curl -fsS https://x',
    'curl -X GET x',
    'curl -sSo /dev/null -w x y',
    'kubectl -n a get pods',
    'systemctl status x',
    'docker ps',
    'git status',
    'psql -c "select 1"',
    'openssl x509 -in f -noout',
    'ping -c 1 x',
    '[ -f x ]',
    'aws ec2 describe-instances',
    'node --version',
    'ls 2>/dev/null',
    'trivy image --severity HIGH -f json app:1',
    'grype app:1 -o json --fail-on=high',
    'grype dir:. --output=table',
    'zpool status -v',
    'zfs list',
    'sudo mdadm --detail /dev/md0',
    'mdadm -D /dev/md0',
    'smartctl -a /dev/sda',
    'vtysh -c "show ip bgp"',
    'consul kv get foo',
    'nomad job status web',
    `mongosh --eval 'db.stats()'`,
    'php artisan queue:failed',
    'python manage.py check --deploy',
    'ss -tlnp',
    'flyctl releases -a shop',
    'docker-compose config',
    'docker buildx history ls',
    'gzip -tv f.gz',
    'timedatectl',
    'loginctl list-sessions',
    'redis-cli client list type normal',
    'terraform providers',
    'iptables -nL',
    'xxd f',
  ])('%s', (script) => expect(isReadOnly(last(script))).toBe(true));

  test.each([
    'ls > f',
    'curl -o f x',
    'curl -X POST x',
    'curl -XPUT x',
    'curl -d a x',
    'kubectl apply -f x',
    'docker run x',
    'git pull',
    'psql -c "delete from x"',
    'psql -f x',
    'sed -i s/a/b/ f',
    'sort -o f f',
    'find . -delete',
    'aws ec2 run-instances',
    'X=1',
    './x.sh',
    'echo x | tee f',
    'trivy k8s --report summary cluster',
    'trivy image --reset',
    'trivy image --clear-cache app:1',
    'trivy fs --cache-dir /var/x .',
    'trivy image -o=f app:1',
    'trivy image -qo f app:1',
    'trivy image --output=f app:1',
    'grype db delete',
    'grype -q db update',
    'grype app:1 -o json=f',
    'grype app:1 -ojson=f',
    'grype app:1 --output=cyclonedx-json=f',
    'grype app:1 --file f',
    'psql -c "with a as (delete from x returning 1) select 1"',
    'zpool scrub tank',
    'mdadm /dev/md0 --fail /dev/sdb',
    'smartctl -t long /dev/sda',
    'smartctl -s on /dev/sda',
    'vtysh -c "clear ip bgp *"',
    'vtysh -c "show ip bgp" -c "write memory"',
    'consul kv put foo 1',
    'nomad job run web.hcl',
    `mongosh --eval 'db.users.drop()'`,
    'php artisan queue:retry all',
    'python manage.py migrate',
    'ss -K dst 10.0.0.1',
    'python check',
    'flyctl releases rollback 3 -a shop',
    'fly version upgrade',
    'docker config rm shop',
    'docker config create shop f',
    'docker buildx history rm x',
    'terraform providers lock',
    'helm template shop . --output-dir f',
    'gzip -v f',
    'xz -v f',
    'iptables -L -Z',
    'ip route append default via 10.0.0.1',
    'loginctl lock-sessions',
    'loginctl unlock-session 1',
    'hostnamectl hostname shop',
    'timedatectl revert',
    'redis-cli client kill type normal',
    'redis-cli rename info x',
    'redis-cli cluster failover type',
    'aws s3api get-object --bucket b --key k f',
    'xxd -r f g',
    'sar -o f 1 3',
    'ifconfig tun0 destroy',
  ])('not %s', (script) => expect(isReadOnly(last(script))).toBe(false));
});

describe('asserting', () => {
  test.each([
    'grep -q x f',
    'test -f x',
    '[ -f x ]',
    '[[ -f x ]]',
    'curl -fsS x',
    'diff a b',
    'systemctl is-active x',
    'kubectl -n a rollout status deploy/x',
    'pg_isready',
    'nc -zv x 80',
    'openssl x509 -checkend 1 -in x',
    'jq -e .x f',
    'sha256sum -c f',
    'exit 1',
  ])('%s', (script) => expect(asserts(last(script))).toBeTypeOf('string'));

  test.each([
    'curl -s x',
    'kubectl get pods',
    'docker inspect x',
    'echo ok',
    'jq .x f',
    'sha256sum f',
    'exit 0',
    'cat f',
    'nc x 80',
    'grep x f || true',
  ])('not %s', (script) =>
    expect(
      commands(script)
        .map(asserts)
        .filter((reason) => reason !== undefined),
    ).toEqual([]),
  );
});

describe('managers', () => {
  test.each([
    ['npm install react@18 @a/b@2', 'node npm install react @a/b'],
    ['yarn', 'node yarn install '],
    ['npm run build', 'node npm undefined '],
    ['sudo apt-get -y install a b', 'system apt install a b'],
    ['brew uninstall a', 'system brew uninstall a'],
    ['pacman -S a', 'system pacman install a'],
    ['pip3 install "requests[socks]>=2"', 'python pip install requests'],
    ['python3 -m pip uninstall a', 'python pip uninstall a'],
    ['docker-compose up -d', 'containers docker undefined '],
  ])('%s', (script, wanted) => {
    const found = managerOf(last(script));
    expect(`${found?.family} ${found?.name} ${found?.action} ${found?.packages.join(' ')}`).toBe(wanted);
  });

  test('none for others', () => expect(managerOf(last('ls constructor'))).toBeUndefined());
});

describe('options of docker that stand before its subcommand', () => {
  test.each([
    'docker compose -f prod.yml logs web',
    'docker-compose -f prod.yml logs',
    'docker compose -f a.yml -f b.yml ps',
  ])('%s ends and reads', (script) => {
    expect(isLongRunning(last(script))).toBeUndefined();
    expect(isReadOnly(last(script))).toBe(true);
  });
  test.each(['docker compose -f prod.yml logs -f web', 'docker-compose -f prod.yml up', 'docker logs -f web'])(
    '%s goes on',
    (script) => expect(isLongRunning(last(script))).toBeDefined(),
  );
  test('what destroys is told behind them', () => {
    expect(isDestructive(last('docker compose -f prod.yml down -v'))).toBeDefined();
    expect(isDestructive(last('docker compose -f prod.yml -p shop down'))).toBeUndefined();
  });
});

const dangers = (script: string) =>
  commands(script)
    .map((command) => isDestructive(command))
    .filter((danger) => danger !== undefined);

test('find destroys by what it starts, or itself', () => {
  expect(dangers('find /srv -mtime +9 -delete')).toHaveLength(1);
  expect(dangers('find /srv -name x -exec rm {} +')).toHaveLength(1);
  expect(dangers('find /srv -name x -execdir sudo rm -f {} \\;')).toHaveLength(1);
  expect(dangers('find /srv -name x -exec grep y {} +')).toEqual([]);
});

test('a kubectl that a distribution brings is one', () => {
  expect(isReadOnly(last('sudo k3s kubectl get nodes'))).toBe(true);
  expect(isDestructive(last('microk8s kubectl delete pod x'))).toBeDefined();
});

test('what logs in asks, unless it is told who', () => {
  expect(isInteractive(last('cargo login'))).toBeDefined();
  expect(isInteractive(last('acme auth login'))).toBeDefined();
  expect(isInteractive(last('acme login --token x'))).toBeUndefined();
});
