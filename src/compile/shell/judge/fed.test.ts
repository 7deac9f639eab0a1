import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '#compile/shell/parse.js';
import { isDestructive } from './destructive.js';
import { isReadOnly } from './reading.js';

const grammar = await loadShellGrammar();
const looks = (script: string) => shellFacts(script, grammar).commands.every(isReadOnly);
const asks = (script: string) =>
  shellFacts(script, grammar).commands.some((command) => isDestructive(command) !== undefined);

test.each([
  'echo flush_all | nc memcached 11211',
  'echo FLUSHALL | nc -w 1 redis 6379',
  'echo SHUTDOWN | nc tomcat 8005',
  'echo "disable server be/web1" | nc -U /run/haproxy.sock',
  'echo "disable server be/web1" | socat stdio /run/haproxy.sock',
  "printf 'DELETE /x HTTP/1.1\\r\\n\\r\\n' | openssl s_client -connect x:443",
  'nc redis 6379 <<< FLUSHALL',
  '(echo flush_all; sleep 1) | nc memcached 11211',
  'echo FLUSHALL | redis-cli',
  'echo "drop table x" | psql shop',
  'echo "rm -rf /srv/x" | bash',
  "cat <<'EOF' | bash\nrm -rf /srv/x\nEOF",
  "cat - <<'EOF' | sudo bash -s\nrm -rf /srv/x\nEOF",
  "cat <<'EOF' | tee run.sh | bash\nrm -rf /srv/x\nEOF",
  "tee run.sh <<'EOF' | bash\nrm -rf /srv/x\nEOF",
  "cat <<'EOF' | ssh web1 bash\nrm -rf /srv/x\nEOF",
  "cat <<'EOF' | ssh web1 'bash -s'\nrm -rf /srv/x\nEOF",
  "ssh web1 <<'EOF'\nrm -rf /srv/x\nEOF",
  "ssh -p 22 ops@web1 -- <<'EOF'\nrm -rf /srv/x\nEOF",
  "cat <<'EOF' | ssh web1\nrm -rf /srv/x\nEOF",
  'cat <<EOF | envsubst | bash\nrm -rf $DIR\nEOF',
  "sudo -i <<'EOF'\nrm -rf /srv/x\nEOF",
  "sudo su - app <<'EOF'\nrm -rf /srv/x\nEOF",
  'echo "rm -rf /srv/x" | cat | bash',
  'cat <<EOF | redis-cli\nFLUSHALL\nEOF',
  'cat <<EOF | nc memcached 11211\nflush_all\nEOF',
  'cat <<EOF | kubectl exec -i db-0 -- psql shop\ndrop table x;\nEOF',
])('asks, and is no look: %s', (script) => {
  expect(looks(script)).toBe(false);
  expect(asks(script)).toBe(true);
});

test.each([
  'nc host 9000 < backup.tgz',
  'cat backup.tgz | nc host 9000',
  'tar c . | ncat host 9000',
  'echo "set x 0 0 1" | nc memcached 11211',
  'echo "$COMMAND" | nc host 1',
  'nc -l 9000',
])('is no look: %s', (script) => expect(looks(script)).toBe(false));

test.each([
  'nc -zv redis 6379',
  'nc -zv redis 6379 < /dev/null',
  'echo stats | nc memcached 11211',
  'cat <<EOF | nc memcached 11211\nstats\nEOF',
  'echo ruok | nc zookeeper 2181',
  "printf 'PING\\r\\n' | nc redis 6379",
  'echo "show stat" | nc -U /run/haproxy.sock',
  'echo "show info" | socat stdio /run/haproxy.sock',
  'echo | openssl s_client -connect x:443',
  'openssl s_client -connect x:443 < /dev/null',
  'echo Q | openssl s_client -connect x:443 | openssl x509 -noout -dates',
  'openssl x509 -noout -dates -in x',
  "printf 'GET /health HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n' | nc web 80",
])('is a look: %s', (script) => {
  expect(looks(script)).toBe(true);
  expect(asks(script)).toBe(false);
});
