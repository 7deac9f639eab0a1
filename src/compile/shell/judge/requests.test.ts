import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '#compile/shell/parse.js';
import { isDestructive } from './destructive.js';
import { isReadOnly } from './reading.js';

const grammar = await loadShellGrammar();
const looks = (script: string) => shellFacts(script, grammar).commands.every(isReadOnly);
const asks = (script: string) =>
  shellFacts(script, grammar).commands.some((command) => isDestructive(command) !== undefined);

test.each([
  'curl "http://solr:8983/solr/admin/collections?action=DELETE&name=x"',
  'curl "http://solr:8983/solr/admin/cores?action=UNLOAD&core=x&deleteIndex=true"',
  'curl "http://solr:8983/solr/x/update?stream.body=<delete><query>*:*</query></delete>&commit=true"',
  'curl "http://solr:8983/solr/x/update?stream.body=%3Cdelete%3E"',
  'curl -G "http://influx:8086/query?q=DROP%20DATABASE%20x"',
  'curl -G http://influx:8086/query --data-urlencode "q=DROP DATABASE x"',
  'curl "http://clickhouse:8123/?query=DROP+TABLE+x"',
  'curl -s localhost:8123/?query=truncate%20table%20x',
  'curl -s https://slack.com/api/chat.delete?ts=1',
  'curl https://api.shop.test/v1/purge-cache',
  'curl http://app/admin/wipe',
  'curl "http://app/admin?action=destroy&id=3"',
  'curl "http://solr:8983/solr/admin/collections?action=DELETESHARD&shard=x"',
  'curl -XPOST http://influx:8086/query --data-urlencode "q=DROP DATABASE x"',
  'curl -X POST "http://solr:8983/solr/admin/cores?action=UNLOAD"',
])('asks, and is no look: %s', (script) => {
  expect(looks(script)).toBe(false);
  expect(asks(script)).toBe(true);
});

test.each([
  'curl "http://app/service?action=restart"',
  'curl -s "https://api.telegram.org/bot123/sendMessage?chat_id=1&text=hi"',
  'curl -s http://app:8080/-/reload',
  'curl -I http://app/admin/clearCache',
  'curl "http://app/cache?flush=true"',
  'curl "http://app/?cmd=promote"',
  'curl http://localhost/admin/reindex',
  'curl "http://localhost/api/jobs?run=nightly"',
  'curl http://app/cluster/failover',
  'curl "http://influx:8086/query?q=CREATE+DATABASE+x"',
])('is no look: %s', (script) => {
  expect(looks(script)).toBe(false);
  expect(asks(script)).toBe(false);
});

test.each([
  'curl "http://prometheus:9090/api/v1/query?query=up"',
  'curl http://app/search?q=error',
  'curl -f http://app/health',
  "curl -s 'http://prometheus:9090/api/v1/query?query=rate(x[5m])'",
  'curl "http://prometheus:9090/api/v1/query?query=redis_flush_total"',
  'curl http://app/api/deleted-items',
  'curl "http://app/api/items?deleted=false&sort=dropped"',
  'curl http://send.shop.test/undelete',
  'curl "http://solr:8983/solr/admin/collections?action=CLUSTERSTATUS"',
  'curl "http://solr:8983/solr/admin/collections?action=LIST"',
  'curl -s -H "X-Purge: delete" -A "send/1" http://app/metrics',
  'curl -s "http://app/api/v1/audits?action=rollback&limit=50"',
  'curl -w "%{http_code}/reset" http://app/',
  'curl "localhost:9200/_cluster/health?wait_for_status=green&timeout=30s"',
  'curl -s http://app/downloads/drop-1.2.tgz',
  'curl "http://prometheus:9090/api/v1/query_range?query=up&start=0&end=10"',
  'curl http://app/jobs/sync/status',
  'curl "http://app/runs?run=12"',
  'curl http://app/started',
])('is a look: %s', (script) => {
  expect(looks(script)).toBe(true);
  expect(asks(script)).toBe(false);
});

test('what is sent as a text is no query', () => {
  expect(asks('curl -X POST https://chat.test/hook --data-urlencode "text=drop of errors" -d "a=/purge"')).toBe(false);
});

test.each(['curl "http://x/search?q=how+to+delete"', 'wget http://x/drop/file.tgz'])(
  'what is searched for, or where a file lies, asks nobody: %s',
  (script) => expect(asks(script)).toBe(false),
);
