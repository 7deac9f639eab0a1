import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { loadShellGrammar, shellFacts } from '../../shell/parse.js';
import { readSettings } from '../blocks/settings.js';
import { decideBlocks } from '../decide/decide.js';
import { readMarkdown } from '../markdown/markdown.js';
import { offerChoices } from '../ways/alternatives.js';
import { OTHER_RULES, RULE_GROUPS } from './rules.js';

const grammar = await loadShellGrammar();

function decisionsOf(text: string, file = 'runbook.md') {
  const document = readMarkdown(text, file);
  return decideBlocks({ document, file, settings: readSettings(document.frontMatter, file), grammar });
}

/** The decision about the last block of a document. */
function lastOf(text: string, file = 'runbook.md') {
  const decision = decisionsOf(text, file).at(-1);
  if (decision === undefined) throw new Error('the document has no block');
  return decision;
}

const block = (code: string, info = 'bash') => `\`\`\`${info}\n${code}\n\`\`\`\n`;
const under = (heading: string, code: string, info?: string) => `# Ops\n\n## ${heading}\n\n${block(code, info)}`;
const after = (heading: string, code: string) => `${under('Deploy', 'make deploy')}\n## ${heading}\n\n${block(code)}`;
const README = '# Tool\n\n## Features\n\n## License\n\n';

