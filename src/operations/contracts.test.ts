import { expect, test } from 'vitest';
import { BUILT_IN_TOOLS } from '#ir/allowlist.js';
import { verifies } from '../../test/harness/requirements.js';
import { builtIn } from './contracts.js';

/** Tools whose arguments name no place, each with the reason; a new one must be decided about. */
const NAMES_NO_PLACE = new Map([
  ['agent', 'a program, which no plan can say the places of'],
  ['mcp', 'asks `mayReach` itself: where a server is, the room says'],
  ['odoo', 'writes files'],
  ['skill', 'holds constraints'],
]);

test(verifies('KEEP-03', 'every tool that reaches a network says where its secrets go'), () => {
  const { tools } = builtIn();
  const silent = [...tools.values()].filter(({ contract }) => contract.sends === undefined);
  expect(silent.map(({ contract }) => contract.id).toSorted()).toEqual([...NAMES_NO_PLACE.keys()]);
});

test('lists of tools are written with the tools that there are', () => {
  expect([...builtIn().tools.keys()].toSorted()).toEqual([...BUILT_IN_TOOLS]);
});
