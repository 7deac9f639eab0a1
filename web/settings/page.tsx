import { useMe } from '../api/me.js';
import { Refusal } from '../ui/refusal.js';
import { Keys } from './keys.js';
import { Part } from './part.js';
import styles from './settings.module.css';
import { SignIns } from './sign-ins.js';
import { You } from './you.js';

/** Who one is here, where one is signed in, and the keys of programs. */
export function SettingsPage() {
  const me = useMe();
  return (
    <main className={styles['page']}>
      <h1>Settings</h1>
      {me.error && <Refusal error={me.error} />}
      {me.data && (
        <>
          <You me={me.data} />
          {me.data.person && <SignIns />}
          {me.data.permissions.includes('room:admin') ? (
            <Keys mine={me.data.permissions} />
          ) : (
            <NoKeys by={me.data.by} />
          )}
        </>
      )}
    </main>
  );
}

function NoKeys({ by }: { by: string }) {
  return (
    <Part title="API keys" about="For programs.">
      <p className="mut">
        Keys are made by who has the permission <code>room:admin</code>, which {by} has not. Ask an owner of the room.
      </p>
    </Part>
  );
}
