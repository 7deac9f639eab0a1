import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '#compile/shell/parse.js';
import { isDestructive } from './destructive.js';

const grammar = await loadShellGrammar();

/** Why a person is asked before a script; each command knows what the script does before it. */
const asks = (script: string) => {
  const { commands } = shellFacts(script, grammar);
  return commands.flatMap((command, at) => isDestructive(command, commands.slice(0, at))?.reason ?? []);
};

test.each([
  // Signals that leave no time.
  'kill -s 9 4711',
  'kill -s9 4711',
  'kill -s KILL 4711',
  'kill -n 9 4711',
  'kill -SIGKILL 4711',
  'pkill --signal 9 worker',
  'pkill --signal KILL worker',
  'killall -s KILL worker',
  // Files that are emptied.
  '> app.log',
  '>| app.log',
  'test -f app.log && > app.log',
  'sudo sh -c "> /var/log/app.log"',
  ': > app.log',
  'true > app.log',
  'echo -n > app.log',
  'printf "" > app.log',
  'cat /dev/null > app.log',
  'cp /dev/null app.log',
  'truncate -s 0 app.log',
  'echo rotated >> app.log\n> app.log',
  'mv app.log app.log.1\n: > other.log',
  'cat < /dev/null > app.log',
  'tee app.log < /dev/null',
  'sudo tee app.log other.log < /dev/null',
  ': | tee app.log',
  'install -m 600 /dev/null /etc/app.conf',
  'cp -f /dev/null /etc/app.conf',
  // What seems to have written or moved the file before may not have: elsewhere, or not run.
  'if a; then echo x > /etc/f; else : > /etc/f; fi',
  '[ -f /etc/f ] || echo x > /etc/f\n: > /etc/f',
  "ssh a 'echo x > /var/f'\nssh b ': > /var/f'",
  'cd /a; date > f; cd /b; : > f',
  'cat a 2> /etc/f; : > /etc/f',
  "ssh a 'mv /var/f /var/f.1'\nssh b ': > /var/f'",
  "ssh a 'mv /var/f /var/f.1'\n: > /var/f",
  'cd /a; mv f f.1; cd /b; : > f',
  // Databases.
  'psql shop < dump.sql',
  'psql -f dump.sql shop',
  'mysql shop < dump.sql',
  'sqlite3 shop.db < dump.sql',
  'docker exec -i db psql -U shop < dump.sql',
  'gunzip -c dump.sql.gz | psql shop',
  'pg_dump shop | psql copy',
  'pg_restore --clean -d shop dump',
  'redis-cli FLUSHALL',
  'redis-cli -h cache flushall async',
  // Devices and what lies on them.
  'dd if=image of=/dev/sdb',
  'mkfs -t ext4 /dev/sdb1',
  'mkfs.xfs /dev/sdb1',
  'find /srv -name "*.old" -delete',
  'find /srv -name "*.old" -exec rm {} +',
  'git clean -f',
  'git -C /srv/app clean -xfd',
  // Elsewhere.
  'docker system prune',
  'docker --context far system prune -a',
  'kubectl delete pod web-1',
  'kubectl --namespace=shop delete pod web-1',
  'helm uninstall shop',
  'helm -n shop uninstall shop',
  'aws s3 rm s3://bucket --recursive',
  'aws --profile ops s3 rm --recursive s3://bucket',
])('asks: %s', (script) => expect(asks(script)).not.toEqual([]));

test.each([
  'kill -s TERM 9',
  'kill -s HUP 4711',
  'kill -0 4711',
  'kill -9x 4711',
  'pkill --signal HUP worker',
  'mv app.log app.log.1\n> app.log',
  'mv app.log app.log.1\ncp /dev/null app.log',
  "ssh a 'mv /var/f /var/f.1; : > /var/f'",
  'cd /var/log && mv app.log app.log.1 && : > app.log',
  'tee -a app.log < /dev/null',
  'echo started | tee app.log',
  'install -m 600 a.conf /etc/a.conf',
  '>> app.log',
  ': >> app.log',
  'echo started > app.log',
  'echo "$STATE" > state',
  'cp a.conf b.conf',
  'psql -c "select 1"',
  'psql -c "select 1" < /dev/null',
  'echo "select 1" | psql shop',
  'psql -l',
  'pg_restore --list dump',
  'redis-cli get key',
  'dd --version',
  'find /srv -name "*.old"',
  'git clean -n',
  'docker system df',
  'kubectl get pods',
  'helm list',
  'aws s3 ls s3://bucket --recursive',
])('does not ask: %s', (script) => expect(asks(script)).toEqual([]));
