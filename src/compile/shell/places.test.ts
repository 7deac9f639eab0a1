import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadShellGrammar, type ShellGrammar, shellFacts } from './parse.js';
import { fillPlaceholders } from './places.js';

let grammar: ShellGrammar;
beforeAll(async () => {
  grammar = await loadShellGrammar();
});

const found = (script: string): string =>
  shellFacts(script, grammar)
    .placeholders.map(({ text, place }) => `${text} ${place}`)
    .join(', ');
const fill = (script: string): string =>
  fillPlaceholders(script, shellFacts(script, grammar).placeholders, ({ name }) => name.toUpperCase());

describe('placeholders', () => {
  test.each([
    ['heroku logs -a <your-app>', '<your-app> bare'],
    ['deploy --token="YOUR_TOKEN" MY_APP', 'YOUR_TOKEN double, MY_APP bare'],
    ['curl -d \'{"token": "<your-token>"}\' x', '<your-token> no'],
    ['curl https://api.example.com/users/{id}', 'api.example.com bare, {id} bare'],
    ['ssh user@example.com', 'user@example.com bare'],
    ['git clone git@example.com:a/b', 'example.com bare'],
    ['ping 192.0.2.7; ping 1.2.3.4', '192.0.2.7 bare, 1.2.3.4 bare'],
    ['kubectl config use-context [cluster-name]', '[cluster-name] bare'],
    ['psql {{ db_name }}', '{{ db_name }} bare'],
    ['psql {{ cookiecutter.db }}', '{{ cookiecutter.db }} bare'],
    ['kubectl logs ${{ values.name }}-pod', '${{ values.name }} bare'],
    ['export KEY=... S=xxxxxxxx P=CHANGEME', '... bare, xxxxxxxx bare, CHANGEME bare'],
    ['cd /path/to/repo', '/path/to/repo bare'],
    ['restore dump_YYYYMMDD_HHMMSS.sql', 'YYYYMMDD_HHMMSS bare'],
    ['git checkout vX.Y.Z', 'vX.Y.Z bare'],
    ['deployer --token dep_admin_... login', 'dep_admin_... bare'],
    ["curl -H 'Authorization: Bearer {API_TOKEN}' x", '{API_TOKEN} no'],
    ['curl -d "{RELEASE_ID}" x', '{RELEASE_ID} double'],
    ['# Set the file (replace with the actual name)\nexport FILE="dump-1.gz"', 'dump-1.gz double'],
    ['REGION=eu-1 # change this', 'eu-1 bare'],
    ['dig your-domain.com', 'your-domain.com bare'],
    ['cat <<EOF\n<your-name>\nEOF', '<your-name> double'],
    ["cat <<'EOF'\n<your-name>\nEOF", '<your-name> no'],
    ['<your-command> x', '<your-command> no'],
    ['bash -c "echo <your-name>"', '<your-name> no'],
    ['ssh host rm <your-path>', '<your-path> no'],
    ['ssh <user>@<host> ls', '<user> bare, <host> bare'],
    ['echo $((<your-count> + 1))', '<your-count> no'],
    ['aws s3 cp s3://<bucket>/<key>.gz .', '<bucket> bare, <key> bare'],
    ['sudo <your-command>', '<your-command> no'],
    ['echo "$(cat <your-file>)"', '<your-file> bare'],
    ['echo ${X:-YOUR_X}', 'YOUR_X no'],
    ['if <your-check>; then', '<your-check> no'],
  ])('%s', (script, wanted) => expect(found(script)).toBe(wanted));

  test.each([
    'sort <input.txt >out',
    'sort <in>out',
    'cmd <in>/dev/null',
    'cat < file > other',
    'diff <(a) <(b)',
    'cat <<EOF\n<html><body class="x"><p>hi</p></body></html>\nEOF',
    'cat <<EOF\n<project><version>1</version></project>\nEOF',
    "echo '<b>x</b>' > index.html",
    "cat <<'EOF'\n#include <stdio.h>\nMap<String> x;\n[Service]\nEOF",
    'ls [a-z]* file[0-9] && [ -f x ] && [[ -n $y ]]',
    "tr '[:upper:]' '[:lower:]'; tr [a-z] [A-Z]",
    'echo ${arr[index]} $YOUR_TOKEN ${MY_VAR} "${YOUR_X}"',
    'MY_VAR=1; export MY_TOKEN=abc',
    "docker inspect -f '{{.State.Running}}' x",
    'echo ${{ secrets.X }}',
    'cp .env.example .env; cp a.example b',
    'mktemp /tmp/foo.XXXXXX',
    '# replace <your-app> by yours',
    'go test ./...; git diff main...dev',
    'echo {a,b} {1..3} a{b}c',
    'curl 10.0.0.1 11.2.3.4 1.2.3.45',
    'cat <<EOF\nx\nEOF',
    'cat <<<word; foo 2>&1 >x',
  ])('none in %s', (script) => {
    expect(found(script)).toBe('');
    expect(fill(script)).toBe(script);
  });

  test.each([
    ['<your-app>', 'your_app'],
    ['YOUR_APP', 'your_app'],
    ['{{ dbName }}', 'db_name'],
    ['${{ values.dbName }}', 'values_db_name'],
    ['192.0.2.1', 'value_192_0_2_1'],
    ['KEY=...', 'key'],
    ['"Authorization: xxxx"', 'authorization'],
  ])('the name of %s', (text, name) => {
    expect(shellFacts(`echo ${text}`, grammar).placeholders[0]?.name).toBe(name);
  });

  test.each([
    ['export NEW_HOST=worker-02.example.com', 'new_host'],
    ['HOST="db.example.com"; ping "$HOST"', 'host'],
    ['HOST=db.example.com:5432', 'db_example_com'],
    ['MAIL=ops@example.com', 'ops_example_com'],
    ['TOKEN=YOUR_API_TOKEN', 'your_api_token'],
  ])('the name of what is assigned in %s', (script, name) => {
    expect(shellFacts(script, grammar).placeholders[0]?.name).toBe(name);
  });
});

