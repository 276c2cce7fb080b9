import { useSyncExternalStore } from 'react';

const KEY = 'millrace.token';

/** Why there is no token: nobody gave one yet, or the platform did not take the one there was. */
export type Absence = 'Missing' | 'Refused';

type Session = { token: string } | { absent: Absence };

/** The token's part of `#token=mr_…`, as `./millrace up` prints it. */
export function tokenIn(fragment: string): string | undefined {
  return new URLSearchParams(fragment.replace(/^#/, '')).get('token')?.trim() || undefined;
}

let session: Session = { absent: 'Missing' };
const listeners = new Set<() => void>();

function become(next: Session) {
  session = next;
  listeners.forEach((listener) => listener());
}

/**
 * Takes the token out of the address, so that no bookmark, screenshot or copied link carries it, and
 * keeps it for this tab only.
 */
export function beginSession() {
  const arrived = tokenIn(window.location.hash);
  if (arrived) {
    sessionStorage.setItem(KEY, arrived);
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
  }
  const token = sessionStorage.getItem(KEY);
  become(token ? { token } : { absent: 'Missing' });
}

export function signIn(token: string) {
  sessionStorage.setItem(KEY, token);
  become({ token });
}

/** Called when the platform answers 401 to a token; a newer token given meanwhile stays. */
export function refuse(token: string) {
  if (token === currentToken()) {
    sessionStorage.removeItem(KEY);
    become({ absent: 'Refused' });
  }
}

export function currentToken(): string | undefined {
  return 'token' in session ? session.token : undefined;
}

export function useSession(): Session {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => session,
  );
}
