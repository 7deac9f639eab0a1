import { Link, useSearch } from '@tanstack/react-router';
import { Suspense } from 'react';
import { type Me, useMe } from '../api/me.js';
import { Empty } from '../ui/empty.js';
import { Refusal } from '../ui/refusal.js';
import styles from './page.module.css';
import { PARTS, type SettingsPart } from './parts.js';

/** The subjects of the settings beside the one that the address names. A phone shows the list first, then the subject. */
export function SettingsPage() {
  const me = useMe();
  const { part } = useSearch({ from: '/room/settings' });
  const chosen = PARTS.find(({ id }) => id === part);
  const shown = chosen ?? PARTS[0];
  return (
    <main className={styles['page']} data-chosen={chosen !== undefined}>
      <div className={styles['head']}>
        <h1>Settings</h1>
        <Link to="/settings" search={{}} className={`${styles['back']} link`}>
          All settings
        </Link>
      </div>
      <PartList shown={shown} me={me.data} />
      <div className={styles['part']}>
        {me.error && <Refusal error={me.error} />}
        {me.data && <PartPage part={shown} me={me.data} />}
      </div>
    </main>
  );
}

function PartList({ shown, me }: { shown: SettingsPart; me: Me | undefined }) {
  return (
    <nav className={styles['list']} aria-label="Settings">
      <ul>
        {PARTS.map((part) => (
          <li key={part.id}>
            <Link
              to="/settings"
              search={{ part: part.id }}
              aria-current={part === shown ? 'page' : undefined}
              className={me && !mayUse(part, me) ? 'dim' : undefined}
            >
              {part.title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function PartPage({ part, me }: { part: SettingsPart; me: Me }) {
  if (!mayUse(part, me)) {
    return (
      <Empty title={`${part.title}: not for you`}>
        It needs the permission <code>{part.needs}</code>, which {me.by} has not. Ask an owner of the room.
      </Empty>
    );
  }
  return (
    <Suspense fallback={<p className="mut">Opening …</p>}>
      <part.page me={me} />
    </Suspense>
  );
}

const mayUse = ({ needs }: SettingsPart, { permissions }: Me): boolean =>
  needs === undefined || permissions.includes(needs);
