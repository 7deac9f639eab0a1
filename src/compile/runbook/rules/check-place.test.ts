import { describe, expect, test } from 'vitest';
import { loadShellGrammar } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';

const grammar = await loadShellGrammar();
const block = (code: string) => `\n\`\`\`bash\n${code}\n\`\`\`\n`;

/** Of the last block below these lines, after a deed. */
function lastOf(text: string, title = 'Shop') {
  const document = readMarkdown(`# ${title}\n\n## Deploy\n${block('kubectl apply -f web.yaml')}\n${text}`, 'ops.md');
  const last = decideBlocks({ document, file: 'ops.md', settings: readSettings({}, 'ops.md'), grammar }).at(-1);
  return { label: last?.label, rule: last?.rule, background: last?.background !== undefined };
}

test('"Test database connectivity" below "Verification" is a part of it, whatever it is called', () => {
  const tested = `### 2. Test database connectivity\n${block('python check_db.py')}`;
  expect(lastOf(`## Verification\n\n${tested}`)).toMatchObject({ label: 'verify', rule: 'check-that-may-change' });
  expect(lastOf(`## Load\n\n${tested}`)).toMatchObject({ label: 'run' });
});

test('what looks below "Investigation" finds out what is wrong, however deep it stands', () => {
  const looked = `### Check common causes\n\n#### A. It crashed\n${block('# Check its log\ndocker logs web')}`;
  expect(lastOf(`## Investigation\n\n${looked}`)).toMatchObject({ label: 'run', rule: 'procedure' });
  expect(lastOf(`## Result\n\n${looked}`)).toMatchObject({ label: 'verify' });
});

test('"Monitoring & Verification" is for looking at what came of it, in a document about something wrong, too', () => {
  const looked = `### Confirm that memory is under control\n${block('kubectl top pods')}`;
  expect(lastOf(`## Monitoring & Verification\n\n${looked}`, 'High memory')).toMatchObject({ label: 'verify' });
  expect(lastOf(`## Monitoring\n\n${looked}`, 'High memory')).toMatchObject({ label: 'run' });
});

test('in a document about issues, a look is no check until something was done about them', () => {
  const looked = `## Slow queries\n${block('# Check the slow ones\nredis-cli slowlog get')}`;
  expect(lastOf(looked, 'Cache connection issues')).toMatchObject({ label: 'run' });
  expect(lastOf(`## Validation\n\n${looked.replace('##', '###')}`, 'Cache connection issues')).toMatchObject({
    label: 'verify',
  });
});

test.each([
  '# 检查服务状态',
  '# Status überprüfen',
  '# 状態を確認する',
  '# 상태 확인',
  '# Проверить статус',
  '# Avviare e verificare',
])('a comment says in other languages that a block checks: %s', (comment) => {
  expect(lastOf(`## Next\n${block(`${comment}\n./status.sh`)}`)).toMatchObject({ rule: 'check-that-may-change' });
});

test.each(['# 检查点已清除', '# Prüfsumme erzeugen', '# 確認番号を作る'])('no verb, no check: %s', (comment) => {
  expect(lastOf(`## Next\n${block(`${comment}\n./make.sh`)}`)).not.toMatchObject({ label: 'verify' });
});

test('a sentence that says what should be names no case, and a tunnel at the end of a check belongs to it', () => {
  const used = '# Memory should be < 80% of limit\nkubectl top pods';
  expect(lastOf(`## Verification\n${block(used)}`)).toMatchObject({ label: 'verify', rule: 'check' });
  expect(lastOf(`## Verification\n${block(`${used}\nkubectl port-forward svc/grafana 3000:80`)}`)).toEqual({
    label: 'verify',
    rule: 'check-that-may-change',
    background: true,
  });
  expect(lastOf(`## Verification\n${block('kubectl port-forward svc/grafana 3000:80')}`)).toMatchObject({
    label: 'run',
  });
});

test('a check that ends by following a log is looked at, one that starts a server is none', () => {
  expect(lastOf(`## Verify it\n${block('./status.sh\ntail -f app.log')}`)).toMatchObject({
    label: 'verify',
    background: true,
  });
  expect(lastOf(`## Verify it\n${block('./status.sh\nnpm start')}`)).toMatchObject({ label: 'run', rule: 'server' });
});

test('what also empties a file does not only look', () => {
  expect(lastOf(`## Verify it\n${block('ls /var/log\n> /var/log/app.log')}`)).not.toMatchObject({ label: 'verify' });
  expect(lastOf(`## Verify it\n${block('cat <(</var/log/app.log)')}`)).toMatchObject({ label: 'verify' });
});

test('"docker run hello-world" looks whether docker works', () => {
  expect(lastOf(`Check that it works:\n${block('sudo docker run hello-world')}`)).toMatchObject({ label: 'verify' });
  expect(lastOf(`Check that it works:\n${block('sudo docker run web')}`)).toMatchObject({ label: 'run' });
});

describe('what must be, below a script of which nobody knows what it does', () => {
  const below = (intro: string, code = 'grep rotated keys.log') => {
    const text = `# Keys\n\n## Rotate\n${block('./rotate.sh')}\n${intro}\n${block(code)}`;
    const document = readMarkdown(text, 'ops.md');
    return decideBlocks({ document, file: 'ops.md', settings: readSettings({}, 'ops.md'), grammar }).at(-1)?.label;
  };

  test.each([
    'It must be in the log now:',
    'Both lines should now be there.',
    'Es muss jetzt im Log stehen:',
    'Elle doit maintenant être dans le journal :',
    'Ahora debe estar en el registro:',
    'Теперь запись должна быть в журнале:',
  ])('is a check: %s', (intro) => {
    expect(below(intro)).toBe('verify');
  });

  test.each([
    'It may be in the log:',
    'You must be root for this:',
    'Look for it in the log:',
    'Si doit être redémarré, cherchez :',
  ])('is none: %s', (intro) => {
    expect(below(intro)).not.toBe('verify');
  });

  test('nor is what must be before the deed of a section', () => {
    const text = `# Move\n\n## Stop\n${block('systemctl stop shop')}\n## Switch\nThe replica must be in sync:\n${block('grep -q sync state')}\n${block('make switch')}`;
    const document = readMarkdown(text, 'ops.md');
    const decided = decideBlocks({ document, file: 'ops.md', settings: readSettings({}, 'ops.md'), grammar });
    expect(decided.map(({ label }) => label)).toEqual(['run', 'run', 'run']);
  });

  test('nor is what does something', () => {
    expect(below('The log must be rotated:', 'logrotate -f /etc/logrotate.conf')).toBe('run');
  });
});
