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
  {
    id: 'keys',
    title: 'API keys',
    needs: 'room:admin',
    page: lazy(async () => ({ default: (await import('./keys.js')).Keys })),
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
