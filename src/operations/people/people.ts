import type { SignInConfig } from '#kit/sign-in-config.js';
import type { Room } from '../room.js';
import { changeProfile } from './change.js';
import { type Answered, openDesk, type Visitor } from './desk.js';
import { enterAsEditor } from './ide.js';
import { acceptByLink, type Invited, lookAtInvitation } from './invitation.js';
import { type Departure, returnFromProvider, startAtProvider } from './provider.js';
import { enterAsPerson, type SignInState, signInByPassword, signInState, signOut } from './sign-in.js';
import { lookAtLink, type Welcome, welcome } from './welcome.js';

/**
 * What a browser can ask before and about signing in. No operations: they set cookies, and most of them are asked by nobody yet
 * known.
 */
export interface People {
  state(visitor: Visitor): Promise<Answered<SignInState>>;
  signIn(input: unknown, visitor: Visitor): Promise<Answered<object>>;
  signOut(visitor: Visitor): Promise<Answered<object>>;
  lookAtLink(input: unknown): Promise<Welcome>;
  welcome(input: unknown, visitor: Visitor): Promise<Answered<object>>;
  lookAtInvitation(input: unknown, visitor: Visitor): Promise<Invited>;
  acceptInvitation(input: unknown, visitor: Visitor): Promise<Answered<object>>;
  startAtProvider(input: unknown, visitor: Visitor): Promise<Answered<Departure>>;
  /** @param path with its query, as the provider sent the browser back */
  returnFromProvider(path: string, visitor: Visitor): Promise<Response>;
  /** @param room on behalf of the person who asks */
  changeProfile(room: Room, input: unknown): Promise<object>;
  /** Begins to load what signing in needs, while a browser still loads the page that will ask for it. */
  warmUp(): void;
  /** The room on behalf of whoever these cookies are of. */
  enter(cookie: string): Promise<Room>;
  /** The room on behalf of the person of whose editor's session this is the hash. */
  enterAsEditor(hash: Buffer): Promise<Room>;
}

/** @param url the origin at which browsers reach the room; asked for only once it listens */
export function openPeople(room: Room, config: SignInConfig, url: () => string): People {
  const desk = openDesk(room, config, url);
  return {
    state: (visitor) => signInState(desk, visitor),
    signIn: (input, visitor) => signInByPassword(desk, input, visitor),
    signOut: (visitor) => signOut(desk, visitor),
    lookAtLink: (input) => lookAtLink(desk, input),
    welcome: (input, visitor) => welcome(desk, input, visitor),
    lookAtInvitation: (input, visitor) => lookAtInvitation(desk, input, visitor),
    acceptInvitation: (input, visitor) => acceptByLink(desk, input, visitor),
    startAtProvider: (input, visitor) => startAtProvider(desk, input, visitor),
    returnFromProvider: (path, visitor) => returnFromProvider(desk, path, visitor),
    changeProfile,
    warmUp: () => {
      desk.auth().catch((err: unknown) => room.log.error({ err }, 'signing in cannot be loaded'));
    },
    enter: (cookie) => enterAsPerson(desk, cookie),
    enterAsEditor: (hash) => enterAsEditor(desk, hash),
  };
}
