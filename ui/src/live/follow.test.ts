import { expect, test } from 'vitest';
import type { ServerEvent } from './eventParser';
import { follow, type LiveState, waitBefore } from './follow';

/** Plays the answers one after another, then ends. */
async function play(answers: (() => Promise<Response>)[]) {
  const events: ServerEvent[] = [];
  const states: LiveState[] = [];
  const waits: number[] = [];
  const ending = new AbortController();
  let at = 0;
  await follow(
    () => {
      const answer = answers[at++];
      if (answer) return answer();
      ending.abort();
      return Promise.reject(new Error('ended'));
    },
    { event: (event) => events.push(event), state: (state) => states.push(state) },
    ending.signal,
    (milliseconds) => {
      waits.push(milliseconds);
      return Promise.resolve();
    },
  );
  return { events, states, waits, asked: at };
}

const telling = (text: string) => () => Promise.resolve(new Response(text));
const refusing = (status: number) => () => Promise.resolve(new Response(null, { status }));
const lost = () => Promise.reject(new TypeError('Failed to fetch'));
const breaking = () =>
  Promise.resolve(
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('data: before\n\n'));
          controller.error(new Error('connection reset'));
        },
      }),
    ),
  );

test('what is told arrives', async () => {
  const { events } = await play([telling('data: 1\n\ndata: 2\n\n')]);
  expect(events.map((event) => event.data)).toEqual(['1', '2']);
});

test('a stream that ends is opened again, and this is shown', async () => {
  const { events, states } = await play([telling('data: 1\n\n'), telling('data: 2\n\n')]);
  expect(events.map((event) => event.data)).toEqual(['1', '2']);
  expect(states).toEqual(['Connecting', 'Live', 'Reconnecting', 'Live', 'Reconnecting']);
});

test('nothing is Live before it answered', async () => {
  const { states } = await play([lost, refusing(503), telling('data: 1\n\n')]);
  expect(states.slice(0, 4)).toEqual(['Connecting', 'Reconnecting', 'Reconnecting', 'Live']);
});

test('a connection lost in the middle is opened again', async () => {
  const { events, asked } = await play([breaking, telling('data: after\n\n')]);
  expect(asked).toBe(3);
  expect(events.at(-1)?.data).toBe('after');
});

test('waits grow with each failure and begin anew after a success', async () => {
  const { waits } = await play([lost, lost, lost, telling('data: 1\n\n'), lost]);
  expect(waits[1]).toBeGreaterThan(waits[0] ?? Infinity);
  expect(waits[2]).toBeGreaterThan(waits[1] ?? Infinity);
  expect(waits[3]).toBeLessThanOrEqual(500);
});

test.each([401, 403, 404])('status %i ends it for good', async (status) => {
  const { states, asked } = await play([refusing(status), telling('data: 1\n\n')]);
  expect(states.at(-1)).toBe('Ended');
  expect(asked).toBe(1);
});

test('a wait is never longer than 15 seconds and never shorter than half of its step', () => {
  expect(waitBefore(0, 0)).toBe(250);
  expect(waitBefore(0, 1)).toBe(500);
  expect(waitBefore(50, 1)).toBe(15_000);
  expect(waitBefore(50, 0)).toBe(7_500);
});
