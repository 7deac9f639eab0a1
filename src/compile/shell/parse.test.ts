import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ShellFacts } from './facts.js';
import { loadShellGrammar, type ShellGrammar, shellFacts } from './parse.js';
import { LONGEST_SCRIPT } from './syntax.js';

let grammar: ShellGrammar;
beforeAll(async () => {
  grammar = await loadShellGrammar();
});

const facts = (script: string): ShellFacts => shellFacts(script, grammar);
const commands = (script: string): string[] =>
  facts(script).commands.map(({ program, args }) => [program, ...args].join(' '));

describe('commands', () => {
  test.each([
    ['npm install', ['npm install']],
    ['sudo -u app A=1 env -u X B=2 nice -n 5 timeout -k 1 10 /usr/bin/foo --x', ['foo --x']],
    ['time make; nohup ./run.sh &', ['make', 'run.sh']],
    ['command -v git && exec git', ['command -v git', 'git']],
    ['sudo -i', ['sudo -i']],
    ['a "b c" \'d e\' f\\ g "$h"', ['a b c d e f g "$h"']],
    ['cat f | xargs -n 1 rm -f', ['cat f', 'xargs -n 1 rm -f', 'rm -f']],
    ['find . -name x -exec rm {} +', ['find . -name x -exec rm {} +', 'rm {} +']],
    ["bash -lc 'cd x && rm -rf y'", ['bash -lc cd x && rm -rf y', 'cd x', 'rm -rf y']],
    ["ssh -p 22 host 'rm x; ls'", ['ssh -p 22 host rm x; ls', 'rm x', 'ls']],
    ['docker exec -it -u root db psql -U x', ['docker exec -it -u root db psql -U x', 'psql -U x']],
    ['kubectl -n a exec pod -- sh -c "ls"', ['kubectl -n a exec pod -- sh -c ls', 'sh -c ls', 'ls']],
    ['bash <<EOF\nrm -rf /x\nEOF', ['bash', 'rm -rf /x']],
    ['X=$(date) Y=1', ['', 'date']],
    ['export A=$(id -u)', ['export A=$(id -u)', 'id -u']],
    ['A=1 make', ['make']],
    ['f() { ls; }; for x in 1; do f; done', ['ls', 'f']],
    ['if [ -f "$F" ]; then a; else b; fi', ['[ -f "$F" ]', 'a', 'b']],
    ['diff <(a) <(b)', ['diff <(a) <(b)', 'a', 'b']],
    ['npm install \\\n  --save x', ['npm install --save x']],
    ['X=$(</etc/x)', ['']],
    ['cat <(<x)', ['cat <(<x)']],
    ['< x', []],
    ['2>/dev/null', []],
    ['> x', ['']],
  ])('%s', (script, wanted) => {
    expect(facts(script).parsed).toBe(true);
    expect(commands(script)).toEqual(wanted);
  });

  test.each([
    ['cd a && make', []],
    ['(set -e; cd a; make)', ['set', 'cd', 'make']],
    ['bash -c "cd a && make"', ['cd', 'make']],
    ["eval 'cd a'", []],
    ['cd a | b', ['cd', 'b']],
    ['cd a && make &', ['cd', 'make']],
    ["ssh host 'cd a'", ['cd']],
    ['{ cd a; make; }', []],
    ['if cd a; then make; fi', []],
    ['bash <<EOF\ncd a\nEOF', ['cd']],
  ])('says what another shell does: %s', (script, wanted) => {
    const apart = facts(script).commands.filter(({ subshell }) => subshell);
    expect(apart.map(({ program }) => program)).toEqual(wanted);
  });

  test('says how a command is run', () => {
    const [first] = facts('sudo timeout -k 5 10 foo <in >out 2>/dev/null &').commands;
    expect(first).toMatchObject({ limited: true, inBackground: true, input: { kind: 'file' }, writes: ['out'] });
    expect(facts('sudo foo').commands).toMatchObject([{ program: 'foo', limited: false }]);
    expect(facts('a | b | c > f').commands.at(-1)).toMatchObject({ input: { from: ['a', 'b'] }, writes: ['f'] });
    expect(facts('a && b > f').commands.map(({ writes }) => writes)).toEqual([[], ['f']]);
    expect(facts('cat <<EOF | kubectl apply -f -\nhi\nEOF').commands).toMatchObject([
      { input: { kind: 'text', text: 'hi\n' } },
      { program: 'kubectl', input: { kind: 'pipe', from: ['cat'] } },
    ]);
    expect(facts("ssh host 'ls'").commands.map(({ remote }) => remote)).toEqual([false, true]);
    expect(facts('echo "$(date)"').commands.map(({ substituted }) => substituted)).toEqual([false, true]);
  });

  test.each([
    ['grep x f', false],
    ['grep x f || true', true],
    ['grep x f || exit 1', false],
    ['if grep x f; then echo; fi', true],
    ['while grep x f; do echo; done', true],
    ['grep x f &', true],
    ['grep x f && echo', false],
    ['! grep x f', false],
  ])('the exit code of grep in `%s` is ignored: %s', (script, ignored) => {
    expect(facts(script).commands[0]).toMatchObject({ program: 'grep', exitIgnored: ignored });
  });

  test('offsets are those of the text, also after astral characters and for what is inside', () => {
    const script = "echo '🙂'; sudo bash -c 'ls'";
    const ends = facts(script).commands.map(({ start, end }) => script.slice(start, end));
    expect(ends).toEqual(["echo '🙂'", "sudo bash -c 'ls'", "sudo bash -c 'ls'"]);
  });
});