const CASES: readonly (readonly [rule: string, text: string])[] = [
  ['procedure', `${README}## Ubuntu\n\n${block('apt-get install -y tool')}`],
  ['procedure', `${README}## On macOS\n\n${block('brew install tool')}`],
  ['readme-elsewhere', `${README}## Ubuntu users\n\n${block('make it')}`],
  ['procedure', `${README}## Backups per Systemd automatisieren\n\n${block('systemctl enable --now backup.timer')}`],
  ['procedure', `${README}## Générer les clés\n\n${block('make keys')}`],
  [
    'needs-terminal',
    under('Create', 'restic init', 'console').replace(
      'restic init',
      '$ restic init\nenter password for new repository: \nenter password again: ',
    ),
  ],
  [
    'procedure',
    under('Create', 'restic init', 'console').replace(
      'restic init',
      '$ restic init\nrepository opened, password is correct',
    ),
  ],
  [
    'other-programs-language',
    under('Hand over', '', 'console').replace('console\n', 'console\n$ ss -tn\nmysql> stop slave;'),
  ],
  ['procedure', under('Hand over', '', 'console').replace('console\n', 'console\n$ make it\na => b\nkey=> value')],
  ['procedure', `${README}## Installation\n\n${block('({{ project_name }}) $ ln -s a b', 'console')}`],
  ['rollback-section', `${under('Deploy', 'make deploy')}\nTo roll back:\n\n${block('make old')}`],
  [
    'procedure',
    `${under('Deploy', 'make deploy')}\nExport the state so the rollback script can restore it:\n\n${block('make export')}`,
  ],
  [
    'procedure',
    under('Upgrade', '').replace(block(''), `Do not be lazy and make a backup!\n\n${block('make upgrade')}`),
  ],
  ['procedure', under('2. API', 'make api')],
  ['reference-section', under('API', 'make api')],
  ['procedure', under('Step 1: Preparation', 'df -h')],
  ['prerequisite-section', under('Preparation', 'df -h')],
  ...['Before the upgrade', 'Vor dem Update', 'Avant la mise à jour', '更新前准备', '移行前の確認'].map(
    (heading) => ['prerequisite-section', under(heading, 'df -h')] as const,
  ),
  ['procedure', under('Before the upgrade', 'make backup')],
  ['usage-section', `${README}## Before upgrading\n\n${block('df -h')}`],
  ['check-that-may-change', after('Step 3: Verification', './scripts/healthcheck.sh')],
  [
    'check',
    `${under('Deploy', 'make deploy')}\nAnd check that it is there. (This should not fail.)\n\n${block('ls site')}`,
  ],
  ['in-session', `${under('Dump', 'docker exec -it db bash')}\n${block('pg_dumpall > /tmp/all.sql')}`],
  ['in-session', under('Dump', 'exit')],
  ['in-session', `# Ops\n\nFrom inside:\n\n${block('ls /app/data')}`],
  ['readme-pushes', `${README}## Getting started\n\n${block('git push origin main')}`],
  ['procedure', `${under('Dump', 'docker exec -it db bash')}\n${block('docker cp db:/tmp/all.sql .')}`],
  ['procedure', `${under('Dump', 'ssh web')}\nBack on your machine:\n\n${block('make all')}`],
  ['procedure', `${under('Log in', 'ssh web')}\n${block('exit')}\n## Build\n\n${block('make all')}`],
  [
    'procedure',
    `${under('Deploy', 'make deploy')}\n## 1. Run the site.yml playbook to ensure all is up to date\n\n${block('plays site.yml')}`,
  ],
  [
    'procedure',
    `${under('Deploy', 'make deploy')}\n## 3. Revert to the old port\n\nOnce you are satisfied:\n\n${block('make port')}`,
  ],
  ['rollback-section', `${under('Deploy', 'make deploy')}\n## 3. Revert\n\nIf it fails:\n\n${block('make old')}`],
  ['condition', under('Одна команда (если скрипт на сервере)', './deploy.sh')],
  ['condition', under('部署（如果脚本已在服务器上）', './deploy.sh')],
  ['case-section', under('Если скрипт на сервере', './deploy.sh')],
  [
    'procedure',
    `${README}## 安装\n\n如果有Golang开发经验，建议编译：\n\n${block('git clone https://git.test/x\ncd x\ngo build')}`,
  ],
  ['reference-section', under('Helpful commands', 'kubectl rollout restart deploy/web')],
  ['reference-section', under('Commandes utiles', './health.sh')],
  ['reference-section', under('✅ Lo que hace `update.sh`:', 'make restart')],
  ['reference-section', under('常用命令', 'make restart')],
  ['reference-section', under('便利なコマンド', 'make restart')],
  ['reference-section', under('Redis commands reference', 'redis-cli info server')],
  ['procedure', under('Update all the references', 'make references')],
  ['symptom-section', under('Common root causes', 'kubectl rollout undo deploy/web')],
  ['procedure', under('Common root causes', 'kubectl describe nodes')],
  ['symptom-section', under('Mögliche Ursachen', 'systemctl restart web')],
  ['rollback-procedure', `# Rollback\n\n## By hand\n\n${block('git revert HEAD')}`],
  ['procedure', `# High rollback rate\n\n## By hand\n\n${block('git revert HEAD')}`],
  ['procedure', `# High rollback rate\n\n## 2. Query recent rollbacks\n\n${block('kubectl get events')}`],
  ['other-programs-language', under('Look', 'INFO server\nSLOWLOG GET 10')],
  ['needs-terminal', under('Rotate', 'backup config edit\nbackup check')],
  ['needs-terminal', under('Disk', 'sudo fdisk /dev/sdb')],
  ['procedure', under('Disk', 'sudo fdisk -l')],
  ['needs-terminal', under('Pods are not starting', 'kubectl debug -it deploy/web -- sh')],
  ['by-hand', under('Restore', 'make down\n# Fetch the archive, unpack it, then:\nmake load')],
  ['by-hand', under('Restauration', 'make down\n# 2. décompresser à la main\nmake load')],
  ['procedure', under('Start it', 'kubectl apply -f web.yaml', 'console')],
  [
    'check',
    `${under('Deploy', 'make deploy')}\n1. Roll it out\n2. Check that all pods run\n\n${block('kubectl get pods')}`,
  ],
  ['check', `${under('Deploy', 'make deploy')}\n**Step 7: Kontrollzahlen** (1 min)\n${block('cat version')}`],
  ['check', `${under('Drop', 'make drop')}\nVerify that it is gone before continuing.\n\n${block('kubectl get pods')}`],
  ['procedure', `# Disk full\n\n## Confirm the source\n\n${block('df -h')}`],
  [
    'procedure',
    `# Disk full\n\n## Buy time\n\n${block('make vacuum')}\n## Check the size of logs\n\n${block('du -sh /var/log')}`,
  ],
  ['check', `# Disk full\n\n## Buy time\n\n${block('make vacuum')}\n## Verify\n\n${block('df -h')}`],
  ['procedure', `${under('Stop it', 'make stop')}\n## Investigation\n\nCheck the logs:\n\n${block('ls /var/log')}`],
  ['condition', `# Ops\n\n500 response means that it broke halfway: restart it:\n\n${block('make restart')}`],
  ['procedure', `# Ops\n\nWhen you're ready, go there:\n\n${block('cd /srv/app')}`],
  ['procedure', `# Ops\n\nStep 1: restore (target: <1 min)\n\n${block('make restore')}`],
  ['procedure', `# Ops\n\nStop the server. For instance:\n\n${block('./ctl stop')}`],
  ['procedure', `# Ops\n\nArrêtez le serveur. Par exemple :\n\n${block('./ctl stop')}`],
  ['procedure', `# Ops\n\nОстановите сервер. Например:\n\n${block('./ctl stop')}`],
  ['says-example', `# Ops\n\nDer Server läuft. Zum Beispiel:\n\n${block('./ctl stop')}`],
  ['says-example', `${README}## Start\n\nRun the tool. For instance:\n\n${block('tool start')}`],
  ['says-example', `# 手順\n\n例：\n\n${block('git checkout -b add-me')}`],
  ['procedure', `# Ops\n\nSimply run:\n\n${block('port_db --source old.db', '')}`],
  ['untagged-not-commands', `# Ops\n\nSimply run:\n\n${block('lag equals end minus start', '')}`],
  ['untagged-not-commands', `${README}## Start\n\nSimply run:\n\n${block('port_db --source old.db', '')}`],
  ['procedure', `${README}## 開発\n\n${block('npm ci')}`],
  ['procedure', `${README}## レポジトリをクローン\n\n${block('git clone https://git.test/x')}`],
  ['procedure', `${README}## Install\n\n## Starting the development server\n\n${block('npm ci')}`],
  [
    'procedure',
    `${README}## Install\n\n### On Ubuntu\n\nIf you run 19.10 or newer:\n\n${block('sudo apt install hexyl')}`,
  ],
  [
    'commands-listed',
    under('Heroku', '# Deploy\ngit push heroku main\n\n# Rollback\nheroku rollback\n\n# Check\nheroku releases'),
  ],
  ['rollback-section', `${under('Deploy', 'make x')}## Rollback\n\n${block('make stop\n# Rollback\nmake undo')}`],
  ['procedure', under('Flags', './lock on\n# Revert the flag\n./flag set\n./lock check')],
  [
    'commands-listed',
    under('Copies', '# Make one\n./backup.sh\n# See them\nls b\n# Restore one\n./restore.sh b/old.gz'),
  ],
  ['commands-listed', under('Kopien', '# anlegen\nmake db-backup\n# einspielen\nmake db-restore FILE=b/alt.sql')],
  ['procedure', under('Move', '# Save\n./backup.sh /srv/a.gz\n# Load\n./restore.sh /srv/a.gz')],
  ['procedure', under('Move', '# Save\nvelero backup create b1\n# Load\nvelero restore create --from-backup=b1')],
  ['procedure', under('Move', '# Save\nmake backup\n# Load it on the new host\nmake restore HOST=new')],
  ['procedure', under('Move', '# Save\n./backup.sh\n# Load it\n./restore.sh --latest')],
  ['procedure', under('Try it', '# There and back\nmake backup\nmake restore')],
  ['procedure', under('Renew', '# Save\nmake backup\n# Renew\nmake fresh\n# Load\nmake restore')],
  ['commands-listed', under('Deploy', './deploy\n# Undo the deployment\n./back')],
  ['tasks-listed', `${README}## Install\n\n${block('make build  # Compile\nmake lint  # Check\nmake test  # Try')}`],
  [
    'check',
    `# Ops\n\n## Fix\n\n${block('make x')}## Monitoring Recovery\n\n1. Lag (target: < 10)\n\n   ${block('df -h').replaceAll('\n', '\n   ')}`,
  ],
  ['check', `# Ops\n\n## Fix\n\n${block('docker start x')}List all again:\n\n${block('docker ps')}`],
  ['procedure', under('Deploy', 'make x\n\n# Wait for it to come up\necho waiting\nsleep 60')],
  ['destructive', under('Clear', 'redis-cli FLUSHALL')],
  ['procedure', `# チェックリスト\n\n## Git\n\n${block('make x')}${block('git branch -m main')}`],
  ['check', `# Release\n\n## Deploy\n\n${block('kubectl apply -f x')}Its pods:\n\n${block('kubectl get pods')}`],
  ['procedure', `# Release\n\n## Deploy\n\n${block('docker start x')}Find the id:\n\n${block('docker ps -q')}`],
  ['condition', `# Release\n\n## Deploy\n\n${block('make x')}If it hangs:\n\n${block('docker logs x')}`],
  ['condition', `# Release\n\n## Move\n\nWhen upgrading from 1.x:\n\n${block('make move')}`],
  ['procedure', under('Look', 'timeout 10 tail -f /var/log/x')],
  ['procedure', under('Restart', 'touch restarted')],
  [
    'check',
    `# Disk full\n\n## Fix\n\n${block('docker restart web')}Double check the logs.\n\n${block('docker logs web')}`,
  ],
  [
    'check',
    `${under('Deploy', 'make deploy')}\n## Fix\n\nCheck the state:\n\n${block('docker ps')}\n${block('docker images')}`,
  ],
  [
    'check',
    `# Disk full\n\n## Fix\n\n${block('docker restart web')}## Verification\n\n### 5. Space\n\n${block('df -h')}`,
  ],
  ['check', after('Verify', 'echo x > /srv/probe\nrm /srv/probe')],
  ['procedure', `# Disk full\n\n## Check the size of temp\n\n${block('find /tmp -exec ls {} \\;')}${block('du /tmp')}`],
  ['prerequisite-section', under('Prerequisites', 'gcloud version  # Latest\nkubectl version')],
  ['procedure', `${under('Deploy', 'make deploy')}\n## 清理日志\n\n${block('make vacuum')}`],
  ['rollback-section', `${under('Deploy', 'make deploy')}\n## 清理资源\n\n${block('make vacuum')}`],
  ['rollback-section', under('Rollback', 'cp app.jar app.bak').replace('```bash', '### Backup before it\n\n```bash')],
  ['check', under('Restart', 'systemctl restart api').concat(block('systemctl status api'))],
  ['check', `${under('Rotate', './rotate.sh')}${block('cat /etc/date')}\nThe date should be in March.\n`],
  [
    'removes-what-was-made',
    `${under('Try', 'kubectl create ns demo')}\n## Afterwards\n\n${block('kubectl delete ns demo')}`,
  ],
  ['procedure', `${under('Try', 'kubectl create ns demo')}\n## Afterwards\n\n${block('kubectl delete ns old')}`],
  ['commands-listed', `# Ops\n\nStart:\n\n${block('ctl start')}\nStop:\n\n${block('ctl stop')}`],
  ['procedure', `# Ops\n\nStop:\n\n${block('ctl stop')}\nStart:\n\n${block('ctl start')}`],
  ['says-quoted', `# Ops\n\nPost in #ops:\n\n${block('Maintenance begins')}`],
  ['procedure', `# Ops\n\nPost in #ops:\n\n${block('curl -d x hooks.test')}`],
  ['by-hand', `# Ops\n\nOn prod-web-1:\n\n${block('make it')}`],
  ['file-format', under('Rotate', '/var/log/app/*.log {\n  weekly\n  rotate 4\n}')],
  ['file-format', under('Tune', 'shared_buffers = 4GB')],
  ['file-format', under('Harden', 'PermitRootLogin no\nPort 22')],
  ['file-format', under('Image', 'FROM node:22\nRUN npm ci')],
  ['file-format', under('Targets', 'release: build\n\tgit push')],
  ['file-format', under('Hosts', '10.0.0.5 db')],
  ['file-format', under('Mount', '/dev/sdb /data ext4 defaults 0 2')],
  ['file-format', under('Let in', 'host all app 10.0.0.0/24 md5')],
  ['procedure', under('Functions', 'work() {\n  make it\n}\nfunction more {\n  make more\n}\nwork')],
  ['procedure', under('Quoted', 'curl -fs --json \'{\n  "a": {\n  }\n}\' localhost')],
  ['marked-skip', under('Deploy', 'make deploy', 'bash {skip}')],
  ['marked-skip', under('Deploy', 'make deploy', 'bash {"excludeFromRunAll":"true"}')],
  ['marked-manual', under('Deploy', 'make deploy', 'bash {"interactive":"true"}')],
  ['marked-rollback', under('Deploy', 'make undo', 'bash {rollback}')],
  ['marked-verify', under('Deploy', 'make check', 'bash {verify}')],
  ['marked-precondition', under('Deploy', 'test -f x', 'bash {precondition}')],
  ['marked-run', under('Troubleshooting', 'make mend', 'bash {run}')],
  ['marked-run', under('Deploy', 'print(1)', 'python {run}')],
  ['empty', under('Deploy', '# nothing here')],
  ['foreign-shell', under('Deploy', 'Get-Service', 'powershell')],
  ['other-language', under('Deploy', '{"a": 1}', 'json')],
  ['other-language', under('Deploy', 'npm ci', 'text')],
  ['sql-without-database', under('Deploy', 'select 1', 'sql')],
  [
    'sql-transaction',
    `---\nopsroom: { database: DB }\n---\n${under('Deploy', 'begin; delete from a; commit;', 'sql')}`,
  ],
  ['not-a-request', under('Deploy', 'HTTP/1.1 200 OK', 'http')],
  ['session-without-prompt', under('Deploy', 'rate(errors[5m])', 'console')],
  ['untagged-not-commands', under('Deploy', 'ERROR: it failed', '')],
  ['untagged-not-commands', under('Deploy', 'Make sure that it runs', '')],
  ['script-file', under('Deploy', '#!/bin/sh\nmake deploy')],
  ['script-file', under('Backup', '# Every night at two\n\n#!/bin/bash\npg_dump app > app.sql')],
  ['procedure', under('Backup', "cat > run.sh <<'EOF'\n#!/bin/bash\nmake\nEOF")],
  ['configuration-part', under('Redis', '# 配置\nreplicaof <primary> 6379\nmasterauth secret\nreplica-read-only yes')],
  [
    'configuration-part',
    under('Redis', 'apt-get update\n\n# /etc/redis/redis.conf\nbind 0.0.0.0\nport 6379\nmaxmemory 2gb'),
  ],
  ['procedure', under('Redis', '# Restart after a change of redis.conf\nredisctl stop\nredisctl start')],
  ['configuration-part', under('Redis', 'apt-get update\n\n# In `redis.conf`:\nbind 0.0.0.0\nmaxmemory 2gb')],
  ['configuration-part', under('Redis', '# 配置 /etc/redis/redis.conf\nbind 0.0.0.0\nmaxmemory 2gb')],
  ['procedure', under('Release', '# Regenerate config.yaml\ncfgctl prepare\nrelctl publish')],
  ['procedure', under('Release', 'make a\n\n# From /etc/app/app.conf\ncfgctl prepare\nrelctl publish')],
  ['procedure', under('Redis', '# app.yaml\nkubectl apply\nmake wait')],
  ['procedure', under('Deploy', "cat > app.yml <<'EOF'\na: 1\nb: 2\nc: 3\nEOF")],
  ['crontab', under('Deploy', '15 2 * * * /usr/bin/backup')],
  ['configuration', under('Deploy', '[Unit]\nDescription=x')],
  ['configuration', under('Deploy', 'services:\n  web:\n    image: x')],
  ['synopsis', under('Deploy', 'tool [options] <file>')],
  ['synopsis', under('Deploy', 'service app {start|stop}')],
  ['ellipsis', under('Deploy', 'make deploy\n...')],
  ['ellipsis', under('Deploy', 'export TOKEN="..."')],
  ['holds-output', under('Deploy', 'kubectl get pods\nNAME      READY   STATUS\nweb       1/1     Running')],
  ['not-parsed', under('Deploy', 'if true; then')],
  ['not-parsed', under('Deploy', 'rm -rf "/srv/\u202Eatad\u202C/tmp"')],
  [
    'not-parsed',
    "---\ndatabase: DB\n---\n# Ops\n\n## Deploy\n\n```sql {database=DB}\nupdate t set a = '\u202Ex\u202C';\n```\n",
  ],
  ['other-programs-language', under('Deploy', 'ALTER TABLE x ADD y int;')],
  ['file-content', `# Ops\n\nAdd this to your \`~/.bashrc\` file:\n\n${block('export PATH=$PATH:/opt/x')}`],
  ['reference-section', under('Reference', 'tool run')],
  ['usage-section', under('Examples', 'tool run')],
  ['usage-section', `${README}## Usage\n\n${block('tool run')}`],
  ['troubleshooting-section', under('Troubleshooting', 'reboot')],
  ['development-section', `${README}## Install\n\n## Development\n\n${block('npm run build')}`],
  ['uninstall-section', `# Ops\n\n## Install\n\n## Uninstall\n\n${block('make uninstall')}`],
  ['says-do-not', `# Ops\n\nNever do this:\n\n${block('make mess')}`],
  ['says-do-not', under('Dangerous commands - never use', 'docker volume prune')],
  ['says-do-not', under('⚠️ COMANDOS PELIGROSOS - NUNCA USES:', 'docker volume prune')],
  ['says-do-not', under('Do not run these', 'docker volume prune')],
  ['destructive', under('Clean up what we never use', 'docker volume prune')],
  ['says-example', `# Ops\n\nFor example:\n\n${block('make one')}`],
  ['readme-elsewhere', `${README}## Themes\n\n${block('tool theme dark')}`],
  ['rollback-section', under('Rollback', 'make undo')],
  ['rollback-section', under('Clean up', 'make down')],
  ['case-section', under('If ports are missing', 'make ports')],
  ['case-section', under('Falls Ports fehlen', 'make ports')],
  ['symptom-section', under('Pods are not starting', 'kubectl rollout restart deploy/web')],
  ['symptom-section', under('Docker startet nicht:', 'systemctl restart docker')],
  ['troubleshooting-section', under('Bei Problemen', 'systemctl restart docker')],
  ['troubleshooting-section', under('4.1 Erreurs Courantes', 'docker compose up -d')],
  ['troubleshooting-section', under('Errores comunes', 'docker compose up -d')],
  ['reference-section', under('Quick reference', 'tool start')],
  ['readme-example', `${README}## Quick start\n\n${block('print(1)', 'python')}${block('python one.py')}`],
  ['says-condition', `${README}## Start\n\nIf you want more, run:\n\n${block('make more')}`],
  ['condition', `# Ops\n\nIf you want more, run:\n\n${block('make more')}`],
  ['condition', under('Optional: more', 'make more')],
  ['check-that-may-change', `${under('Deploy', 'make deploy')}\n## Verify\n\n${block('./smoke.sh')}`],
  ['check-that-may-change', `${under('Deploy', 'make deploy')}\n## Verify\n\n${block('npm test')}`],
  ['rollback-procedure', `# Runbook: Rollback\n\n## Steps\n\n${block('kubectl rollout undo deploy/web')}`],
  ['rollback-section', `${under('Deploy', 'make deploy')}\n## Rollback\n\n${block('ssh web')}`],
  ['file-content', under('Adjust the settings', 'BACKUP=/srv/x\nKEEP=true')],
  ['configuration', under('Connection', 'postgresql://user@localhost:5432/db')],
  ['prerequisite-section', under('Prerequisite: install jq', 'sudo apt-get install -y jq')],
  ['says-later', `${README}## Start\n\nTo stop it:\n\n${block('docker compose down')}`],
  ['usage-section', `${README}## Upgrade\n\n${block('brew upgrade tool')}`],
  ['server', under('Start', 'tool serve')],
  ['prerequisite-section', under('Prerequisites', 'node --version')],
  ['prerequisite-section', under('Prerequisites', 'sudo apt-get update\nsudo apt-get install -y jq')],
  ['needs-terminal', under('Deploy', 'vim settings.yaml')],
  ['placeholder-to-edit', under('Deploy', "cat > x <<'E'\nhost: <your-host>\nE")],
  ['needs-terminal', under('Choose', '$ pick\n  one\n  two\nUse the arrow keys to select', 'console')],
  ['by-hand', under('Deploy', 'cd deploy\n# Edit .env\nVERSION=v2')],
  [
    'by-hand',
    under('Rotate', '# 1. Make a new key in the console\n# 2. Restart:\nmake restart\n# 3. Withdraw the old key'),
  ],
  ['procedure', under('Rotate', '# 1. Stop\nmake stop\n# 2. Start\n# (takes a minute)\nmake start')],
  ['procedure', `# Ops\n\nRecord it. You need it for the rollback decision.\n\n${block('helm history web')}`],
  ['check', `${under('Deploy', 'make deploy')}\nПроверяем:\n\n${block('kubectl get pods')}`],
  ['check', `${under('Deploy', 'make deploy')}\nConfira o resultado antes de liberar:\n\n${block('kubectl get pods')}`],
  [
    'procedure',
    `${under('Deploy', 'make deploy')}\nCheck that there is a backup:\n\n${block('php artisan backup:run')}`,
  ],
  ['by-hand', `# Ops\n\nThen SSH into each node and run:\n\n${block('make node')}`],
  ['says-save', `# Ops\n\nSave this as \`safe.sh\` and run it:\n\n${block('chmod +x safe.sh\n./safe.sh')}`],
  ['says-save', `# Ops\n\n保存为 safe.sh，运行：\n\n${block('./safe.sh')}`],
  ['says-example', `# Ops\n\n1. Inject failure (example):\n\n${block('systemctl stop app')}`],
  [
    'file-content',
    `# Ops\n\nBearbeiten Sie diese Datei und ändern Sie die Variablen:\n\n${block('export HOST=x', '')}`,
  ],
  ['several-ways', under('Deploy', 'cd x\nmake a\n# or\nmake b')],
  ['check', after('Verify', 'curl -f http://localhost/health')],
  ['procedure', under('Verify', 'curl -f http://localhost/health')],
  ['check', `# Ops\n\n${block('make start')}\nCheck that it runs:\n\n${block('systemctl is-active app')}`],
  ['check', after('Verify', "kubectl exec web -- sh -c 'cat /health'")],
  ['check', after('Verify', 'kubectl get pods -w')],
  ['server', under('Start', 'npm run dev')],
  ['destructive', under('Clean old keys', 'rm -rf /srv/old')],
  [
    'check',
    `# Ops\n\n${block('crontab jobs')}\nWenn gespeichert, sollte er angezeigt werden:\n\n${block('crontab -l')}`,
  ],
  ['file-content', under('Environment variables', 'KEY=<generate it>\nDATABASE_URL=postgres://db')],
  ['by-hand', under('Start', '# On each core instance\nsystemctl start x')],
  ['by-hand', `# Ops\n\nOn application hosts:\n\n${block('make agent')}`],
  ['condition', `# Ops\n\nBirden fazla sertifika varsa:\n\n${block('make one')}`],
  ['reference-section', under('Notes', 'make it')],
  ['destructive', under('Step 7: Clean up', 'rm -f /tmp/x')],
  ['procedure', under('Deploy', 'make deploy')],
  ['foreign-shell', under('Start', 'node .\\src\\server.js')],
  ['foreign-shell', under('Install', 'winget install x')],
  ['synopsis', under('Build', 'meson setup [[-D option]...] target')],
  ['ellipsis', under('Build', 'git revert 3f2a...')],
  ['says-described', `# Ops\n\nThe deploy script then runs:\n\n${block('make deploy')}`],
  ['says-described', `# Ops\n\nThe image was built with:\n\n${block('make image')}`],
  ['says-compared', `# Ops\n\n**Before:**\n\n${block('make old')}`],
  ['says-options', `# Ops\n\n**Common restore options:**\n\n${block('make restore V=1')}`],
  ...[
    'Nützliche Befehle:',
    'Autres options :',
    'Opciones útiles:',
    'Outros comandos:',
    'Altri comandi:',
    'Полезные команды:',
    '常用选项：',
    'よく使うコマンド：',
    '자주 쓰는 옵션:',
  ].map((intro) => ['says-options', `# Ops\n\n${intro}\n\n${block('make restore V=1')}`] as const),
  ...[
    'Weitere Befehle sind nötig, um den Dienst zu starten:',
    'Lancez les commandes suivantes :',
    'Ejecute los otros comandos en este orden:',
    '다음 명령어를 실행합니다:',
    '其他服务器：',
  ].map((intro) => ['procedure', `# Ops\n\n## Deploy\n\n${intro}\n\n${block('make restore V=1')}`] as const),
  ['says-quoted', `# Ops\n\nIt stops with an error like:\n\n${block('make failed')}`],
  ['says-file', `# Ops\n\nCreate \`/opt/backup.sh\`:\n\n${block('pg_dump shop | gzip')}`],
  ['named-file', under('Backup', '# /usr/local/bin/backup.sh\nset -e\npg_dump app')],
  ['named-file', under('Backup', 'set -e\npg_dump app', 'bash title="backup.sh"')],
  ['named-file', `# Ops\n\nContents of \`backup.sh\`:\n\n${block('pg_dump app')}`],
  ['named-file', under('`backup.sh`', 'pg_dump app')],
  ['procedure', under('Backup', '# backup.sh\n./backup.sh')],
  ['procedure', under('Backup', '# 创建 app.yml\nmake app')],
  [
    'says-script',
    `# Ops\n\nHere is a simple backup script.\n\n${block('mkdir -p b\npg_dump app > b/app.sql\ngzip b/app.sql')}`,
  ],
  [
    'procedure',
    `# Ops\n\nRun the following script:\n\n${block('mkdir -p b\npg_dump app > b/app.sql\ngzip b/app.sql')}`,
  ],
  ['file-format', `# Ops\n\nAdd to \`/etc/hosts\`:\n\n${block('10.0.0.1 db')}`],
  ['by-hand', under('Move', 'scp a web:/tmp\n# On the server\ntar xf /tmp/a')],
  ['by-hand', `# Ops\n\nOn the primary:\n\n${block('pg_ctl stop')}`],
  ['by-hand', `# Ops\n\nConnect to the server and run:\n\n${block('make all')}`],
  ['by-hand', `# Ops\n\nEdit \`values.yaml\`. Then:\n\n${block('helm upgrade web .')}`],
  ['by-hand', `# Ops\n\nAfter approving it in the console:\n\n${block('make merge')}`],
  ['says-change', `# Ops\n\nReplace the values with your own:\n\n${block('export A=1\nmake all')}`],
  ['procedure', `# Ops\n\nReplace the name with your own:\n\n${block('make all NAME=<your-name>')}`],
  ['check', `${under('Deploy', 'make deploy')}\nThen:\n\n${block('kubectl get pods\n# expected: all Running')}`],
  ['check', `${under('Deploy', 'make deploy')}\nThen:\n\n${block('kubectl get pods # ожидается: Running')}`],
  ['shows-help', under('Build', './configure --help')],
  ['pattern-of-use', under('Write it', 'vault kv put <mount>/<path> <field>=<value>')],
  ['commands-listed', under('Docker', 'docker compose up -d --build\ndocker compose down')],
  ['commands-listed', under('Service', 'systemctl start app\nsystemctl status app\nsystemctl stop app')],
  [
    'conditional-part',
    under('Restart', 'docker restart web\n# If it does not come up, make it anew\ndocker compose up -d web'),
  ],
  [
    'condition',
    `# Ops\n\n${block('doctl databases fork new --wait')}\nFor a point in time:\n\n${block('doctl databases fork new --at 1')}`,
  ],
  [
    'condition',
    '# Ops\n\n1. Look at Docker (if applicable):\n   It takes space. Remove images:\n\n   ```bash\n   make prune\n   ```\n',
  ],
  ['condition', `# Ops\n\nPDF manual, Debian <= stretch:\n\n${block('make old-manual')}`],
  ['condition', `# Ops\n\nA host using another context can run:\n\n${block('make other')}`],
  ['symptom-section', under('The job is down', 'make job')],
  ['reference-section', under('How it works', 'make it')],
  ['check', after('Test', 'openssl x509 -in a.pem -noout')],
  ['by-hand', `# Ops\n\nOn each worker, run:\n\n${block('make worker')}`],
  ['by-hand', `# Ops\n\nOn your old machine, run:\n\n${block('make copy')}`],
  ['by-hand', under('Copy', 'make stop\n# on the NAS: copy a to b\nmake start')],
  ['by-hand', under('Start', '# Wait 5 minutes for the caches\nmake next')],
  ['by-hand', under('Start', 'make web\n# in another terminal\nmake worker')],
  ['needs-terminal', under('Log in', 'cargo login')],
  ['needs-terminal', under('Password', 'editor /tmp/password')],
  ['several-ways', under('Install', '# Using npm\ncd a\nnpm install x\n\nnpm test\n# Using yarn\ncd a\nyarn add x')],
  [
    'several-ways',
    under('Install', '# TypeScript 3.9 or later\nbower i x\nmake\n# TypeScript 3.8 or earlier\nbower i x@1'),
  ],
  ['several-ways', under('Drain', 'mover drain web\nmover drain web --force\nmover drain web --grace=300')],
  ['several-ways', under('Restore', '# Restore the latest\nmake latest\n\n# Restore a specific backup\nmake one AT=1')],
  ['several-ways', under('恢复', '# 恢复最新备份\nmake latest\n\n# 恢复特定备份\nmake one AT=1')],
  ['rollback-procedure', `# Runbook: Rollback\n\n## Do it\n\n${block('# Linux/Mac\n./undo.sh\n# Windows\nundo.bat')}`],
  ['commands-listed', under('Nodes', 'kubectl cordon web\n\nkubectl uncordon web')],
  ['destructive', under('Nodes', 'kubectl drain web\nmake web\nkubectl uncordon web')],
  ['procedure', under('Create the volumes, but do not start yet', 'make volumes')],
  ['condition', `# Ops\n\nYou can choose to save time:\n\n${block('make quick')}`],
  ['condition', `# Ops\n\nSome call it otherwise. For these systems, set its name:\n\n${block('NAME=x make')}`],
  [
    'condition',
    `# Ops\n\nIf there are several nodes:\n\n1. Move them:\n\n   ${block('make move').replaceAll('\n', '\n   ')}`,
  ],
  ['says-described', `# Ops\n\nRunning it shows the following:\n\n${block('$ make look\nall well', 'console')}`],
  [
    'says-change',
    `# Ops\n\nUpdate the tag in the commands below, and run:\n\n${block('curl -O https://x.test/v3.tgz')}`,
  ],
  ['procedure', under('Renew', 'make new\n\n# If stuck, look\nkubectl get pods\n\n# Go on\nmake more')],
  ['conditional-part', under('Renew', 'make new\n\n# If stuck\nkubectl get pods\nmake again')],
  ['conditional-part', under('起動', '# 状態\nmake state\n\n# 停止している場合、起動\nmake start')],
  ['by-hand', under('Update', 'make down\n# Edit VERSION in compose.yml\nmake up')],
  ['procedure', under('Firewall', '# Install ufw (if not installed)\nmake ufw\n\n# Open the port\nmake port')],
  ['condition', under('Firewall', '# Install ufw (if not installed)\nmake ufw')],
  ['reference-section', under('Some commands for the backup service', 'make list')],
  [
    'procedure',
    `# Ops\n\nRun this, where \`<version>\` is what you wish to have:\n\n${block('make bump V=<version>')}`,
  ],
  ['procedure', under('Look', 'kubectl exec -it web -- curl -s localhost:9090/metrics')],
  ['needs-terminal', under('Look', 'kubectl exec -it web -- bash')],
  ['reference-section', under('Useful `kubectl` commands', 'make restart')],
  ['reference-section', under('Szybkie komendy', 'make restart')],
  ['reference-section', under('スクリプト一覧', './deploy.sh')],
  ['procedure', under('Run these commands', 'make restart')],
  ['usage-section', under('使用例', './deploy.sh')],
  ['case-section', under('手動デプロイ時（必須）', './deploy.sh')],
  ['case-section', under('W razie awarii', './deploy.sh')],
  [
    'several-ways',
    under(
      'Restart',
      '# For a deployment\nkubectl rollout restart deploy/a\n# For a set\nkubectl rollout restart sts/a',
    ),
  ],
  ['several-ways', under('Restart', 'kubectl restart deploy <name>\nkubectl restart sts <name>')],
  ['several-ways', under('Wgranie', 'cd x\nmake a\n# lub\nmake b')],
  ['commands-listed', under('Migrate', 'npm run db:migrate\nnpm run db:migrate:show\nnpm run db:migrate:revert')],
  ['holds-output', under('Create it', 'kubectl create ns demo\nnamespace/demo created')],
  ['condition', `# Ops\n\n必要に応じて実行します：\n\n${block('make more')}`],
  ['condition', `# Ops\n\nW razie potrzeby uruchom:\n\n${block('make more')}`],
  [
    'procedure',
    `# Ubuntu Setup\n\n## Java Installation\n\n${block('apt install java')}\n## Docker Installation\n\n${block('apt install docker.io')}\n## Kubernetes Installation\n\n${block('swapoff -a')}`,
  ],
  ['configuration', under('Look', '[main]\na: b\nc: d')],
  ['procedure', under('Look', "jq '.[] | {\n  a: .a,\n  b: .b,\n  c: .c\n}' x.json")],
  ['reference-section', under('Tip to automate it', 'make check')],
  ['check', `${under('Resize', 'kubectl describe pvc x')}\n## See the size after it\n\n${block('kubectl get pv')}`],
  ['troubleshooting-section', `${under('Despliegue', 'make a')}\n## Ayuda rápida\n\n${block('make b')}`],
  ['check', `${under('Resize', 'make resize')}\n## Observe the volume after the resize\n\n${block('kubectl get pv')}`],
  [
    'check',
    `${under('Mend', 'make mend')}\n## Recovery verification\n\n${block("watch -n 5 'kubectl get pods'\nwatch -n 9 'df -h'")}`,
  ],
  ['procedure', under('Look', 'iostat -x 1 3\nmake a')],
  ['server', under('Look', 'iostat -x 1\nmake a')],
  ['procedure', `# Ops\n\nSet the KUBECONFIG environment variable:\n\n${block('export KUBECONFIG=/etc/k3s.yaml')}`],
  ['file-content', `# Ops\n\nAdd to your .bashrc file:\n\n${block('export KUBECONFIG=/etc/k3s.yaml')}`],
  ['needs-terminal', under('Open it', 'poetry shell')],
  ['other-programs-language', under('Build', 'find_package(rclcpp REQUIRED)\nadd_executable(talker src/talker.cpp)')],
  ['check', `${under('Pull', 'docker compose pull x')}\n2. **Health**:\n\n${block('curl -f http://localhost/health')}`],
  [
    'check',
    `# Outage\n\n## Mend\n\nIf needed:\n\n${block('make again')}\n## Verification steps\n\n${block('kubectl get pods')}`,
  ],
  [
    'check',
    `${under('Start', 'systemctl restart web')}\nWait for the probe to pass:\n\n${block('curl -f http://localhost/ready')}`,
  ],
  [
    'procedure',
    `# Outage\n\n## Scenario A\n\n${block('docker compose down')}\nCheck for port conflicts:\n\n${block('ss -tulpn')}`,
  ],
  ['procedure', `${under('Get it', 'git clone https://git.test/x app')}\n${block('cd app')}`],
  [
    'says-compared',
    under('Restart', '# ❌ do not do this\ndocker compose down\n\n# ✅ this instead\ndocker compose restart'),
  ],
  ['text-not-command', under('Tag', 'v1.0.0 – first release')],
  ['text-not-command', `# Ops\n\nYou find the files in:\n\n${block('/opt/x/bin/launch.js\n/opt/x/kiosk.desktop')}`],
  ['procedure', under('Restart', '# ❌ stop the old\nsystemctl stop a\n# ✅ start the new\nsystemctl start b')],
  ['procedure', under('Run', '/opt/x/bin/first\n/opt/x/bin/second')],
  ['reference-section', under('All available options', 'python app.py --url x')],
  ['reference-section', under('6) Useful commands (summary)', 'make restart')],
  ['procedure', `# Ops\n\nTo take a snapshot and save it to S3:\n\n${block('rke2 etcd-snapshot --s3')}`],
  [
    'procedure',
    `# Ops\n\nFirst you have to delete the databases that were created by the installer:\n\n${block('make empty')}`,
  ],
  ['procedure', `# Ops\n\nYou should see \`a.jar\`; to start it, run the command below once.\n\n${block('make it')}`],
  ['needs-terminal', under('Upgrade', 'sudo do-release-upgrade')],
  ['destructive', under('Evict', 'kubectl delete pod [pod-name] -n [namespace]')],
  ['synopsis', under('Call it', 'tool [options] [file-name]')],
  ['procedure', under('Look', 'kubectl top nodes\nkubectl top pods\nkubectl top pods -A')],
  ['by-hand', under('更新', 'make a\n\n# 在控制台手动停止旧服务\nmake b')],
  [
    'condition',
    `${under('Deploy', 'make deploy')}\nIf you see an error, restore the backup.\n\n${block('make restore')}`,
  ],
  ['configuration', under('Look', 'kubectl apply -f cm.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x')],
  ['server', under('Look', 'pidstat -p 1234 1\nmake a')],
  ['item', '# Ops\n\n## Escalation triggers\n\n- [ ] Page the engineer on call\n'],
  ['procedure', under('Tip the balance to the replica', 'make it')],
  ['procedure', under('更新', 'make a\n\n# 手動更新（テスト）\nmake b')],
  ['item-elsewhere', '# Ops\n\n## Symptoms\n\n- [ ] All payments fail\n'],
  ['item', '# Ops\n\n## Triage\n\n- [ ] Tell the team\n'],
  ['reference-section', under('Prevention', 'make check')],
  ['condition', `${under('Deploy', 'make deploy')}\nIf there is an error, run this:\n\n${block('make again')}`],
  [
    'procedure',
    `${under('Deploy', 'make deploy')}\nRestart it. If there's an issue it is best to mend it now.\n\n${block('make restart')}`,
  ],
  ['check', after('Verify (must pass all)', 'df -h /')],
  [
    'check',
    `# Disk full\n\n## Truncate\n\n${block('truncate -s 0 app.log')}\nConfirm it shrank:\n\n${block('ls -l app.log')}`,
  ],
  ['procedure', `${under('Deploy', 'make deploy')}\n## Verify the issue\n\n${block('kubectl get pods')}`],
  ['procedure', `${under('Deploy', 'make deploy')}\n**Diagnóstico**:\n\n${block('kubectl get pods')}`],
  ['check', `# Disk full\n\n## Clean\n\nIf needed:\n\n${block('make clean')}\n## Verification\n\n${block('df -h')}`],
  ['uninstall-section', `${under('Install', 'make install')}\n## Undeploy the controller\n\n${block('make undeploy')}`],
  ['conditional-part', under('Copia', 'make a\n\n# Copiar los archivos (opcional)\nmake b')],
  ['by-hand', under('Aktualizacja', 'make down\n# Edytuj plik x.yml\nmake up')],
  [
    'procedure',
    `# Ops\n\nCheck that it is there.\n\n1. View it in the browser\n\nVerify its state:\n\n${block('kubectl get pods')}`,
  ],
  [
    'check',
    `${under('Deploy', 'make deploy')}\nThe pods come up.\n\n${block('$ kubectl get pods\nweb Running', 'console')}`,
  ],
  ['procedure', `# Ops\n\n## Verify what is there\n\n${block('kubectl get pods')}`],
  ['procedure', `${README}## Start\n\nDo this like so:\n\n${block('npm ci')}`],
  ['several-ways', under('Restart', 'make restart NAME=<name>\n\n# Example\nmake restart NAME=web')],
  ['several-ways', under('Port', '# ufw ile\nmake a\n# iptables ile\nmake b')],
  ['condition', `# Ops\n\n## The quick way\n\n${block('./hotfix.sh')}\n**Use this when:**\n- it burns\n`],
  ['several-ways', under('Certificates', './certs.sh\n./certs.sh web.test\n./certs.sh --root')],
  ['destructive', under('Tables', 'tool load\ntool load -c "drop"\ntool load -c "make"')],
  ['reference-section', under('Scripts', './certs.sh')],
  ['symptom-section', under('Workers Not Processing', 'make restart')],
  ['procedure', under('3. Truncate the debug log', 'make small')],
  ['by-hand', under('Restart', 'kill 12\nnohup node server.mjs > log 2>&1 &')],
  ['by-hand', under('Restart', './server & disown')],
  ['by-hand', under('Restart', 'nohup ./server \\\n  --port 80 > log &\necho $!')],
  ['procedure', under('Enable debug mode', 'make small')],
  ['troubleshooting-section', under('How to debug the pods', 'make small')],
  ['check', `${under('Do', 'make it')}\n## Verify\n\n${block('[ "$(df -P / | wc -l)" -lt 500 ]')}`],
  ['troubleshooting-section', under('Common causes & fixes', 'make restart')],
  ['uninstall-section', `${README}## Create\n\n## Destroy\n\n${block('make destroy')}`],
  ['condition', under('Base', '# Solo si necesitas crear las tablas\nnpm run db:init')],
  ['says-condition', `${README}## Install\n\nIn Ruby:\n\n${block('gem install x')}`],
  ['prerequisite-section', under('Prerequisites', 'cargo install cargo-release')],
  ['item-holds-code', `# Ops\n\n1. Do:\n   - x\n\n   ${block('true').replaceAll('\n', '\n   ')}\n1. Next\n`],
  ['item-marked-done', '# Ops\n\n- [x] told them\n'],
  ['item-elsewhere', '# Ops\n\n## Contents\n\n1. one\n'],
  ['item', '# Ops\n\n1. Call the customer\n'],
  ['text-not-command', under('Logs', '# look for:\n"connection timeout"\n# or:\n"Slow query detected"')],
  ['procedure', under('Logs', 'psql app \\\n  "SELECT 1"')],
  ['shows-failure', under('Symptoms', '$ make up\nError: UPGRADE FAILED: timed out')],
  ['procedure', under('Make a secret', '# A secure one\nopenssl rand -hex 32\n# Output: [YOUR_NEW_SECRET]')],
  ['destructive', `# Uninstall guide\n\n## Uninstall methods\n\n${block('dpkg -r tool')}\n## Install again\n`],
  ...['Install again', 'Install', 'Installing the new version', 'Reinstallation'].map((heading): [string, string] => [
    'case-section',
    `# Uninstall guide\n\n## ${heading}\n\n${block('make install')}`,
  ]),
  ['procedure', `# Uninstalling tool\n\n## Installed by Homebrew\n\n${block('make gone')}`],
  ['says-example', `${under('Audit', 'make audit')}\nAn example of what you should see:\n\n${block('make deploy')}`],
  [
    'rollback-section',
    `# Ops\n\n## Run\n\n### Using the new cluster\n\n${block('make x')}\n### With rollback\n\n${block('make y')}`,
  ],
  [
    'procedure',
    `${under('Restore', 'make x')}\nRun the migration and the data validation:\n\n${block('./migrate.sh')}`,
  ],
  ['procedure', under('Look', '$ make status\nError rate: 0 %')],
  [
    'case-section',
    `# Uninstall guide\n\n## Uninstall\n\n${block('dpkg -r tool')}\n## Reinstallation\n\n${block('make x')}`,
  ],
  [
    'troubleshooting-section',
    `# Uninstall guide\n\n## Troubleshooting uninstall\n\n${block('dpkg -r --force-all tool')}`,
  ],
  [
    'check',
    `# High latency\n\n## Mitigate\n\n${block('make scale')}\n## Verification after remediation\n\n### 1. Metrics\n\n${block('kubectl get pods')}`,
  ],
  [
    'check',
    `${under('Label', 'make label')}\nWe can see that it has worked by running:\n\n${block('kubectl get nodes')}`,
  ],
  [
    'check',
    `${under('Drain', 'make drain')}\nIf it was removed, we should not see it listed, e.g.\n\n${block('kubectl get nodes')}`,
  ],
  ['check', `${under('Certificados', 'make renew')}\n* Verificamos los pods\n${block('kubectl get pods')}`],
  [
    'check-that-may-change',
    `${under('Restore', 'make restore')}\n5. Run integrity check and health endpoint verification:\n\n${block('node check.mjs')}`,
  ],
];

