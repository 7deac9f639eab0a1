import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, read } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Empty } from '../ui/empty.js';
import { Refusal } from '../ui/refusal.js';
import { Time } from '../ui/time.js';
import { visible } from '../ui/visible.js';
import { BindSecret } from './bind-secret.js';
import { ImportSecrets } from './import-secrets.js';
import { Part } from './part.js';
import { RemoveSecret } from './remove-secret.js';
import { elsewhereWords, hostsText, type Secrets as Listed, type Secret } from './secret-words.js';
import { SetSecret } from './set-secret.js';
import styles from './settings.module.css';

type Open = { what: 'set' } | { what: 'import' } | { what: 'replace' | 'bind' | 'remove'; of: Secret };

/** Names, scopes and uses of what plans read as `{{ secrets.NAME }}`. A value goes in and never comes back. */
export function Secrets() {
  const [open, setOpen] = useState<Open>();
  const list = useQuery({ queryKey: ['secrets'], queryFn: () => read(api.GET('/v1/secrets')) });
  const secrets = list.data?.secrets;
  const close = () => setOpen(undefined);
  return (
    <Part
      title="Secrets"
      about="Plans name them, steps are given them, and no page shows their values."
      action={
        <div className={styles['changes']}>
          <Button onClick={() => setOpen({ what: 'import' })}>Import</Button>
          <Button onClick={() => setOpen({ what: 'set' })}>New secret</Button>
        </div>
      }
    >
      {list.error && <Refusal error={list.error} />}
      {secrets?.length === 0 && (
        <Empty title="No secrets yet" command="npx opsroom secrets set DEPLOY_HOOK --environment staging">
          A plan that says <code>{'{{ secrets.DEPLOY_HOOK }}'}</code> gets what is set here under that name.
        </Empty>
      )}
      {secrets && secrets.length > 0 && <SecretTable secrets={secrets} onOpen={setOpen} />}
      {secrets?.some(({ earlier }) => earlier.length > 0) && (
        <p className="mut">Versions that are still masked are given to no step: they are kept for the masking alone.</p>
      )}
      {list.data && <Elsewhere of={list.data.elsewhere} />}
      {open?.what === 'set' && <SetSecret onClose={close} />}
      {open?.what === 'replace' && <SetSecret of={open.of} onClose={close} />}
      {open?.what === 'bind' && <BindSecret of={open.of} onClose={close} />}
      {open?.what === 'import' && <ImportSecrets onClose={close} />}
      {open?.what === 'remove' && <RemoveSecret of={open.of} onClose={close} />}
    </Part>
  );
}

/** What is set outside of the vault counts as well, and may win. */
function Elsewhere({ of }: { of: Listed['elsewhere'] }) {
  return elsewhereWords(of).map((words) => (
    <p key={words} className="mut">
      {words}
    </p>
  ));
}

function SecretTable({ secrets, onOpen }: { secrets: readonly Secret[]; onOpen: (open: Open) => void }) {
  return (
    <div className={styles['scroll']}>
      <table className={styles['table']}>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Environment</th>
            <th scope="col">App</th>
            <th scope="col">May go</th>
            <th scope="col" className={styles['spare']}>
              Version
            </th>
            <th scope="col" className={styles['spare']}>
              Set
            </th>
            <th scope="col" className={`${styles['wide']} ${styles['spare']}`}>
              By
            </th>
            <th scope="col" className={styles['spare']}>
              Last used
            </th>
            <th scope="col">Do</th>
          </tr>
        </thead>
        <tbody>
          {secrets.map((secret) => (
            <SecretRow key={`${secret.name} ${secret.environment} ${secret.app}`} secret={secret} onOpen={onOpen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SecretRow({ secret, onOpen }: { secret: Secret; onOpen: (open: Open) => void }) {
  const { name, environment, app, hosts, version, earlier, setAt, setBy, lastUse } = secret;
  return (
    <tr>
      <td>
        <code>{name}</code>
      </td>
      <td>{environment ?? <span className="dim">every</span>}</td>
      <td>{app ?? <span className="dim">every</span>}</td>
      <td>{hosts.length === 0 ? <span className="dim">anywhere</span> : hostsText(hosts)}</td>
      <td className={styles['spare']}>
        {version}
        {earlier.length > 0 && <span className="dim"> and {earlier.join(', ')} still masked</span>}
      </td>
      <td className={styles['spare']}>
        <Time at={setAt} />
      </td>
      <td className={`${styles['wide']} ${styles['spare']}`} title={setBy}>
        {setBy}
      </td>
      <td className={styles['spare']}>
        {lastUse === null ? (
          'never'
        ) : (
          <>
            <Time at={lastUse.at} /> <span className="dim">by step {visible(lastUse.step)}</span>
          </>
        )}
      </td>
      <td>
        <Changes of={secret} onOpen={onOpen} />
      </td>
    </tr>
  );
}

function Changes({ of, onOpen }: { of: Secret; onOpen: (open: Open) => void }) {
  return (
    <div className={styles['actions']}>
      <Button onClick={() => onOpen({ what: 'replace', of })}>Replace</Button>
      <Button onClick={() => onOpen({ what: 'bind', of })}>Hosts</Button>
      <Button onClick={() => onOpen({ what: 'remove', of })}>Remove</Button>
    </div>
  );
}
