// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { LetterActions } from './LetterActions';

const LETTER = {
  partition: 1,
  offset: 42,
  code: 'WrongType',
  field: 'total',
  message: 'total is no number',
  excerpt: '{"id":7,"total":"many"}',
};
const PATH = '/api/v1/tenants/demo/subscriptions/quakes/dead-letters/1/42';

/** Answers every request with 202 and keeps what was sent. */
function serve() {
  const sent: { path: string; body: string }[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    if (request.url.endsWith('/info')) {
      return new Response('{"version":"1","readOnly":false}', {
        headers: { 'Content-Type': 'application/json' },
      });
    }
    sent.push({ path: new URL(request.url).pathname, body: await request.text() });
    return new Response(
      JSON.stringify({ id: 'x', action: 'Redrive', actor: 'ann', at: '2026-01-01T00:00:00Z' }),
      { status: 202, headers: { 'Content-Type': 'application/json' } },
    );
  });
  return sent;
}

function show() {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <LetterActions letter={LETTER} of={{ tenant: 'demo', name: 'quakes' }} />
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('one is redriven as it is', async () => {
  const sent = serve();
  const user = show();
  await user.click(screen.getByRole('button', { name: 'Redrive 1:42 as it is' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.path).toBe(`${PATH}/redrive`);
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({});
});

test('an edited event goes with its text as it was typed', async () => {
  const sent = serve();
  const user = show();
  await user.click(screen.getByRole('button', { name: 'Edit and redrive 1:42' }));
  const event = await screen.findByRole('textbox', { name: /Event/ });
  expect(event).toHaveProperty('value', LETTER.excerpt);
  await user.clear(event);
  await user.click(event);
  await user.paste('{"id":7,"total":12.50}');
  await user.click(screen.getByRole('button', { name: 'Redrive' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ payload: '{"id":7,"total":12.50}' });
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});

test('nothing is discarded before it was said what that means', async () => {
  const sent = serve();
  const user = show();
  await user.click(screen.getByRole('button', { name: 'Discard 1:42' }));
  await screen.findByText(/never applied/);
  expect(sent).toHaveLength(0);
  await user.click(screen.getByRole('button', { name: 'Discard event' }));
  await waitFor(() => expect(sent.map((each) => each.path)).toEqual([`${PATH}/discard`]));
});
