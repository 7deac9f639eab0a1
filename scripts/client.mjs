// Makes the types of the web app's client from docs/openapi.json, which `npm run docs` makes from the registry.
import './node-floor.mjs';
import openapiTS, { astToString } from 'openapi-typescript';

const NOTE = `// Made from docs/openapi.json by \`npm run docs\`. Not to be edited, and not split: it is one document in another form, whose parts
// name each other; nobody reads it but the compiler.

`;

/** @param {object} document in OpenAPI 3.1 @returns {Promise<string>} the file */
export async function clientTypes(document) {
  return NOTE + astToString(await openapiTS(/** @type {any} */ (document)));
}
