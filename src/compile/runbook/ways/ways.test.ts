import { describe, expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { offerChoices } from './alternatives.js';

const grammar = await loadShellGrammar();

/** What becomes of the only block of a document, and its ways. */
function decided(code: string, title = 'Keys', file = 'runbook.md') {
  const document = readMarkdown(`# ${title}\n\n\`\`\`bash\n${code}\n\`\`\`\n`, file);
  const read = decideBlocks({ document, file, settings: readSettings(document.frontMatter, file), grammar });
  const [decision] = offerChoices(read, undefined, (script) => shellFacts(script, grammar)).decisions;
  const { label, rule, script, ways } = decision ?? {};
  return { label, rule, script, ways: ways?.map((way) => way.script) };
}

describe('ways within a block', () => {
  test('of several commands: what only looks, or sets what both need, is part of each', () => {
    const code =
      'KEY=$(openssl rand -hex 8)\n\n# Make it\nvault write a=$KEY\nvault seal\n\n# Or renew it\nvault renew a=$KEY\nvault seal';
    expect(decided(code)).toMatchObject({
      label: 'choice',
      ways: [
        'KEY=$(openssl rand -hex 8)\n\n# Make it\nvault write a=$KEY\nvault seal',
        'KEY=$(openssl rand -hex 8)\n\n# Or renew it\nvault renew a=$KEY\nvault seal',
      ],
    });
  });

  test('below comments that name tools or systems, each a paragraph at most', () => {
    const code = '# Using npm\nnpm ci\nnpm run build\n\n# Using yarn\nyarn\nyarn build';
    expect(decided(code)).toMatchObject({
      label: 'choice',
      ways: ['# Using npm\nnpm ci\nnpm run build', '# Using yarn\nyarn\nyarn build'],
    });
    expect(decided(`${code}\n\nmake more`)).toMatchObject({ label: 'manual' });
    expect(decided('# Staging\nmake a\nmake b\n\n# Production\nmake c\nmake d')).toMatchObject({ label: 'manual' });
  });

  test('of one command each, without a blank line between: the rest is done either way', () => {
    const code =
      '# Rotate\nlogrotate -f a.conf\n\n# Empty it\n: > a.log\n# or\ntruncate -s 0 a.log\n\n# Restart\nmake up';
    expect(decided(code).ways).toEqual([
      '# Rotate\nlogrotate -f a.conf\n\n# Empty it\n: > a.log\n\n# Restart\nmake up',
      '# Rotate\nlogrotate -f a.conf\n\n# or\ntruncate -s 0 a.log\n\n# Restart\nmake up',
    ]);
  });

  test('are a choice in a document about taking back, too', () => {
    const code = '# Undo it\ngit revert abc123 --no-edit\n\n# Or several\ngit reset --hard abc123\ngit push --force';
    expect(decided(code, 'Rollback')).toMatchObject({ label: 'choice', ways: [{}, {}] });
  });

  test.each([
    ['deeds above them may be of the first', 'make images\n\n# Start\nmake up\n\n# Or by hand\n./a.sh\n./b.sh'],
    ['deeds below them may be of the last', '# Start\nmake up\nmake see\n\n# Or by hand\n./a.sh\n\n./b.sh'],
    ['of two commands, one may be meant', 'make images\nmake up\n# or\n./a.sh\nmake see'],
    ['servers do not end', 'make up\nnpm start\n\n# Or by hand\n./a.sh\nnpm run dev'],
  ])('are left to people where %s', (_, code) => {
    expect(decided(code)).toMatchObject({ label: 'manual' });
  });
});

describe('lines for Windows beside those for other systems', () => {
  test('below a comment are left out', () => {
    const code = 'cd api\n\n# Windows\n.venv\\Scripts\\activate\n# Linux/Mac\nsource .venv/bin/activate\n\nmake all';
    expect(decided(code)).toMatchObject({
      label: 'run',
      script: 'cd api\n\n# Linux/Mac\nsource .venv/bin/activate\n\nmake all',
    });
  });

  test('behind a command are left out', () => {
    const code = 'source .venv/bin/activate  # Linux/macOS\n.venv\\Scripts\\activate  # on Windows\nmake all';
    expect(decided(code).script).toBe('source .venv/bin/activate  # Linux/macOS\nmake all');
  });

  test.each(['# Windows\nmake all', '# Linux, macOS, Windows (WSL)\nmake all\n# Linux\nmake more'])(
    'stay where nothing stands beside them, or they are shared: %s',
    (code) => {
      expect(decided(code).script).toBe(code);
    },
  );
});

test('numbered comments that a comment heads tell what the block does', () => {
  const told = '# Rotating takes:\n# 1. A new key\n# 2. A restart\n\nmake key\nmake restart';
  expect(decided(told)).toMatchObject({ label: 'run' });
  expect(decided(told.replace('takes:', 'first'))).toMatchObject({ label: 'manual', rule: 'by-hand' });
});

describe('what is said in passing', () => {
  const rulesIn = (text: string, file = 'runbook.md') => {
    const document = readMarkdown(`# Upgrade\n\n${text}`, file);
    const read = decideBlocks({ document, file, settings: readSettings(document.frontMatter, file), grammar });
    return offerChoices(read, undefined, (script) => shellFacts(script, grammar)).decisions.map(({ rule }) => rule);
  };
  const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;

  test('another way in brackets is none of the block before', () => {
    const deleted = 'delete the old data by this script (or just delete the folder by hand)';
    expect(rulesIn(`Start it:\n\n${block('make start')}Once it is up, ${deleted}\n\n${block('make tidy')}`)).toEqual([
      'procedure',
      'procedure',
    ]);
    expect(rulesIn(`Start it:\n\n${block('make start')}Or just run\n\n${block('make all')}`)).toEqual([
      'alternatives',
      'alternatives',
    ]);
  });

  test('what is built for Windows is not built there', () => {
    const built = (heading: string) => rulesIn(`## ${heading}\n\n${block('docker build -t cross .')}`);
    expect(built('Cross-compile for Windows')).toEqual(['procedure']);
    expect(built('Build for Windows')).toEqual(['procedure']);
    expect(built('Build on Windows')).toEqual(['foreign-shell']);
    expect(built('Windows')).toEqual(['foreign-shell']);
  });
});
