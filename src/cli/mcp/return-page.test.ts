import { expect, test } from 'vitest';
import { cameBack, openReturnPage } from './return-page.js';

const code = (url: string) => fetch(url).then(({ status }) => status);

test('only who comes back with the state of the page is heard, and whoever is refused there says why', async () => {
  const page = await openReturnPage();
  try {
    const came = page.wait('right', 60_000);
    expect(await code(`${page.url}?state=wrong&code=x`)).toBe(404);
    expect(await code(`${new URL(page.url).origin}/?state=right&code=x`)).toBe(404);
    expect(await code(`${page.url}?state=right&code=c&iss=https%3A%2F%2Fx.example`)).toBe(200);
    expect(await came).toEqual({ state: 'right', code: 'c', iss: 'https://x.example' });
    const refused = expect(page.wait('again', 60_000)).rejects.toMatchObject({
      code: 'MCP_SIGN_IN',
      message: expect.stringContaining('access_denied'),
    });
    expect(await code(`${page.url}?state=again&error=access_denied`)).toBe(200);
    await refused;
  } finally {
    page.close();
  }
});

test('what stands in the address is read as data', () => {
  expect(cameBack(new URLSearchParams({ state: 's', code: 'c' }))).toEqual({ state: 's', code: 'c' });
  expect(cameBack(new URLSearchParams({ state: 's' }))).toMatchObject({ code: 'MCP_SIGN_IN' });
});
