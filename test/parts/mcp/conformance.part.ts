import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApiEnv } from '#server/api-parts.js';
import { authenticated } from '#server/authenticate.js';
import { ownPagesOnly } from '#server/browser.js';
import { listen } from '#server/listen.js';
import { addMcp, MCP_PATH, programsOnly } from '#server/mcp/door.js';
import { Streams } from '#server/streams.js';
import { type McpRoom, mcpRoom } from '../../harness/mcp.js';
import { verifies } from '../../harness/requirements.js';
import { missingPart, runPart } from '../run-part.js';
import { fixtures } from './fixtures.js';
import { keyed } from './keyed.js';

/** What a room itself passes: everything of the suite that asks for none of its fixtures. */
const OF_THE_ROOM: Readonly<Record<string, number>> = {
  'server-initialize': 1,
  ping: 1,
  'tools-list': 1,
  'resources-list': 1,
  'prompts-list': 1,
  'server-sse-polling': 0, // optional, and nothing is checked where a server has no such tool
  'server-sse-multiple-streams': 2,
  'dns-rebinding-protection': 2,
};
/** What the same door passes when the suite's fixtures stand behind it. */
const OF_THE_DOOR: Readonly<Record<string, number>> = {
  ...OF_THE_ROOM,
  'completion-complete': 1,
  'tools-call-simple-text': 1,
  'tools-call-image': 1,
  'tools-call-audio': 1,
  'tools-call-embedded-resource': 1,
  'tools-call-mixed-content': 1,
  'tools-call-error': 1,
  'tools-call-with-progress': 1,
  'json-schema-2020-12': 4,
  'resources-read-text': 1,
  'resources-read-binary': 1,
  'resources-templates-read': 1,
  'prompts-get-simple': 1,
  'prompts-get-with-args': 1,
  'prompts-get-embedded-resource': 1,
  'prompts-get-with-image': 1,
};
/** docs/mcp-server.md says why: what a room does not offer. */
const NOT_OFFERED = [
  'logging-set-level',
  'tools-call-with-logging',
  'tools-call-sampling',
  'tools-call-elicitation',
  'elicitation-sep1034-defaults',
  'elicitation-sep1330-enums',
  'resources-subscribe',
  'resources-unsubscribe',
];

const CONFORMANCE = '@modelcontextprotocol/conformance';

async function scenarios(url: string): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'opsroom-conformance-'));
  try {
    const args = ['server', '--url', url, '--suite', 'all', '--output-dir', folder];
    const said = await runPart(`${CONFORMANCE}/dist/index.js`, args, folder);
    const lines = said.matchAll(/^[✓✗] ([\w-]+): (\d+ passed, \d+ failed)/gm);
    return Object.fromEntries([...lines].map(([, name = '', result = '']) => [name, result]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const passed = (wanted: Readonly<Record<string, number>>) =>
  Object.fromEntries(Object.entries(wanted).map(([name, count]) => [name, `${count} passed, 0 failed`]));

describe.skipIf(missingPart(CONFORMANCE))('the conformance suite of the protocol', () => {
  let room: McpRoom;
  let key: string;
  beforeAll(async () => {
    room = await mcpRoom();
    key = await room.key('run:read', 'run:start', 'intent:propose');
  });
  afterAll(() => room.close());

  test(verifies('SEE-02', 'a room passes what asks for none of the suite’s fixtures'), async () => {
    const before = await keyed(room.url, key);
    const found = await scenarios(before.url);
    await before.close();
    expect(found).toMatchObject(passed(OF_THE_ROOM));
    // A new scenario is looked at before it counts as not offered.
    expect(Object.keys(found).toSorted()).toEqual([...Object.keys(OF_THE_DOOR), ...NOT_OFFERED].toSorted());
  });

  test('with the fixtures behind it, the same door passes all that a room offers', async () => {
    const app = new Hono();
    const api = new Hono<ApiEnv>();
    const parts = { enter: room.enter, hub: room.hub, streams: new Streams({ each: 100, all: 100 }) };
    api.use(MCP_PATH, ownPagesOnly(undefined), programsOnly(undefined), authenticated(parts));
    addMcp(api, parts, async () => (request, body) => createMcpHandler(fixtures).fetch(request, { parsedBody: body }));
    app.route('/', api);
    const listening = await listen(app, { host: '127.0.0.1', port: 0 });
    const before = await keyed(`${listening.url}${MCP_PATH}`, key);
    const found = await scenarios(before.url);
    await before.close();
    await listening.close(0);
    expect(found).toMatchObject(passed(OF_THE_DOOR));
  });
});