test.each(CASES)('%s decides', (rule, text) => {
  expect(decisionsOf(text).map((decision) => decision.rule)).toContain(rule);
});

test('a README by its name alone, unless it is a procedure', () => {
  const usage = block('tool run');
  expect(lastOf(`# Tool\n\n## Install\n\n## Usage\n\n${usage}`, 'README.md').rule).toBe('usage-section');
  expect(lastOf(`# Tool\n\n## Step 1\n\n## Step 2\n\n## Usage\n\n${usage}`, 'README.md').rule).toBe('procedure');
});

test('a README whose steps are numbered is a procedure', () => {
  const step = (text: string) => `# Tool\n\n1. ${text}\n\n   ${block('make it').replaceAll('\n', '\n   ')}`;
  expect(lastOf(step('Create the certificate'), 'README.md').rule).toBe('procedure');
  expect(lastOf(step('The certificate is shown'), 'README.md').rule).toBe('readme-elsewhere');
  const renewal = `# 1. Renovación de certificados\n\n* Copiamos lo que hay\n${block('make copy')}`;
  expect(lastOf(renewal, 'README.md').rule).toBe('procedure');
  const ways = ['curl', 'git', 'toolmgr'].map((name) => `### Using ${name}\n\n${block(`${name} x`)}`);
  expect(lastOf(`${README}## Installation\n\n${ways.join('\n')}`, 'README.md').rule).toBe('procedure');
  expect(lastOf(`${README}## Installation\n\n${ways[2]}`, 'README.md').rule).toBe('usage-section');
  const uses = ['the CLI', 'the API'].map((name) => `### Using ${name}\n\n${block('tool delete --all')}`);
  expect(lastOf(`${README}## Installation\n\n${uses.join('\n')}`, 'README.md').rule).toBe('usage-section');
});

