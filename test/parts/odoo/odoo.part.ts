import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JsonObject } from '#ir/json.js';
import { HOSTILE, libraryAddon } from '../../fixtures/library-addon.js';
import { type DebianPostgres, startDebianPostgres } from '../../harness/debian-postgres.js';
import { missing } from '../../harness/parts.js';
import { verifies } from '../../harness/requirements.js';
import { type SkillRoom, skillRoom, wordsOf } from '../../harness/skill-room.js';
import { story } from '../../harness/template-room.js';
import { unpacked } from '../debian.js';

const LIMIT = 300_000;
const PASSWORD = 'password-of-odoo';
/** What Odoo 19 imports, by the names of this machine's Debian. */
const PYTHON =
  'asn1crypto babel cbor2 chardet cryptography dateutil docutils geoip2 gevent greenlet idna jinja2 libsass lxml markupsafe num2words ofxparse openpyxl openssl pil polib psutil psycopg2 pypdf tz qrcode reportlab requests rjsmin serial stdnum urllib3 usb vobject werkzeug xlrd xlsxwriter xlwt zeep freezegun magic passlib'
    .split(' ')
    .map((name) => `python3-${name}`);

const odoo =
  missing('initdb', 'Odoo needs a PostgreSQL') || missing('psql', 'the skill looks into the database')
    ? { lacking: 'PostgreSQL' }
    : unpacked(
        'odoo-19',
        [
          { suite: 'sid', names: ['odoo-19'] },
          { suite: 'system', names: PYTHON, needed: true },
        ],
        ['*/i18n', '*/addons/l10n_*'],
      );
if ('lacking' in odoo) console.warn(`skipped: Odoo 19: ${odoo.lacking}`);

/** Braces are text here, and no expressions of the plan. */
const inPlan = (args: JsonObject) => JSON.parse(JSON.stringify(args).replaceAll('{{', '{{{{')) as JsonObject;

/** Debian's Python finds what was unpacked. */
function launcher(folder: string): string {
  const path = join(folder, 'run-odoo');
  const [native = ''] = execFileSync('sh', ['-c', 'ls -d "$1"/usr/lib/*-linux-gnu* | head -n 1', 'sh', folder], {
    encoding: 'utf8',
  }).split('\n');
  const env = `PYTHONPATH='${folder}/usr/lib/python3/dist-packages' LD_LIBRARY_PATH='${native}'`;
  writeFileSync(path, `#!/bin/sh\n${env} exec /usr/bin/python3 '${folder}/usr/bin/odoo' "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}

describe.skipIf('lacking' in odoo)('odoo-addon in a real Odoo 19', () => {
  let at: SkillRoom;
  let server: DebianPostgres;
  let program: string;
  beforeAll(async () => {
    program = launcher('folder' in odoo ? odoo.folder : '');
    at = await skillRoom({ OPSROOM_SECRET_ODOO: PASSWORD });
    server = await startDebianPostgres();
    await server.query('postgres', `create role odoo login createdb password '${PASSWORD}'`);
    const env = {
      ...process.env,
      PGHOST: '127.0.0.1',
      PGPORT: String(server.port),
      PGUSER: 'odoo',
      PGPASSWORD: PASSWORD,
    };
    execFileSync(
      program,
      [
        '-d',
        'prepared',
        '-i',
        'base',
        '--stop-after-init',
        '--without-demo=all',
        '--no-http',
        `--data-dir=${at.folder}/.odoo`,
      ],
      { env, stdio: 'pipe' },
    );
  }, LIMIT);
  afterAll(async () => {
    await at?.close();
    await server?.stop();
  }, LIMIT);

  const make = async (name: string, more: JsonObject = {}) => {
    await server.query('postgres', `create database ${name} template prepared owner odoo`);
    const where = {
      host: '127.0.0.1',
      port: server.port,
      user: 'odoo',
      password: '{{ secrets.ODOO }}',
      database: name,
    };
    return at.use('odoo-addon', {
      ...inPlan(libraryAddon(name)),
      folder: `addons-${name}`,
      odoo: [program],
      ...where,
      ...more,
    });
  };
  /** An Odoo that finds the addon changed. */
  const planted = (name: string, change: string) => {
    const script = join(at.folder, `${name}.sh`);
    writeFileSync(script, `${change}\nexec "$0" "$@"\n`);
    return { odoo: ['sh', '-c', `. ${script}`, program] };
  };
  const stateOf = async (name: string) =>
    (await server.query(name, `select state from ir_module_module where name = '${name}'`)).rows;

  test(
    verifies('SKILL-02', 'odoo-addon: what it writes is installed in a real Odoo 19, and its tests pass there'),
    async () => {
      const done = await make('library_whole');
      expect(done.status, story(done)).toBe('succeeded');
      expect(wordsOf(done)).toMatchObject({ 'use-write': 'proven', 'use-install': 'proven' });
      expect(done.steps.at(-1)?.verdicts).toContainEqual(expect.objectContaining({ id: 'tried', passed: true }));
      expect(await stateOf('library_whole')).toEqual([{ state: 'installed' }]);
      const { rows } = await server.query(
        'library_whole',
        "select field_description->>'en_US' as label from ir_model_fields where model = 'library.book' and name = 'summary'",
      );
      expect(rows).toEqual([{ label: HOSTILE }]);
      expect(JSON.stringify(done)).not.toContain(PASSWORD);
    },
    LIMIT,
  );

  test(
    verifies('SKILL-02', 'odoo-addon: a view that is broken, or a test that fails, fails it'),
    async () => {
      const views = 'addons-library_view/library_view/views/library_book_views.xml';
      const view = await make(
        'library_view',
        planted('view', `sed -i 's/<field name="pages"/<field name="nonesuch"/' ${views}`),
      );
      expect(wordsOf(view)).toMatchObject({ 'use-write': 'proven', 'use-install': 'failed', use: 'pending' });
      expect(view.steps.find(({ id }) => id === 'use-install')?.error?.message, story(view)).toContain('255');
      expect(await stateOf('library_view')).not.toContainEqual({ state: 'installed' });
      const tests = 'addons-library_test/library_test/tests/test_library_book.py';
      const failing = await make('library_test', planted('test', `sed -i "s/'read', True/'read', False/" ${tests}`));
      expect(wordsOf(failing)).toMatchObject({ 'use-install': 'failed', use: 'pending' });
      expect(failing.steps.find(({ id }) => id === 'use-install')?.error?.message, story(failing)).toContain('1');
      expect(readFileSync(join(at.folder, tests), 'utf8')).toContain("'read', False");
    },
    LIMIT,
  );

  test(
    'an addon of Odoo’s own of that name is no proof that ours was installed',
    async () => {
      await server.query('postgres', 'create database shadowed template prepared owner odoo');
      const where = {
        host: '127.0.0.1',
        port: server.port,
        user: 'odoo',
        password: '{{ secrets.ODOO }}',
        database: 'shadowed',
      };
      const done = await at.use('odoo-addon', {
        ...inPlan(libraryAddon('uom')),
        folder: 'addons-shadowed',
        odoo: [program],
        ...where,
      });
      expect(wordsOf(done)).toMatchObject({ 'use-write': 'proven', 'use-install': 'failed' });
      expect(existsSync(join(at.folder, 'addons-shadowed/uom/__manifest__.py'))).toBe(true);
    },
    LIMIT,
  );
});
