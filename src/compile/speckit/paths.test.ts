import { array, assert, boolean, constantFrom, property, stringMatching, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import { verifies } from '../../../test/harness/requirements.js';
import { madeFiles } from './made-files.js';
import { pathsIn } from './paths.js';

/** Lines as public task lists have them. */
test.each([
  ['Create `.github/workflows/ci.yml` (lint, test, build)', ['.github/workflows/ci.yml']],
  [
    'Create CI/CD pipeline configuration (GitHub Actions/GitLab CI) in .github/workflows/ci-cd.yaml',
    ['.github/workflows/ci-cd.yaml'],
  ],
  [
    'Configure linting and formatting in .editorconfig (C#) and frontend/.eslintrc.cjs + frontend/.prettierrc (TypeScript/React)',
    ['.editorconfig', 'frontend/.eslintrc.cjs', 'frontend/.prettierrc'],
  ],
  ['Setup pre-commit hooks with Husky for linting in .husky/pre-commit', ['.husky/pre-commit']],
  ['Create source and test directory scaffolding in src/.gitkeep', ['src/.gitkeep']],
  ['Configure ESLint in .eslintrc.json and .prettierrc', ['.eslintrc.json', '.prettierrc']],
  ['Setup Husky in .husky/', ['.husky/']],
  ['Create .env.local.example with NEXT_PUBLIC_KEY placeholder', ['.env.local.example']],
  ['Create .devcontainer/devcontainer.json for VSCode', ['.devcontainer/devcontainer.json']],
  ['Create .python-version file specifying Python 3.12', ['.python-version']],
  ['Create `.pre-commit-config.yaml` (Black, Ruff, MyPy)', ['.pre-commit-config.yaml']],
  [
    'Create pass certificates directory structure (.specify/certificates/pass-model/)',
    ['.specify/certificates/pass-model/'],
  ],
  ['Create .NET solution `backend/Crm.sln` for .Net 10', ['backend/Crm.sln']],
  ['Rename all .tsx, `.d.ts`, `.test.ts` and `.map` under `src/`', ['src/']],
  ['Create `.gitignore` to exclude `venv/`, `*.pyc`, `.env`', ['.gitignore', 'venv/', '.env']],
  ['Update ./frontend/app/layout.tsx to add an attribute', ['frontend/app/layout.tsx']],
  ['Run ./scripts/run.sh, then `./a/./b.sh`', ['scripts/run.sh', 'a/b.sh']],
  ['Create src/app/(auth)/signup/page.tsx - Signup page', ['src/app/(auth)/signup/page.tsx']],
  ['Create src/app/(public)/[username]/page.tsx with ISR', ['src/app/(public)/[username]/page.tsx']],
  ['Add (auth)/login/page.tsx (see docs/a.md)', ['(auth)/login/page.tsx', 'docs/a.md']],
  ['Create `app/@modal/(..)(..)photo/[[...slug]]/default.tsx`', ['app/@modal/(..)(..)photo/[[...slug]]/default.tsx']],
  [
    'Update src/app/(app)/contracts/[id]/_components/a.tsx: two buttons',
    ['src/app/(app)/contracts/[id]/_components/a.tsx'],
  ],
  ['Page in src/routes/items/[id=integer]/+page.svelte', ['src/routes/items/[id=integer]/+page.svelte']],
  ['Route app/routes/posts.$slug.tsx and _index.tsx', ['app/routes/posts.$slug.tsx', '_index.tsx']],
  ['Create src/__init__.py and **`src/_app.tsx`**, _docs/a.md_', ['src/__init__.py', 'src/_app.tsx', 'docs/a.md']],
  ['**Create src/a.ts and src/b.ts**', ['src/a.ts', 'src/b.ts']],
  ['Add `alias x` to ~/.bashrc, /etc/hosts and `../other/a.ts`', []],
  ['Create `a/../../b.ts` and `$HOME/x.ts`', []],
  ['POST /api/users at https://example.org/a.html, e.g. Node.js v1.2', []],
])('%s', (text, expected) => {
  expect(pathsIn(text)).toEqual(expected);
});

/** Of these a verifier asks that the step wrote them. */
test.each([
  ['Create `.gitignore` (.env, tmp/, bin/, coverage.out)', ['.gitignore']],
  ['Create `.gitignore` entries for `.env`, `.envrc`', ['.gitignore']],
  ['Create .env.example and .env', ['.env.example', '.env']],
  ['Create the POCO in backend/State/MapState.cs per data-model.md, including totals', ['backend/State/MapState.cs']],
  [
    'Create the script in shared/generate.js that emits src/a.ts and src/b.ts from shared/c.json',
    ['shared/generate.js'],
  ],
  ['Create enums in src/Enums.cs, `src/State.cs`, and src/More.cs', ['src/Enums.cs', 'src/State.cs', 'src/More.cs']],
  ['Write tests for src/a.ts in tests/a.test.ts', ['tests/a.test.ts']],
  ['Generate types from `contracts/api.yaml` into models', []],
  ['`lib/a.dart` と `lib/b.dart` を作成', ['lib/a.dart', 'lib/b.dart']],
  ['Create .dockerignore files for backend and frontend services', []],
  ['Create app/(shop)/[slug]/page.tsx', ['app/(shop)/[slug]/page.tsx']],
  ['Create model in src/models/[entity1].py and src/{a,b}/__init__.py', []],
  ['Create ./scripts/run.sh and ./scripts/stop.sh', ['scripts/run.sh', 'scripts/stop.sh']],
  ['Create ~/.bashrc, /etc/x.conf, ../a.ts', []],
  ['Update src/a.ts', []],
])(verifies('COMPILE-02', 'made: %s'), (text, expected) => {
  expect(madeFiles(text, pathsIn(text))).toEqual(expected);
});

const folder = constantFrom(
  'src',
  '.github',
  '_private',
  '[slug]',
  '[[...all]]',
  '(shop)',
  '(.)photo',
  '@slot',
  'a',
  'x-y',
  '$id',
);
const name = constantFrom(
  '+page.svelte',
  '.env.example',
  '.gitignore',
  '__init__.py',
  '_app.tsx',
  '[id].vue',
  '$id.tsx',
  'Dockerfile',
);
const plain = stringMatching(/^[._]?[a-z][a-z0-9_-]{0,8}\.(?:ts|yml|json)$/).filter(
  (file) => !/^\.(?:d|test|tests|spec|cy|min|page|tar|blade|story|module)\./.test(file),
);

test(verifies('COMPILE-02', 'a path in code marks comes out as it is written, but for ./'), () => {
  const path = tuple(array(folder, { maxLength: 4 }), boolean()).chain(([folders, isOdd]) =>
    (isOdd ? name : plain).map((file) => [...folders, file].join('/')),
  );
  const inside = path.filter((one) => !/^[@$]/.test(one));
  assert(
    property(inside, constantFrom('', './'), (one, before) => {
      expect(pathsIn(`Create \`${before}${one}\`, then go on`)).toEqual([one]);
      expect(pathsIn(`Look at ${before}${one} (again)`)).toEqual([one]);
    }),
  );
});

test('no path that leads out of the project is a file of it', () => {
  const out = constantFrom('../', '/', '~/', '~user/', './../', 'a/../../', '/./');
  assert(
    property(out, array(folder, { maxLength: 3 }), plain, (before, folders, file) => {
      const text = `Create \`${before}${[...folders, file].join('/')}\` and ${before}${file}`;
      expect(madeFiles(text, pathsIn(text))).toEqual([]);
    }),
  );
});