test('every rule about blocks has a case', () => {
  const tested = new Set(CASES.map(([rule]) => rule));
  const ids = [
    ...RULE_GROUPS.flatMap(({ rules }) => rules),
    ...OTHER_RULES.filter(({ id }) => id.startsWith('item')),
  ].map(({ id }) => id);
  expect(ids.filter((id) => !tested.has(id) && id !== 'shown-output')).toEqual([]);
});

test.each([
  ['Go’s three dots are a path', under('Build', 'go build ./...')],
  ['a comment that trails off', under('Build', '# this takes a while ...\nmake')],
  ['what takes the name of a variable is no synopsis', under('Load', 'createdb shop\nunset PGPASSWORD\nexport LANG')],
  ['the last commit is no word to be filled in', under('Deploy', 'make deploy\ngit show HEAD')],
  ['a test is no synopsis', under('Build', 'if [ -f x ] && [[ -n $HOME ]]; then make; fi')],
  ['extras of a package are no synopsis', under('Build', 'pip install "x[all]"')],
  ['a heredoc that looks like output', under('Build', 'cat > x <<E\n2024-01-01 10:00 log\nE')],
  [
    'worries are no advice against',
    `# Ops\n\n1. **Stop it** so writes don't race:\n\n   ${block('make stop').replaceAll('\n', '\n   ')}`,
  ],
  [
    'a copy is no file content',
    `# Ops\n\nCopy \`.env.example\` to the \`.env\` file:\n\n${block('cp .env.example .env')}`,
  ],
  [
    'untagged commands of a program that a tagged block types',
    `${under('Look', 'acmectl get')}\n${block('acmectl apply', '')}`,
  ],
  ['an edit that a command makes', under('Deploy', '# Edit .env\nsed -i s/a/b/ .env')],
  ['a copy that is saved', `# Ops\n\nSave it as a file:\n\n${block('make dump > dump.sql')}`],
  ['a drill of a rollback', under('Rollback drill', 'make deploy')],
  ['untagged commands', under('Build', 'gcloud builds submit \\\n  --tag x', '')],
  ['"API keys" heads a procedure', under('3. API keys (external)', 'kubectl apply -f x')],
  ['a title says what it is about', `# Troubleshooting etcd\n\n## Defrag\n\n${block('etcdctl defrag')}`],
  ['a look before anything was done', `# Ops\n\nCheck what runs:\n\n${block('systemctl is-active app')}`],
  ['a caution about something else', `# Ops\n\nDo not delete the old cluster.\n\n${block('make freeze')}`],
  ['what is made, looked at and removed', under('Check', 'make a\nkubectl create ns x\nkubectl get ns x\nmake b')],
  ['a restart', under('Restart', 'systemctl stop app\nsystemctl start app')],
  ['a preview before the deed', under('Release', 'cargo release tag\ncargo release tag --execute')],
  ['what is told of a thing', under('What is not in git', 'make backup')],
  ['a step with a name like a file', `# Ops\n\nCreate \`.env\`:\n\n${block('cp .env.example .env')}`],
  ['on the server itself', `# Ops\n\nOn the server, run:\n\n${block('make it')}`],
  ['npm brings yarn', under('Install', 'npm install -g yarn\nyarn install')],
  [
    'a server that is waited for',
    under('Start', 'make web\n# Wait for it to be ready\nuntil curl -f x; do sleep 1; done'),
  ],
  ['a look at a symptom', under('Pods are not starting', 'kubectl get pods')],
  ['what failed is what a procedure is for', under('Remove failed jobs', 'make jobs')],
  ['assignments that a later block reads', `# Ops\n\n${block('make $A')}${block('A=1')}`],
  [
    'a README that fetches its program under its title',
    `# Tool\n\n${block('npx degit a/b c')}\n## License\n\n## Features\n`,
  ],
  [
    'development, where nothing else says how to start it',
    `# App\n\n## Features\n\n## License\n\n## Development\n\n${block('make app')}`,
  ],
  ['a document that deploys and rolls back', `# Deployment and rollback\n\n## Deploy\n\n${block('make deploy')}`],
  ['steps of a README that is a procedure', `# Tool\n\n## Step 1: Build\n\n${block('make')}\n\n## License\n`],
])('runs: %s', (_what, text) => {
  expect(lastOf(text)).toMatchObject({ label: 'run', rule: 'procedure' });
});

