import { useEffect, useEffectEvent, useState } from 'react';
import { authorizedFetch } from '../api/client';
import type { ServerEvent } from './eventParser';
import { follow, type LiveState } from './follow';

/** Follows an event stream while the component is shown. */
export function useLive(path: string, onEvent: (event: ServerEvent) => void): LiveState {
  const [state, setState] = useState<LiveState>('Connecting');
  const event = useEffectEvent(onEvent);
  useEffect(() => {
    const ending = new AbortController();
    const open = (signal: AbortSignal) =>
      authorizedFetch(new Request(path, { headers: { Accept: 'text/event-stream' }, signal }));
    void follow(open, { event: (e) => event(e), state: setState }, ending.signal);
    return () => ending.abort();
  }, [path]);
  return state;
}
