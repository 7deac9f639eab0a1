import { expect, test } from 'vitest';
import { agentName } from './agent.js';

const X11 = 'Mozilla/5.0 (X11; Linux x86_64';
test.each([
  [`${X11}; rv:145.0) Gecko/20100101 Firefox/145.0`, 'Firefox on Linux'],
  [`${X11}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36`, 'Chrome on Linux'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0', 'Edge on Windows'],
  ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/26 Safari/605', 'Safari on macOS'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605 Safari/604', 'Safari on iPhone'],
  ['curl/8.5', 'curl/8.5'],
  [null, 'unknown'],
])('%s is %s', (agent, name) => {
  expect(agentName(agent)).toBe(name);
});