test('destructive blocks ask, servers go to the background, weak checks are told', () => {
  expect(lastOf(under('Deploy', 'rm -rf /srv/x')).ask).toContain('rm');
  expect(lastOf(under('Deploy', 'curl -fsSL https://x.sh | sh')).ask).toContain('server sends');
  expect(lastOf(under('Rollback', 'kubectl delete ns x'))).toMatchObject({
    label: 'rollback',
    ask: expect.any(String),
  });
  expect(lastOf(under('Start', 'next dev -p 4000')).background).toEqual({ port: 4000 });
  expect(lastOf(under('Start', 'npm run dev', 'bash {ready=8080}')).background).toEqual({ port: 8080 });
  expect(lastOf(after('Verify', 'kubectl get pods')).weak).toBe(true);
  expect(lastOf(after('Verify', 'curl -f http://x')).weak).toBe(false);
});

const afterDeploy = (code: string) => lastOf(`${under('Deploy', 'make deploy')}\n## Verify\n\n${block(code)}`);

test('a check of which nobody knows that it only looks is done once, as a step', () => {
  expect(afterDeploy('make health\ncurl -f http://x')).toMatchObject({ label: 'verify', asStep: true });
  expect(afterDeploy('systemctl start app\nsystemctl is-active app')).toMatchObject({
    label: 'run',
    rule: 'procedure',
  });
  expect(afterDeploy('kubectl get pods -w')).toMatchObject({
    label: 'verify',
    asStep: true,
    background: { aliveMs: 5000 },
  });
});

