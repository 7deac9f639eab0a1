import { invoke } from '#operations/invoke.js';
import { signedInAtMcp, signInAtMcp, signOutOfMcp } from '#operations/mcp/sign-in.js';
import type { Revocation } from '#operations/mcp/sign-ins.js';
import type { Call } from '../command.js';
import { oneLine } from '../format.js';
import { withExistingRoom } from '../session.js';
import { required } from '../trigger-plan.js';
import { openReturnPage } from './return-page.js';

/** `opsroom mcp login NAME`: a person signs in in a browser of this machine. JSON: the server. */
export const login = ({ args: [, name], output }: Call): Promise<number> =>
  withExistingRoom(async ({ room }) => {
    const server = required(name, 'The name of the server', 'Name it: opsroom mcp login NAME');
    const back = await openReturnPage();
    try {
      const { page, until } = await invoke(signInAtMcp, { server, redirect: back.url }, room);
      output.note(`Open this page in a browser of this machine, and sign in:\n\n  ${oneLine(page)}\n`);
      const state = new URL(page).searchParams.get('state') ?? '';
      const came = await back.wait(state, Date.parse(until) - room.ports.clock.now().getTime());
      const shown = await invoke(signedInAtMcp, came, room);
      const answers = shown.state === 'ok' ? `it has ${shown.tools.total} tools` : 'it does not answer yet';
      output.print(`Signed in at ${server} by ${oneLine(shown.signIn?.issuer ?? '')}: ${answers}.`);
      if (shown.error) output.print(oneLine(shown.error.message));
      output.result(shown);
      return 0;
    } finally {
      back.close();
    }
  });

/** What a person has to know of tokens that may still be taken. */
const LEFT: Readonly<Partial<Record<Revocation, string>>> = {
  unheard:
    ' Its authorisation server has not answered that its tokens are revoked: they may stay valid until they expire. End them there as well.',
  unsupported: ' Its authorisation server does not revoke tokens: they stay valid until they expire.',
};

/** `opsroom mcp logout NAME`. JSON: the server. */
export const logout = ({ args: [, name], output }: Call): Promise<number> =>
  withExistingRoom(async ({ room }) => {
    const server = required(name, 'The name of the server', 'Name it: opsroom mcp logout NAME');
    const shown = await invoke(signOutOfMcp, { server }, room);
    output.print(`Nobody is signed in at ${server} any more.${LEFT[shown.revocation] ?? ''}`);
    output.result(shown);
    return 0;
  });
