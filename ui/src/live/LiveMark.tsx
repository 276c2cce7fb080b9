import type { LiveState } from './follow';

const WORDS: Record<LiveState, string> = {
  Connecting: 'connecting…',
  Live: 'updating live',
  Reconnecting: 'reconnecting…',
  Ended: 'not updating',
};

/** Says whether what is shown is what is. */
export function LiveMark({ state }: { state: LiveState }) {
  return (
    <span className={`mr-live mr-live-${state.toLowerCase()}`} role="status">
      <span className="mr-live-dot" aria-hidden="true" />
      {WORDS[state]}
    </span>
  );
}