test('commands beside what a file holds are done by a person, a backup told with the rollback is left out', () => {
  expect(lastOf(under('Proxy', 'sudo systemctl stop web\nserver {\n  listen 80;\n}'))).toMatchObject({
    label: 'manual',
  });
  const told = under('Rollback', 'cp app.jar app.bak').replace('```bash', '### Backup before it\n\n```bash');
  expect(lastOf(told)).toMatchObject({ label: 'leave_out' });
});

const afterUndo = (intro: string, code: string) =>
  lastOf(`${under('Deploy', 'make deploy')}\n## Rollback\n\n${block('make undo')}\n${intro}\n\n${block(code)}`);

test('what should come out of a deed makes no check of it', () => {
  expect(lastOf(`${under('Deploy', 'make deploy')}\n${block('./deploy.sh v2   # expected: deployed')}`)).toMatchObject({
    label: 'run',
    rule: 'procedure',
  });
  expect(afterUndo('Then:', './rollback.sh # expected: OK')).toMatchObject({ label: 'rollback' });
  expect(afterUndo('Then:', 'kubectl get pods\n# should show: Running')).toMatchObject({ label: 'rollback' });
});

test('what checks a rollback undoes nothing', () => {
  const check = { label: 'verify', rule: 'rollback-section', undoes: true };
  expect(afterUndo('Verify that it is back:', 'curl -f http://x')).toMatchObject({ ...check, weak: false });
  expect(afterUndo('### Validation', 'systemctl is-active app')).toMatchObject(check);
  expect(afterUndo('Verify that it is back:', './smoke.sh')).toMatchObject({ ...check, asStep: true });
  expect(afterUndo('Verify that it is back:', 'systemctl restart app').label).toBe('rollback');
  expect(afterUndo('Then:', 'curl -f http://x').label).toBe('rollback');
});

