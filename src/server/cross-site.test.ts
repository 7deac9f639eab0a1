import { expect, test } from 'vitest';
import { crossSite } from './cross-site.js';

const OWN = {
  host: 'localhost:4310',
  origin: 'http://localhost:4310',
  'sec-fetch-site': 'same-origin',
  'x-opsroom': '1',
};
const PUBLIC = 'https://ops.example';
const judge = (method: string, headers: Record<string, string>) =>
  crossSite({ method, headers: new Headers(headers) }, PUBLIC) === undefined;
const without = (...names: string[]) =>
  Object.fromEntries(Object.entries(OWN).filter(([name]) => !names.includes(name)));

test.each([
  ['a page of ours', 'POST', OWN, true],
  ['a page of ours in a browser without Sec-Fetch-Site', 'POST', without('sec-fetch-site'), true],
  ['a page of ours in a browser that hides the origin', 'POST', without('origin'), true],
  ['a page behind the proxy', 'POST', { ...OWN, origin: PUBLIC }, true],
  ['a page of ours that reads', 'GET', without('origin', 'x-opsroom'), true],
  ['somebody who typed the address', 'GET', { host: OWN.host, 'sec-fetch-site': 'none' }, true],
  ['a browser from before Sec-Fetch-Site that reads', 'GET', { host: OWN.host }, true],
  ['a page elsewhere', 'POST', { ...OWN, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, false],
  ['a page elsewhere that reads', 'GET', { host: OWN.host, 'sec-fetch-site': 'cross-site' }, false],
  ['a page of another port of this host that reads', 'GET', { host: OWN.host, 'sec-fetch-site': 'same-site' }, false],
  ['a page of another port of this host', 'POST', { ...OWN, 'sec-fetch-site': 'same-site' }, false],
  ['a forged origin beside an honest browser', 'POST', { ...OWN, 'sec-fetch-site': 'cross-site' }, false],
  ['a sandboxed page', 'POST', { ...OWN, origin: 'null' }, false],
  [
    'another origin in an old browser',
    'POST',
    { ...without('sec-fetch-site'), origin: 'http://localhost:3000' },
    false,
  ],
  ['a form without our header', 'POST', without('x-opsroom'), false],
  ['who does not say from where', 'POST', without('origin', 'sec-fetch-site'), false],
  ['a typed address that changes something', 'POST', { ...without('origin'), 'sec-fetch-site': 'none' }, false],
  ['a page elsewhere with another method', 'DELETE', { host: OWN.host }, false],
])('%s: %s', (_who, method, headers, may) => {
  expect(judge(method, headers as Record<string, string>)).toBe(may);
});
