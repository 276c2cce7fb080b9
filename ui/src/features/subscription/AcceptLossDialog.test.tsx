// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import type { PartitionReport, Subscription } from '../../api/types';
import { Actions } from './Actions';

const OF = { tenant: 'demo', name: 'quakes' };
const LOST = 'Offsets 10 to 19 of demo.quakes partition 0 are gone.';

function subscription(reason?: string): Subscription {
  const report = { partition: 0, reason, message: reason && LOST } as PartitionReport;
  return {
    apiVersion: 'millrace.dev/v1alpha1',
    kind: 'DataSubscription',
    metadata: { name: 'quakes', namespace: 'demo', generation: 3 },
    spec: { product: 'demo/quakes', requests: { rotate: 'once' } },
    status: { partitions: [report] },
  } as Subscription;
}

function show(of: Subscription) {
  const sent: Subscription[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const isInfo = request.url.endsWith('/info');
    if (!isInfo) sent.push((await request.json()) as Subscription);
    return new Response(isInfo ? '{"version":"1","readOnly":false}' : '{}', {
      headers: { 'Content-Type': 'application/json' },
    });
  });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Actions subscription={of} of={OF} />
    </QueryClientProvider>,
  );
  return { sent, user: userEvent.setup() };
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('a loss is accepted once it was said which, and what was asked before stays', async () => {
  const { sent, user } = show(subscription('HistoryLost'));
  await user.click(screen.getByRole('button', { name: 'Accept loss' }));
  expect(await screen.findByText(LOST)).toBeTruthy();
  expect(sent).toHaveLength(0);
  await user.click(screen.getByRole('button', { name: 'Go on without them' }));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.spec?.requests).toEqual({
    rotate: 'once',
    acceptLoss: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
});

test('where nothing is lost there is nothing to accept', () => {
  show(subscription());
  expect(screen.queryByRole('button', { name: 'Accept loss' })).toBeNull();
});
