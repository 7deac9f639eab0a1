import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OPERATIONS } from '#operations/registry.js';
import type { OpenApiDocument } from '#server/openapi.js';
import { MOST_CHARACTERS, MOST_OPERATIONS } from '#server/openapi-gpt.js';
import { type TestApi, testApi } from '../harness/api.js';
import { verifies } from '../harness/requirements.js';

let api: TestApi;
let document: OpenApiDocument;
beforeAll(async () => {
  api = await testApi();
  const answer = await api.app.request('/v1/openapi-gpt.json', { headers: { host: 'localhost:4310' } });
  document = (await answer.json()) as OpenApiDocument;
});
afterAll(() => api?.close());

const operations = () => Object.values(document.paths).flatMap((methods) => Object.values(methods));

test(
  verifies('SEE-09', 'the document for custom GPTs is valid OpenAPI 3.1 within the limits of its importer'),
  async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document));
    expect([valid, errors]).toEqual([true, undefined]);
    expect(document['servers']).toEqual([{ url: 'http://localhost:4310' }]);
    expect(operations().length).toBeGreaterThan(5);
    expect(operations().length).toBeLessThanOrEqual(MOST_OPERATIONS);
    for (const { operationId, summary, description, parameters = [] } of operations()) {
      expect(operationId).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      for (const text of [summary, String(description)]) expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS);
      expect(parameters.filter((one) => one['in'] === 'header')).toEqual([]);
    }
    expect(JSON.stringify(document)).not.toContain('$ref');
  },
);

test('it says of each operation whether it is consequential, as the registry does', () => {
  for (const one of operations()) {
    const found = OPERATIONS.find(({ name }) => name.replaceAll('.', '_') === one.operationId);
    expect([one.operationId, one['x-openai-isConsequential']]).toEqual([one.operationId, found?.consequential]);
  }
});