describe('filling', () => {
  test.each([
    ['logs -a <your-app> | sort <in >out', 'logs -a "$YOUR_APP" | sort <in >out'],
    ['x --t="a YOUR_TOKEN b"', 'x --t="a ${YOUR_TOKEN} b"'],
    ['cp s3://<bucket>/<key>.gz *.x', 'cp s3://"$BUCKET"/"$KEY".gz *.x'],
    ["x '<your-app>'", "x '<your-app>'"],
    ['cat <<EOF\na <your-name>b\nEOF', 'cat <<EOF\na ${YOUR_NAME}b\nEOF'],
  ])('%s', (script, wanted) => expect(fill(script)).toBe(wanted));

  test('a name that is no identifier changes nothing', () => {
    const script = 'echo <your-app>';
    const { placeholders } = shellFacts(script, grammar);
    expect(fillPlaceholders(script, placeholders, () => 'x;rm -rf /')).toBe(script);
  });

  test('a filled script has the same commands, and nothing but the placeholders changed', () => {
    const word = fc.constantFrom(
      '<your-app>',
      'YOUR_TOKEN',
      'example.com',
      '{{name}}',
      '[cluster-name]',
      'plain',
      '"a <your-id> b"',
      "'q'",
      '--x=<y-z>',
      '$V',
      '*.c',
      '<in.txt',
      '>out',
      '"$(id <your-user>)"',
    );
    const script = fc
      .array(fc.array(word, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 4 })
      .map((lines) => lines.map((words) => ['cmd', ...words].join(' ')).join(' | '));
    fc.assert(
      fc.property(script, (text) => {
        const before = shellFacts(text, grammar);
        const after = shellFacts(fill(text), grammar);
        expect(after.parsed).toBe(before.parsed);
        expect(after.commands.map(({ program, args }) => [program, args.length])).toEqual(
          before.commands.map(({ program, args }) => [program, args.length]),
        );
        if (before.parsed) expect(after.placeholders.every(({ place }) => place === 'no')).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});