const labelsOf = (text: string) => {
  const { decisions } = offerChoices(decisionsOf(text), undefined, (script) => shellFacts(script, grammar));
  return decisions.map(({ label, rule }) => `${label} ${rule}`);
};

test('ways to do one thing are a choice, told by comments, intros, headings of any kind', () => {
  const choice = 'choice alternatives';
  expect(labelsOf(under('Install', '# Using npm\nnpm install x\n# Using yarn\nyarn add x'))).toEqual([choice]);
  expect(labelsOf(under('Install', 'npm install x\nyarn add x'))).toEqual([choice]);
  const intros = `# Ops\n\nInstall via Homebrew:\n\n${block('brew install x')}\nRun via npx:\n\n${block('npx x')}`;
  expect(labelsOf(intros)).toEqual([choice, choice]);
  const headings = ['From source', 'Homebrew', 'Ubuntu 22.04'].map((name) => `### ${name}\n\n${block('make x')}`);
  expect(labelsOf(`# Ops\n\n## Getting it\n\n${headings.join('\n')}`)).toEqual([choice, choice, choice]);
  const products = `# Ops\n\nNginx:\n\n${block('systemctl reload nginx')}\nApache:\n\n${block('systemctl reload apache2')}`;
  expect(labelsOf(products)).toEqual([choice, choice]);
  const lub = `# Ops\n\n${block('make x')}\nlub\n\n${block('node x.js')}`;
  expect(labelsOf(lub)).toEqual([choice, choice]);
  const modes = ['Single binary', 'Micro-services'].map((name) => `## ${name}\n\n${block('make x')}`);
  expect(labelsOf(`# Ops\n\n${modes.join('\n')}`)).toEqual([choice, choice]);
  const state = '# Docker サービスの状態\nmake state\n# Docker サービスの起動\nmake start';
  expect(labelsOf(under('Start', state))).toEqual(['run procedure']);
  const scripts = ['quick.sh', 'full.sh'].map((name) => `### With ${name}\n\n${block(`./${name}`)}`).join('\n');
  expect(labelsOf(`# Ops\n\n## Deploy\n\nThere are two ways to deploy it.\n\n${scripts}`)).toEqual([choice, choice]);
  const kinds = ['Quick', 'Full'].map((name) => `### ${name}\n\n${block('make x')}`).join('\n');
  expect(labelsOf(`# Ops\n\n## Restore methods\n\n${kinds}`)).toEqual([choice, choice]);
  expect(labelsOf(`# Ops\n\n## Deploy\n\n有两种方式：\n\n${kinds}`)).toEqual([choice, choice]);
  expect(labelsOf(`# Ops\n\n## Deploy\n\nDo it all.\n\n${kinds}`)).toEqual(['run procedure', 'run procedure']);
  const steps = ['2. Install Docker', '5. Start it with Docker'].map((name) => `## ${name}\n\n${block('make x')}`);
  expect(labelsOf(`# Ops\n\n${steps.join('\n')}`)).toEqual(['run procedure', 'run procedure']);
  const parts = `# Ops\n\nBackend:\n\n${block('make a')}\nFrontend:\n\n${block('make b')}`;
  expect(labelsOf(parts)).toEqual(['run procedure', 'run procedure']);
  const methods = ['Command-line method', 'Console method'].map((name) => `## ${name}\n\n${block('make x')}`);
  expect(labelsOf(`# Ops\n\n${methods.join('\n')}`)).toEqual([choice, choice]);
});

