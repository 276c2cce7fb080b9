import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'millrace.theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

/** What was chosen here before, otherwise what the system prefers. */
function theme(): Theme {
  const chosen = localStorage.getItem(KEY);
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
}

function apply() {
  document.documentElement.classList.toggle('pf-v6-theme-dark', theme() === 'dark');
  listeners.forEach((listener) => listener());
}

export function beginTheme() {
  system.addEventListener('change', apply);
  apply();
}

/** Choosing what the system prefers anyway gives the choice back to the system. */
export function chooseTheme(chosen: Theme) {
  if ((chosen === 'dark') === system.matches) localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, chosen);
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, theme);
}
