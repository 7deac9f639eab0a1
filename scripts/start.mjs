// `npm start`: from a fresh clone to a running room. The room runs in this process, so Ctrl-C reaches it as it is.
import './node-floor.mjs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrap } from './bootstrap.mjs';
import { build } from './build.mjs';
import { root, withRefusals } from './run.mjs';

await withRefusals(async () => {
  await bootstrap();
  await build();
  const main = join(root, 'dist/main.js');
  process.argv = [process.execPath, main, 'start', ...process.argv.slice(2)];
  await import(pathToFileURL(main).href);
});
