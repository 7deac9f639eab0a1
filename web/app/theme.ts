import { createStore, useStore } from '../kit/store.js';

export type Theme = 'system' | 'light' | 'dark';
const KEY = 'opsroom.theme';
const NEXT: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
/** `public/theme.js` has applied the reader's choice before the first paint. */
const chosen = createStore<Theme>(asTheme(document.documentElement.dataset['theme']));

/** The reader's choice, and how to go to the next one. */
export function useTheme(): [Theme, () => void] {
  const theme = useStore(chosen);
  return [theme, () => choose(NEXT[theme])];
}

function choose(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
  try {
    if (theme === 'system') localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage may be forbidden: the choice holds for this page.
  }
  chosen.set(theme);
}

function asTheme(text: string | undefined): Theme {
  return text === 'light' || text === 'dark' ? text : 'system';
}
