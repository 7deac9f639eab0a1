#!/usr/bin/env node
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
const builder = new URL('../scripts/build.mjs', import.meta.url);

// An installed package brings dist with it; a checkout makes it at the first use.
if (!existsSync(main) && existsSync(builder)) {
  const { withRefusals } = await import(new URL('run.mjs', builder).href);
  await withRefusals(async () => {
    await (await import(new URL('bootstrap.mjs', builder).href)).bootstrap();
    await (await import(builder.href)).build();
  });
  if (process.exitCode) process.exit();
}
await import(main.href);
