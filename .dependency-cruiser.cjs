// The import table is the architecture (ARCHITECTURE.md is its prose). A folder may import itself and what is listed for it.
// A need that points elsewhere is a port: declare the interface where it is needed and supply it in operations/wire.ts.
const table = {
  kit: [],
  ir: ['kit'],
  observe: ['kit'],
  db: ['kit', 'observe'],
  identity: ['kit', 'observe', 'db'],
  secrets: ['kit', 'observe', 'db'],
  sandbox: ['ir', 'kit', 'observe'],
  tools: ['ir', 'kit', 'observe', 'sandbox'],
  integrations: ['ir', 'kit', 'observe', 'sandbox'],
  catalog: ['ir', 'kit', 'observe', 'db'],
  models: ['kit', 'observe'],
  compile: ['ir', 'kit', 'observe', 'models'],
  authorise: ['ir', 'kit', 'observe', 'db'],
  trigger: ['ir', 'kit', 'observe', 'db'],
  execute: ['ir', 'kit', 'observe', 'db'],
  verify: ['ir', 'kit', 'observe', 'sandbox'],
  record: ['ir', 'kit', 'observe', 'db'],
  notify: ['kit', 'observe', 'db'],
  operations: ['*'],
  server: ['operations', 'ir', 'kit', 'observe'],
  cli: ['operations', 'server', 'ir', 'kit', 'observe'],
};
/** The web app: pages stand beside each other, and what two of them need lies below them. */
const pages = ['runboard', 'run', 'runs', 'sessions', 'dashboard', 'plan', 'proof', 'approvals', 'settings', 'signin'];
const webTable = {
  kit: [],
  look: [],
  api: ['kit'],
  ui: ['kit', 'look', 'api'],
  ...Object.fromEntries(pages.map((page) => [page, ['kit', 'look', 'api', 'ui']])),
  app: ['kit', 'look', 'api', 'ui', ...pages],
};
/** A runbook is read in this order: its Markdown, what its words say, what each block is, which of them are ways to the same. */
const runbook = {
  markdown: [],
  words: ['markdown'],
  blocks: ['markdown', 'words'],
  ways: ['markdown', 'words', 'blocks'],
  rules: ['markdown', 'words', 'blocks', 'ways'],
  decide: ['markdown', 'words', 'blocks', 'ways', 'rules'],
  assemble: ['markdown', 'words', 'blocks', 'ways', 'rules', 'decide'],
  review: ['markdown', 'blocks'],
};
const all = Object.keys(table);
const below = all.filter((f) => !['operations', 'server', 'cli'].includes(f));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'Import cycles hide the order of the design. Move the shared type down, or declare a port.',
      from: {},
      to: { circular: true },
    },
    ...all.map((folder) => {
      const allowed = table[folder].includes('*') ? below : table[folder];
      return {
        name: `rank-${folder}`,
        severity: 'error',
        comment: `src/${folder} may import only: ${[folder, ...allowed].join(', ')}. Declare a port and supply it in operations/wire.ts.`,
        from: { path: `^src/${folder}/` },
        to: { path: '^src/', pathNot: `^src/(${[folder, ...allowed].join('|')})/` },
      };
    }),
    ...Object.entries(webTable).map(([folder, allowed]) => ({
      name: `web-${folder}`,
      severity: 'error',
      comment: `web/${folder} may import only: ${[folder, ...allowed].join(', ')}. What two pages need goes into web/ui or web/api.`,
      from: { path: `^web/${folder}/` },
      to: { path: '^web/', pathNot: `^web/(${[folder, ...allowed].join('|')})/` },
    })),
    ...Object.entries(runbook).map(([folder, allowed]) => ({
      name: `runbook-${folder}`,
      severity: 'error',
      comment: `src/compile/runbook/${folder} may import only: ${[folder, ...allowed].join(', ')}. What two of them need goes into the lower one.`,
      from: { path: `^src/compile/runbook/${folder}/` },
      to: { path: '^src/compile/runbook/', pathNot: `^src/compile/runbook/(${[folder, ...allowed].join('|')})/` },
    })),
    {
      name: 'web-knows-the-api-only',
      severity: 'error',
      comment: 'The web app talks to the public API; of src it may know the pure words of src/ir alone.',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: '^src/ir/' },
    },
    {
      name: 'src-knows-no-web',
      severity: 'error',
      comment: 'The program serves the app as files and knows nothing of it.',
      from: { path: '^src/' },
      to: { path: '^web/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { conditionNames: ['opsroom-source', 'import', 'node', 'types'], exportsFields: ['exports'] },
  },
};
// For the architecture tests. Not enumerable, because dependency-cruiser refuses properties that it does not know.
Object.defineProperty(module.exports, 'table', { value: table });
Object.defineProperty(module.exports, 'runbook', { value: runbook });