describe('variables', () => {
  test.each([
    ['echo $A ${B} "$C" ${A}', 'A B C', ''],
    ["echo '$A' $1 $? $@ $HOME ${#} $$", '', ''],
    ['A=1; echo $A', '', 'A'],
    ['echo $A; A=1', 'A', 'A'],
    ['A=$A:x', 'A', 'A'],
    ['A=1 cmd $A', 'A', ''],
    ['A=1 B=$A', '', 'A B'],
    ['A+=x', 'A', 'A'],
    ['echo ${A:-$B} ${C-d} ${D:+$E}', 'B E', ''],
    ['echo ${A:?no} ${B?no} ${#C} ${D%%x} ${E[0]} ${F//a/b}', 'A B C D E F', ''],
    ['echo ${A:=1} $A', '', 'A'],
    ['echo ${!A*}', '', ''],
    ['read -r -p "x" A B; echo $A $B', '', 'A B'],
    ['while read -r line; do echo $line; done < f', '', 'line'],
    ['cat f | while read -r line; do echo $line; N=1; done; echo $N', 'N', ''],
    ['for x in $A; do echo $x; done', 'A', 'x'],
    ['export A=1 B; echo $A', 'B', 'A B'],
    ['f() { local x=1; y=2; echo $x $z; }; z=1; f; echo $x $y', 'x', 'z y'],
    ['f() { echo $z; }', 'z', ''],
    ['(A=1; echo $A); echo $A', 'A', ''],
    ['X=$(A=1; echo $A); echo $X', '', 'X'],
    ['echo $((N+1)) $((M = 2)) $M', 'N', 'M'],
    ['((N++))', 'N', 'N'],
    ['for ((i=0;i<n;i++)); do echo $i; done', 'n', 'i'],
    ['let a=1; printf -v V x; echo $a $V; mapfile -t L < f', '', 'a V L'],
    ['cat <<EOF\n$A\nEOF\ncat <<"EOF"\n$B\nEOF', 'A', ''],
    ["bash -c 'echo $A; B=1'; echo $B", 'A B', ''],
    ['A=1; unset A; echo $A', '', ''],
    ['if true; then A=1; fi; echo $A', '', 'A'],
    ['arr=(a $b); echo ${arr[$i]}', 'b i', 'arr'],
    ["ssh host 'echo $A'", '', ''],
  ])('%s', (script, free, assigned) => {
    const found = facts(script);
    expect([found.freeVariables.join(' '), found.assignedVariables.join(' ')]).toEqual([free, assigned]);
  });

  test('says when other code may assign them', () => {
    expect(facts('source .env; echo $A')).toMatchObject({ sources: true, freeVariables: ['A'] });
    expect(facts('echo source')).toMatchObject({ sources: false });
  });
});

describe('hostile scripts', () => {
  test('errors are told', () => {
    expect(facts('if true; then').parsed).toBe(false);
    expect(facts('echo "unclosed').parsed).toBe(false);
    expect(facts('x'.repeat(LONGEST_SCRIPT + 1))).toMatchObject({ parsed: false, commands: [] });
  });

  test.each([
    '(',
    '$(',
    '{ ',
    '"$(',
    '`',
    '<',
    '<<',
    '<<A\n',
    '((',
    '[[ ',
    '${',
    '|',
    '&&',
    'if ',
    "'",
    '\\',
    '<a ',
    'x@',
    'a.',
    'your-',
    "bash -c '",
    '\0',
    '\u{1F642}',
  ])('many of %j end', (piece) => {
    const found = facts(piece.repeat(4_000));
    expect(Array.isArray(found.commands)).toBe(true);
    expect(facts('echo ok').parsed).toBe(true);
  });

  const PIECES = [
    'echo',
    ' ',
    '\n',
    ';',
    '|',
    '&&',
    '||',
    '&',
    '$(',
    ')',
    '(',
    '"',
    "'",
    '`',
    '${A',
    '}',
    '{',
    '<x>',
    '<',
    '>',
    '<<E',
    'E',
    '$((',
    '))',
    'if',
    'then',
    'fi',
    'for x in',
    'do',
    'done',
    'YOUR_X',
    'A=',
    '[a-b]',
    '#',
    '\\',
    'é',
    '🙂',
    'bash -c',
    'xargs',
    'sudo',
    '{{a}}',
    'example.com',
    'f()',
  ];

  test.each(['a | ', 'a |\n', '[P] ', '(depends on ', 'a) b\n', '[[ ', 'case x in ', '<(a ', '${a'])(
    'a script of nothing but %j is given up in time, and the parser reads the next one',
    (unit) => {
      const script = unit.repeat(Math.floor(65_000 / unit.length));
      expect(facts(script).parsed).toBe(false);
      expect(facts('if [ -e a ]; then make b; fi')).toMatchObject({
        parsed: true,
        commands: [{}, { program: 'make' }],
      });
    },
  );

  test('nothing throws, and offsets lie in the script', () => {
    const script = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(script, (text) => {
        const { commands, placeholders } = facts(text);
        for (const { start, end } of [...commands, ...placeholders]) {
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
        for (const { start, end, text: own } of placeholders) expect(text.slice(start, end)).toBe(own);
      }),
      { numRuns: 500 },
    );
  });
});
