import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { withoutTerminal } from './no-terminal.js';

const grammar = await loadShellGrammar();
const factsOf = (script: string) => shellFacts(script, grammar);
const changed = (script: string) => withoutTerminal(script, factsOf(script), factsOf);

test.each([
  ['docker exec -it pg pg_isready', 'docker exec -i pg pg_isready'],
  ['sudo docker exec -ti pg psql -c "select 1"', 'sudo docker exec -i pg psql -c "select 1"'],
  ['docker exec -t web php artisan migrate', 'docker exec web php artisan migrate'],
  ['docker exec --tty -i -u 0 web ls -it', 'docker exec -i -u 0 web ls -it'],
  ['podman container exec -it \\\n  web ls\nmake', 'podman container exec -i \\\n  web ls\nmake'],
  ["docker exec -it web bash -c 'ls; date'", "docker exec -i web bash -c 'ls; date'"],
  ['docker exec -it a ls\ndocker exec -it b ls', 'docker exec -i a ls\ndocker exec -i b ls'],
])('%s asks for a terminal in vain', (script, wanted) => {
  const { script: after, facts, adapted } = changed(script);
  expect(after).toBe(wanted);
  expect(facts).toEqual(factsOf(wanted));
  expect(adapted).toContain('no terminal');
});

test.each([
  'docker exec -it web bash',
  'docker exec -it pg psql -U shop',
  'docker exec -it web python manage.py shell',
  'docker exec -it web',
  'docker exec web ls -it ',
  'docker run -it web ls',
  'kubectl exec -it web -- ls',
  'echo docker exec -it pg pg_isready',
  'docker exec \\\n-t web make a',
  "docker exec -e 'O=a -t b' -t web make a",
])('%s stays as it is', (script) => {
  expect(changed(script)).toEqual({ script, facts: factsOf(script), adapted: undefined });
});
