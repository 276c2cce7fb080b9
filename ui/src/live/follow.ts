import { EventParser, type ServerEvent } from './eventParser';

/** Connecting for the first time, receiving, trying again after a loss, or done for good. */
export type LiveState = 'Connecting' | 'Live' | 'Reconnecting' | 'Ended';

export interface Follower {
  event(event: ServerEvent): void;
  state(state: LiveState): void;
}

const FIRST_WAIT = 500;
const LONGEST_WAIT = 15_000;

/** Doubles up to 15 s, and spreads by half so that many tabs do not return at one moment. */
export function waitBefore(attempt: number, random: number): number {
  return Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** attempt) * (0.5 + random / 2);
}

/** What no repetition will change: the token is refused, or the object is gone. */
function isFinal(status: number): boolean {
  return status === 401 || status === 403 || status === 404 || status === 410;
}

/**
 * Keeps one event stream open until the signal is aborted: EventSource cannot send a token, so this
 * reads the answer of fetch. Each connection begins with the present state, so nothing is asked
 * again after a gap.
 *
 * @param open one request; the answer's body is read to its end
 */
export async function follow(
  open: (signal: AbortSignal) => Promise<Response>,
  follower: Follower,
  signal: AbortSignal,
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void> = pause,
): Promise<void> {
  follower.state('Connecting');
  for (let attempt = 0; !signal.aborted; attempt++) {
    try {
      const response = await open(signal);
      if (isFinal(response.status)) {
        follower.state('Ended');
        return;
      }
      if (response.ok && response.body) {
        follower.state('Live');
        attempt = -1;
        await read(response.body, follower);
      }
    } catch {
      // Lost in the middle or never there: both are answered by trying again.
    }
    if (signal.aborted) return;
    follower.state('Reconnecting');
    await wait(waitBefore(Math.max(0, attempt), Math.random()), signal);
  }
}

async function read(body: ReadableStream<Uint8Array>, follower: Follower) {
  const parser = new EventParser();
  const decoder = new TextDecoder();
  const reader = body.getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    parser.push(decoder.decode(piece.value, { stream: true })).forEach((e) => follower.event(e));
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
