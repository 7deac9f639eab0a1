import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The checkout that is measured: the one this folder lies in. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** Imports a module of the built product, as users get it. */
export const load = (path) => import(new URL(`dist/${path}`, pathToFileURL(ROOT)).href);

/** A package of the product's own installation. */
export const loadDependency = (name) =>
  import(pathToFileURL(createRequire(new URL('package.json', pathToFileURL(ROOT))).resolve(name)).href);
