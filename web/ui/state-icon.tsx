import type { ReactNode } from 'react';
import type { Look, Shown } from './state.js';
import styles from './state-icon.module.css';

const RING = <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.5" />;

/** Each state has an outline of its own, so that it is told without its colour. */
const OUTLINES: Readonly<Record<Look, ReactNode>> = {
  queued: (
    <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.5" strokeDasharray="2.2 2.2" />
  ),
  running: (
    <>
      <circle cx="8" cy="8" r="5.6" fill="none" stroke="currentColor" strokeWidth="1.5" opacity=".35" />
      <path
        className={styles['turn']}
        d="M8 2.4A5.6 5.6 0 0 1 8 13.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
      />
      <circle cx="8" cy="8" r="2" fill="currentColor" />
    </>
  ),
  waiting: (
    <>
      <circle cx="8" cy="4.9" r="2.9" fill="currentColor" />
      <path d="M2.2 14.2c0-3.3 2.4-5.2 5.8-5.2s5.8 1.9 5.8 5.2z" fill="currentColor" />
    </>
  ),
  proven: (
    <>
      <circle cx="8" cy="8" r="6.4" fill="currentColor" />
      <path d="m4.9 8.2 2.2 2.2 4.1-4.5" fill="none" stroke="var(--knock)" strokeWidth="1.75" />
    </>
  ),
  holds: (
    <>
      {RING}
      <path d="M8 2.4a5.6 5.6 0 0 0 0 11.2z" fill="currentColor" />
    </>
  ),
  exit: (
    <>
      {RING}
      <path d="m5.4 8.2 1.8 1.8 3.4-3.7" fill="none" stroke="currentColor" strokeWidth="1.25" />
    </>
  ),
  failed: (
    <>
      <path d="M5.4 1.7h5.2l3.7 3.7v5.2l-3.7 3.7H5.4l-3.7-3.7V5.4z" fill="currentColor" />
      <path d="m5.6 5.6 4.8 4.8m0-4.8-4.8 4.8" stroke="var(--knock)" strokeWidth="1.75" />
    </>
  ),
  unknown: (
    <>
      <path d="M5.4 2h5.2L14 5.4v5.2L10.6 14H5.4L2 10.6V5.4z" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path
        d="M6.2 6.4c0-2.4 3.6-2.2 3.6 0 0 1.4-1.8 1.4-1.8 2.7m0 1.1v1.3"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
      />
    </>
  ),
  rolled: (
    <>
      <path d="M3.1 6.3a5.3 5.3 0 1 1-.2 3.1" fill="none" stroke="currentColor" strokeWidth="1.75" />
      <path d="M2.6 2.4v4.1h4.1" fill="none" stroke="currentColor" strokeWidth="1.75" />
    </>
  ),
  parked: (
    <>
      <rect x="2.25" y="2.25" width="11.5" height="11.5" rx="2" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M6.4 5.4v5.2m3.2-5.2v5.2" stroke="currentColor" strokeWidth="1.75" />
    </>
  ),
  skipped: (
    <>
      {RING}
      <path d="M5.2 8h5.6" stroke="currentColor" strokeWidth="1.5" />
    </>
  ),
};

/** A state's icon. Beside its own word it says nothing to a screen reader; alone it says the word. */
export function StateIcon({ shown, alone = false }: { shown: Shown; alone?: boolean }) {
  const said = alone ? { role: 'img', 'aria-label': shown.word } : { 'aria-hidden': true };
  return (
    <svg className={`${styles['icon']} q-${shown.look}`} viewBox="0 0 16 16" {...said}>
      {alone && <title>{shown.word}</title>}
      {OUTLINES[shown.look]}
    </svg>
  );
}

/** Icon and word. */
export function State({ shown }: { shown: Shown }) {
  return (
    <span className={`${styles['state']} q-${shown.look}`}>
      <StateIcon shown={shown} />
      {shown.word}
    </span>
  );
}
