import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { onSignedOut, onUpgrade } from '../api/client.js';
import { Button } from '../ui/button.js';
import { Toasts } from '../ui/toast.js';
import { Bar } from './bar.js';
import { LostBanner } from './lost-banner.js';
import { Palette } from './palette.js';
import { PLACES } from './places.js';
import { PoliciesBanner } from './policies-banner.js';
import styles from './shell.module.css';
import { ShortcutSheet } from './shortcut-sheet.js';
import { Waiting } from './waiting.js';

/** What stands around every page of a room: the bar, what is wrong with the connection, and the page. */
export function Shell() {
  useSignInWhenNeeded();
  return (
    <>
      <a href="#page" className={styles['skip']}>
        Skip to the page
      </a>
      <Bar />
      <LostBanner />
      <PoliciesBanner />
      <UpgradeBanner />
      <div id="page">
        <Suspense fallback={<p className={styles['loading']}>Opening …</p>}>
          <Outlet />
        </Suspense>
      </div>
      <PhoneTabs />
      <Palette />
      <ShortcutSheet />
      <Toasts />
    </>
  );
}

/** Whoever is not known is led to the door, and afterwards to where they were. */
function useSignInWhenNeeded() {
  const navigate = useNavigate();
  useEffect(
    () =>
      onSignedOut(() => {
        const next = `${location.pathname}${location.search}`;
        if (location.pathname !== '/sign-in') void navigate({ to: '/sign-in', search: { next }, replace: true });
      }),
    [navigate],
  );
}

/** A page of an older version goes on working; what it loads from now on may not fit. */
function UpgradeBanner() {
  const [upgraded, setUpgraded] = useState(false);
  useEffect(() => onUpgrade(() => setUpgraded(true)), []);
  if (!upgraded) return null;
  return (
    <output className={styles['banner']}>
      The room runs a newer version than this page.
      <Button onClick={() => location.reload()}>Reload</Button>
    </output>
  );
}

function PhoneTabs() {
  return (
    <nav className={styles['tabs']} aria-label="Pages">
      {PLACES.map(({ to, short }) => (
        <Link key={to} to={to} activeOptions={{ exact: to === '/' }}>
          <span>
            {short}
            {to === '/approvals' && <Waiting />}
          </span>
        </Link>
      ))}
    </nav>
  );
}
