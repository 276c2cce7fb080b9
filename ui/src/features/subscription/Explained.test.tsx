// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, within } from '@testing-library/react';
import { afterEach, expect, test, vi } from 'vitest';
import type { Explanation } from '../../api/types';
import { Explained } from './Explained';

const PLANNED: Explanation = {
  sentence: 'Nothing is measured. It is paused: nothing is read or written.',
  definition: 3,
  state: 'Paused',
  fields: [
    { field: 'id', uses: ['key', 'column id'] },
    { field: 'tags', uses: ['filter'] },
  ],
  expressions: [
    {
      of: 'filter',
      expression: "event.tags.exists(t, t == 'x')",
      compiled: false,
      why: 'a loop over a list is not compiled',
    },
  ],
  deletesWhatLeaves: true,
  engine: 'Postgres',
  mode: 'Upsert',
  ways: [
    { name: 'Copy', meaning: 'binary COPY' },
    { name: 'Merge', meaning: 'merged' },
  ],
  measured: [],
  unmeasured: [{ partitions: [0, 1], message: 'It is paused: nothing is read or written.' }],
};

const MEASURED: Explanation = {
  ...PLANNED,
  sentence: 'Limited by the store: 82 % of the time the worker waits for it.',
  state: 'Running',
  measured: [
    {
      worker: 'worker-1',
      seconds: 9.6,
      partitions: [
        { partition: 0, sharedWith: 49, catchingUp: false },
        { partition: 1, sharedWith: 0, catchingUp: true },
      ],
      time: { reading: 0.03, filtering: 0.1, encoding: 0.05, store: 0.82, turn: 0, idle: 0 },
      writing: 0.97,
      events: 123456,
      batches: 13,
      eventsInBatch: { now: 9000, median: 10000, largest: 12000 },
      changesInBatch: { now: 9, median: 10, largest: 12 },
      ways: { Copy: 40 },
      limitedBy: 'Store',
      sentence: 'Limited by the store: 82 % of the time the worker waits for it.',
    },
  ],
  unmeasured: [],
};

function show(answer: unknown, status = 200) {
  vi.stubGlobal(
    'fetch',
    async () =>
      new Response(JSON.stringify(answer), {
        status,
        headers: { 'Content-Type': 'application/json' },
      }),
  );
  render(
    <QueryClientProvider
      client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
    >
      <Explained of={{ tenant: 'demo', name: 'quakes' }} />
    </QueryClientProvider>,
  );
}

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('what limits it is said first, and where the time goes', async () => {
  show(MEASURED);
  expect(await screen.findByText(MEASURED.sentence)).toBeTruthy();
  const time = screen.getByRole('group', { name: 'Time of worker-1' });
  expect(within(time).getByText('Store').nextSibling?.textContent).toBe('82 %');
  expect(within(time).getByText('Encoding').nextSibling?.textContent).toBe('5 %');
  const told = screen.getByText(/the last 10 s/).textContent;
  expect(told).toContain('9,000 now, 10,000 median, 12,000 largest');
  expect(told).toContain('49 other subscriptions; 1 partition catching up');
  expect(screen.getByText('40 × binary COPY')).toBeTruthy();
});

test('a paused pipeline explains its plan', async () => {
  show(PLANNED);
  expect(await screen.findByText(PLANNED.sentence)).toBeTruthy();
  expect(screen.getByText(/a loop over a list is not compiled/)).toBeTruthy();
  expect(screen.getByText('0 × binary COPY')).toBeTruthy();
});

test('partitions that nobody measures lead to the page of their trouble', async () => {
  show({
    ...MEASURED,
    unmeasured: [{ partitions: [2], worker: 'w', code: 'WorkerSilent', message: 'No answer.' }],
  });
  const link = await screen.findByRole('link', { name: 'WorkerSilent' });
  expect(link.getAttribute('href')).toBe('/docs/conditions/WorkerSilent');
});

test('that nobody can be asked is a problem with a remedy', async () => {
  show({ type: 'x', title: 'Kafka is away', status: 503, code: 'KafkaUnavailable' }, 503);
  expect(await screen.findByText(/Kafka is away/)).toBeTruthy();
});
