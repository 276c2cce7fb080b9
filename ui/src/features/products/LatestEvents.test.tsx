// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import { LatestEvents } from './LatestEvents';

const EVENTS = '/api/v1/tenants/sales/products/orders/events';

function show(readOnly: boolean) {
  vi.stubGlobal(
    'fetch',
    async (request: Request) =>
      new Response(
        JSON.stringify(request.url.endsWith('/info') ? { version: '1', readOnly } : { items: [] }),
        { headers: { 'Content-Type': 'application/json' } },
      ),
  );
  render(
    <QueryClientProvider client={new QueryClient()}>
      <LatestEvents of={{ tenant: 'sales', name: 'orders' }} />
    </QueryClientProvider>,
  );
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('who has no events is told to publish some', async () => {
  show(false);
  expect(await screen.findByText(EVENTS)).toBeTruthy();
});

test('where nothing is taken over REST, by Kafka only', async () => {
  show(true);
  expect(await screen.findByText('Publish with any Kafka client.')).toBeTruthy();
  expect(screen.queryByText(EVENTS)).toBeNull();
});
