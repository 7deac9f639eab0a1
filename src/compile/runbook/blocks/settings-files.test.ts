import { expect, test } from 'vitest';
import { builtIn } from '../../../operations/contracts.js';
import { compileRunbook } from '../runbook.js';

const { contracts } = builtIn();
const block = (code: string) => `\`\`\`bash\n${code}\n\`\`\`\n\n`;
const inputsOf = async (...codes: string[]) => {
  const { plan } = await compileRunbook(
    { text: `# Start it\n\n${codes.map(block).join('')}`, file: 'r.md' },
    contracts,
  );
  return Object.keys((plan.inputSchema as { properties?: object } | undefined)?.properties ?? {});
};

test.each([
  ["cp .env.example .env\nexport $(grep -v '^#' .env | xargs)"],
  ['set -a; . ./.env; set +a'],
  ['source config/prod.env'],
  ['export `cat .env`'],
])('what is read behind a file of settings is no input: %s', async (taken) => {
  expect(await inputsOf(taken, 'make serve PORT=$API_PORT')).toEqual([]);
  expect(await inputsOf(`${taken}\nmake serve PORT=$API_PORT`)).toEqual([]);
  expect(await inputsOf('make look AT=$API_PORT', taken)).toEqual(['api_port']);
  expect(await inputsOf(`make look AT=$API_PORT\n${taken}`)).toEqual(['api_port']);
});

test.each(['source .venv/bin/activate', 'export TODAY=$(date)', '(. ./.env; make env)', 'eval "$(ssh-agent)"'])(
  'other code that is taken in sets nothing of the kind: %s',
  async (taken) => expect(await inputsOf(taken, 'make serve PORT=$API_PORT')).toEqual(['api_port']),
);
