import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Me } from '../api/me.js';

export interface SettingsPart {
  /** As the address names it: `/settings?part=keys`. */
  readonly id: string;
  readonly title: string;
  /** What one must hold to use it; undefined: everybody may. */
  readonly needs?: Me['permissions'][number];
  readonly page: LazyExoticComponent<ComponentType<{ me: Me }>>;
}

/** The subjects of the settings, in the order in which they are listed; the first is shown when the address names none. */
export const PARTS: readonly [SettingsPart, ...SettingsPart[]] = [
  { id: 'you', title: 'You', page: lazy(async () => ({ default: (await import('./you.js')).You })) },
  { id: 'sign-ins', title: 'Sign-ins', page: lazy(async () => ({ default: (await import('./sign-ins.js')).SignIns })) },
  { id: 'editors', title: 'Editors', page: lazy(async () => ({ default: (await import('./editors.js')).Editors })) },
  { id: 'members', title: 'Members', page: lazy(async () => ({ default: (await import('./members.js')).Members })) },
  {
    id: 'keys',
    title: 'API keys',
    needs: 'room:admin',
    page: lazy(async () => ({ default: (await import('./keys.js')).Keys })),
  },
  {
    id: 'secrets',
    title: 'Secrets',
    needs: 'secret:manage',
    page: lazy(async () => ({ default: (await import('./secrets.js')).Secrets })),
  },
  {
    id: 'schedules',
    title: 'Schedules',
    needs: 'run:read',
    page: lazy(async () => ({ default: (await import('./schedules.js')).Schedules })),
  },
  {
    id: 'webhooks',
    title: 'Webhooks',
    needs: 'run:read',
    page: lazy(async () => ({ default: (await import('./webhooks.js')).Webhooks })),
  },
  {
    id: 'mcp',
    title: 'MCP servers',
    needs: 'run:read',
    page: lazy(async () => ({ default: (await import('./mcp.js')).Mcp })),
  },
  {
    id: 'limits',
    title: 'Limits',
    needs: 'run:read',
    page: lazy(async () => ({ default: (await import('./limits.js')).Limits })),
  },
  {
    id: 'notifications',
    title: 'Notifications',
    needs: 'room:admin',
    page: lazy(async () => ({ default: (await import('./notifications.js')).Notifications })),
  },
  {
    id: 'audit',
    title: 'Audit log',
    needs: 'audit:read',
    page: lazy(async () => ({ default: (await import('./audit.js')).Audit })),
  },
];