test('another way whose other way is done by hand is left out, and what is for Windows', () => {
  const other = `# Ops\n\n${block('vim x')}\nAlternatively, from a dump:\n\n${block('make dump')}`;
  expect(labelsOf(other)).toEqual(['manual needs-terminal', 'leave_out lonely-way']);
  const steps = `1. Make it\n\n   ${block('make x').replaceAll('\n', '\n   ')}`;
  const list = `# Ops\n\nPaste this:\n\n${block('make it')}\nAlternatively, follow these steps:\n\n${steps}`;
  expect(labelsOf(list).at(-1)).toBe('leave_out lonely-way');
  expect(labelsOf(under('On Windows', 'choco install x'))).toEqual(['leave_out foreign-shell']);
});

test('what is done in some case only asks, and is dangerous as ever', () => {
  const decision = lastOf('# Ops\n\nIf the disk is full:\n\n```bash\nrm -rf /srv/x\n```\n');
  expect(decision).toMatchObject({ label: 'run', choice: { input: 'if_the_disk_is_full', value: 'yes' } });
  expect(decision.ask).toContain('rm');
  expect(lastOf('# Ops\n\nIf the disk is full:\n\n```bash {run}\nmake room\n```\n').label).toBe('run');
});

test('a session is read without its prompts, its output is what it should show', () => {
  const decision = lastOf(under('Look', '$ echo one\none\n$ echo two\ntwo', 'console'));
  expect(decision).toMatchObject({ label: 'run', script: 'echo one\necho two', shown: 'one\ntwo' });
});

test('what the text calls output is what the block before it should show', () => {
  const [, check, shown] = decisionsOf(
    `${after('Verify', 'curl -s http://x')}\nExpected output:\n\n${block('ok', '')}`,
  );
  expect(check).toMatchObject({ label: 'verify', shown: 'ok', weak: false });
  expect(shown).toMatchObject({ label: 'leave_out', rule: 'shown-output' });
});

const MANY = 10_000;
const LONG: readonly (readonly [what: string, script: string, intro: string])[] = [
  ['blank lines', `make a${'\n'.repeat(MANY)}make b`, ''],
  ['blank lines above', `${'\n'.repeat(MANY)}make a`, ''],
  ['blank lines below a comment', `# All of it\n${'\n'.repeat(MANY)}make a`, ''],
  ['lines of spaces', `${' \n'.repeat(MANY)}make a`, ''],
  ['bare comments', `${'#\n'.repeat(MANY)}make a`, ''],
  ['bare comments below blank lines', `make a${'\n'.repeat(MANY)}${'#\n'.repeat(MANY)}`, ''],
  ['spaces in a comment', `# in${' '.repeat(MANY)}.\nmake a`, ''],
  ['spaces in a command', `make a${' '.repeat(MANY)}b`, ''],
  ['spaces before the end of a directive', `# a.conf\nport 1\nbind 2${' '.repeat(MANY)}|`, ''],
  ['blank lines in what looks like a heredoc', `make a <<x\n${'\n'.repeat(MANY)}x y\nx`, ''],
  ['dashes in a comment', `# ${'-'.repeat(1000)}\nmake a`, ''],
  ['dashes in a sentence', 'make a', `Do ${'-'.repeat(MANY)} it`],
  ['marks and nothing else', 'make a', '-_'.repeat(MANY)],
];

test.each(LONG)('%s, however many, are read in the end', (_what, script, intro) => {
  expect(lastOf(`# Ops\n\n${intro}\n\n${block(script)}`).script).toBe(script);
});

test('docs/runbook-rules.md lists every rule, in the order in which they are asked', () => {
  const page = readFileSync(new URL('../../../../docs/runbook-rules.md', import.meta.url), 'utf8');
  const listed = [...page.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, id, when]) => [id, when]);
  const known = [...RULE_GROUPS.flatMap(({ rules }) => rules), ...OTHER_RULES];
  expect(listed).toEqual(known.map(({ id, when }) => [id, when.replaceAll('|', '\\|')]));
});

test('the block right behind an item that ends with a colon, or behind each of several, is what that item asks for', () => {
  const steps = ['Stop it', 'Start it'].map((text, i) => `${i + 1}. ${text}\n\n${block(`make ${i}`)}`).join('');
  expect(labelsOf(`# Ops\n\n${steps}`)).toEqual([
    'leave_out item-holds-code',
    'run procedure',
    'leave_out item-holds-code',
    'run procedure',
  ]);
  expect(labelsOf(`# Ops\n\n- [ ] Stop it:\n${block('make x')}`)).toEqual([
    'leave_out item-holds-code',
    'run procedure',
  ]);
  expect(labelsOf(`# Ops\n\n1. Tell the others\n\n${block('make x')}`)).toEqual(['manual item', 'run procedure']);
  expect(labelsOf(`# Ops\n\n1. Tell the others:\n\nThen\n\n${block('make x')}`)).toEqual([
    'manual item',
    'run procedure',
  ]);
});
