import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { queries } from '../api/queries.js';
import { planQuery, runQuery } from '../run/data.js';
import { Outside } from './outside.js';
import { Shell } from './shell.js';
import { WentWrong } from './went-wrong.js';

/** What a page keeps in its address, all of it text. Pages check what they read there: an address is typed by anybody. */
type Search = Record<string, string | undefined>;
const validateSearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(search).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
const parseSearch = (text: string): Search => Object.fromEntries(new URLSearchParams(text));
const stringifySearch = (search: Search): string => {
  const given = Object.entries(search).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

const root = createRootRoute({ notFoundComponent: Outside, errorComponent: WentWrong });
const signedIn = createRoute({ getParentRoute: () => root, id: 'room', component: Shell });

const runboard = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  validateSearch,
  component: lazyRouteComponent(() => import('../runboard/page.js'), 'RunboardPage'),
});
const runs = createRoute({
  getParentRoute: () => signedIn,
  path: '/runs',
  validateSearch,
  component: lazyRouteComponent(() => import('../runs/page.js'), 'RunsPage'),
});
const run = createRoute({
  getParentRoute: () => signedIn,
  path: '/runs/$run',
  validateSearch,
  // While the page's code is under way; what is there already is the page's own to read again.
  loader: ({ params: { run: reference }, cause }) => {
    if (cause !== 'enter') return;
    const staleTime = Number.POSITIVE_INFINITY;
    void queries.prefetchQuery({ ...runQuery(reference), staleTime });
    void queries.prefetchQuery({ ...planQuery(reference), staleTime });
  },
  component: lazyRouteComponent(() => import('../run/page.js'), 'RunPage'),
});
const proof = createRoute({
  getParentRoute: () => signedIn,
  path: '/runs/$run/proof',
  validateSearch,
  component: lazyRouteComponent(() => import('../proof/page.js'), 'ProofPage'),
});
const approvals = createRoute({
  getParentRoute: () => signedIn,
  path: '/approvals',
  validateSearch,
  component: lazyRouteComponent(() => import('../approvals/page.js'), 'ApprovalsPage'),
});
const sessions = createRoute({
  getParentRoute: () => signedIn,
  path: '/sessions',
  validateSearch,
  component: lazyRouteComponent(() => import('../sessions/page.js'), 'SessionsPage'),
});
const plan = createRoute({
  getParentRoute: () => signedIn,
  path: '/plan',
  validateSearch,
  component: lazyRouteComponent(() => import('../plan/page.js'), 'PlanPage'),
});
const documents = createRoute({
  getParentRoute: () => signedIn,
  path: '/plan/documents',
  validateSearch,
  component: lazyRouteComponent(() => import('../plan/documents/page.js'), 'DocumentsPage'),
});
const skills = createRoute({
  getParentRoute: () => signedIn,
  path: '/plan/skills',
  validateSearch,
  component: lazyRouteComponent(() => import('../plan/skills/page.js'), 'SkillsPage'),
});
const dashboard = createRoute({
  getParentRoute: () => signedIn,
  path: '/dashboard',
  validateSearch,
  component: lazyRouteComponent(() => import('../dashboard/page.js'), 'DashboardPage'),
});
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  validateSearch,
  component: lazyRouteComponent(() => import('../settings/page.js'), 'SettingsPage'),
});
/** Where somebody comes back to who has signed in at an MCP server. */
const mcpReturn = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/mcp',
  validateSearch,
  component: lazyRouteComponent(() => import('../settings/mcp-return-page.js'), 'McpReturnPage'),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch,
  component: lazyRouteComponent(() => import('../signin/page.js'), 'SignInPage'),
});
const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch,
  component: lazyRouteComponent(() => import('../signin/welcome.js'), 'WelcomePage'),
});

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  validateSearch,
  component: lazyRouteComponent(() => import('../signin/join.js'), 'JoinPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    signedIn.addChildren([
      runboard,
      approvals,
      runs,
      run,
      proof,
      sessions,
      plan,
      documents,
      skills,
      dashboard,
      settings,
      mcpReturn,
    ]),
    signIn,
    welcome,
    join,
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
