// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { MemoryRouter, Route, Routes } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import type { Subscription } from '../../api/types';
import { SubscriptionPage } from './SubscriptionPage';

const PATH = '/api/v1/tenants/team-risk/subscriptions/eu-orders';
const ON_PAGE = ['Pause', 'Rebuild', 'Accept loss', 'Delete'];
const ON_LETTERS = ['Redrive 1:42 as it is', 'Edit and redrive 1:42', 'Discard 1:42'];
const ON_LOGIN = ['Reveal password', 'Rotate password'];
const CHANGING = /^(pause|resume|rebuild|accept|delete|redrive|edit|discard|reveal|rotate)/i;

const SUBSCRIPTION = {
  apiVersion: 'millrace.dev/v1alpha1',
  kind: 'DataSubscription',
  metadata: { name: 'eu-orders', namespace: 'team-risk', uid: 'u-1', generation: 3 },
  spec: {
    product: 'sales/orders',
    filter: "event.country in ['DE', 'FR']",
    store: { class: 'postgres', table: { name: 'orders' }, reclaimPolicy: 'Delete' },
  },
  status: {
    phase: 'Live',
    store: {
      name: 'eu-orders',
      engine: 'Postgres',
      address: 'postgres:5432/risk',
      relation: 'public.orders',
    },
    partitions: [
      {
        partition: 0,
        reason: 'HistoryLost',
        message: 'Offsets 10 to 19 are gone.',
        counts: { read: 0, applied: 0, filtered: 0, deadLettered: 0, skipped: 0 },
      },
    ],
  },
} as unknown as Subscription;

const IN_CLUSTER = {
  ...SUBSCRIPTION,
  metadata: { ...SUBSCRIPTION.metadata, origin: 'kubernetes' },
};

const LETTER = {
  partition: 1,
  offset: 42,
  code: 'WrongType',
  field: 'total',
  message: 'total is no number',
  excerpt: '{"id":7}',
};

const BINDING = {
  type: 'postgresql',
  host: 'localhost',
  port: 5432,
  database: 'risk',
  username: 'reader',
  relation: 'public.orders',
  revealed: false,
};

const HERE = { version: '1', readOnly: false };
const ELSEWHERE = { version: '1', readOnly: true };

type Answer = () => Response | Promise<Response>;

const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

const problem = (status: number, code: string) =>
  json({ status, code, title: code, type: 'x' }, status);

const never: Answer = () => new Promise(() => {});

/** A platform whose /info is as given; what it was asked is kept. */
function serve(info: Answer, of: Subscription = SUBSCRIPTION, others: Record<string, Answer> = {}) {
  const asked: string[] = [];
  const answers: Record<string, Answer> = {
    'GET /api/v1/info': info,
    [`GET ${PATH}`]: () => json(of),
    [`GET ${PATH}/dead-letters`]: () => json({ items: [LETTER] }),
    [`GET ${PATH}/credentials`]: () => json(BINDING),
    [`GET ${PATH}/journal`]: () => json({ items: [] }),
    ...others,
  };
  vi.stubGlobal('fetch', async (request: Request) => {
    const what = `${request.method} ${new URL(request.url).pathname}`;
    asked.push(what);
    return (answers[what] ?? (() => problem(404, 'NotFound')))();
  });
  return asked;
}

function show(tab = 'overview') {
  render(
    <QueryClientProvider
      client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
    >
      <MemoryRouter initialEntries={[`/subscriptions/team-risk/eu-orders?tab=${tab}`]}>
        <Routes>
          <Route path="/subscriptions/:tenant/:name" element={<SubscriptionPage />} />
        </Routes>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const button = (name: string) => screen.getByRole('button', { name });
const isEnabled = (name: string) => !(button(name) as HTMLButtonElement).disabled;
const textOf = (name: string) => screen.getByRole('group', { name }).textContent;
const notice = () => screen.findByRole('region', { name: 'Kept by the Kubernetes cluster' });

/** Buttons that do something to the subscription; those that copy a command do not. */
const changing = () => screen.queryAllByRole('button', { name: CHANGING });

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('one that the cluster keeps has commands in place of buttons', async () => {
  serve(() => json(ELSEWHERE), IN_CLUSTER);
  const user = show();
  await notice();
  expect(changing()).toEqual([]);
  await user.click(screen.getByText('Commands to change it'));
  const dsub = 'dsub eu-orders -n team-risk';
  const asks = (what: string) =>
    `kubectl patch ${dsub} --type merge -p '{"spec":{"requests":{"${what}":"'$(date -u +%FT%TZ)'"}}}'`;
  expect(textOf('Edit')).toBe(`kubectl edit ${dsub}`);
  expect(textOf('Pause')).toBe(
    `kubectl patch ${dsub} --type merge -p '{"spec":{"state":"Paused"}}'`,
  );
  expect(textOf('Rebuild')).toBe(asks('rebuild'));
  expect(textOf('Accept loss')).toBe(asks('acceptLoss'));
  expect(textOf('Delete')).toBe(`kubectl delete ${dsub}`);
  expect(screen.getByText(/public.orders and the reader’s login are removed/)).toBeTruthy();
  expect(button('Copy Pause')).toBeTruthy();
});

test('one that is paused there is resumed there', async () => {
  serve(() => json(ELSEWHERE), {
    ...IN_CLUSTER,
    spec: { ...SUBSCRIPTION.spec, state: 'Paused' },
    status: undefined,
  });
  const user = show();
  await notice();
  await user.click(screen.getByText('Commands to change it'));
  expect(textOf('Resume')).toContain(`-p '{"spec":{"state":"Running"}}'`);
  expect(screen.queryByRole('group', { name: 'Pause' })).toBeNull();
  expect(screen.queryByRole('group', { name: 'Accept loss' })).toBeNull();
});

test('one that is being deleted there has no commands', async () => {
  serve(() => json(ELSEWHERE), {
    ...IN_CLUSTER,
    metadata: { ...IN_CLUSTER.metadata, deletionTimestamp: '2026-11-28T08:00:00Z' },
  });
  show();
  expect(within(await notice()).getByText('It is being deleted there.')).toBeTruthy();
  expect(screen.queryByText('Commands to change it')).toBeNull();
});

test('the notice leads to YAML that can be applied', async () => {
  serve(() => json(ELSEWHERE), IN_CLUSTER);
  const user = show();
  await user.click(within(await notice()).getByRole('link', { name: 'Definition' }));
  const yaml = await screen.findByRole('group', { name: 'YAML' });
  expect(parse(yaml.textContent ?? '')).toEqual({
    apiVersion: 'millrace.dev/v1alpha1',
    kind: 'DataSubscription',
    metadata: { name: 'eu-orders', namespace: 'team-risk' },
    spec: SUBSCRIPTION.spec,
  });
  expect(screen.getByText('kubectl apply -f eu-orders.yaml')).toBeTruthy();
});

test('its dead letters are only shown', async () => {
  serve(() => json(ELSEWHERE), IN_CLUSTER);
  show('dead-letters');
  expect(await screen.findByText('total is no number')).toBeTruthy();
  expect(changing()).toEqual([]);
  expect(screen.queryByRole('columnheader', { name: 'Actions' })).toBeNull();
});

test('its login is told to be in the Secret, and not asked for', async () => {
  const asked = serve(() => json(ELSEWHERE), IN_CLUSTER);
  show('connect');
  expect(await screen.findByText('eu-orders-credentials')).toBeTruthy();
  expect(changing()).toEqual([]);
  expect(textOf('psql')).toContain('kubectl get secret eu-orders-credentials -n team-risk');
  expect(textOf('New password')).toContain('"rotate"');
  expect(asked).not.toContain(`GET ${PATH}/credentials`);
});

test('a login that is refused for being in a Secret is found there', async () => {
  serve(() => json(HERE), SUBSCRIPTION, {
    [`GET ${PATH}/credentials`]: () => problem(409, 'InSecret'),
  });
  show('connect');
  expect(await screen.findByText('eu-orders-credentials')).toBeTruthy();
  expect(screen.queryByRole('alert')).toBeNull();
});

test('a Secret that is not there yet is said not to be', async () => {
  const message = 'The reader’s login is made together with the store.';
  const conditions = [{ type: 'CredentialsReady', status: 'False', reason: 'NotMadeYet', message }];
  serve(() => json(ELSEWHERE), {
    ...IN_CLUSTER,
    status: { conditions },
  } as unknown as Subscription);
  show('connect');
  expect(await screen.findByText(/There is none now/)).toHaveProperty(
    'textContent',
    `There is none now: NotMadeYet ${message}`,
  );
});

test('a journal that the cluster has is looked at there', async () => {
  const asked = serve(() => json(ELSEWHERE), IN_CLUSTER);
  show('journal');
  const command = await screen.findByText('kubectl describe dsub eu-orders -n team-risk');
  expect(command.parentElement?.textContent).toBe(
    'The cluster has its history: kubectl describe dsub eu-orders -n team-risk shows what happened of late.',
  );
  expect(asked).toContain(`GET ${PATH}/journal`);
  expect(screen.queryByRole('alert')).toBeNull();
  expect(screen.queryByRole('table', { name: 'Journal' })).toBeNull();
});

test('a journal that is kept here and empty leads nowhere', async () => {
  serve(() => json(HERE));
  show('journal');
  expect(await screen.findByText('Nothing was recorded yet.')).toBeTruthy();
  expect(screen.queryByText(/kubectl/)).toBeNull();
});

test('one that is kept here has all its buttons, and no commands', async () => {
  serve(() => json(HERE));
  show();
  await waitFor(() => expect(ON_PAGE.map(isEnabled)).toEqual([true, true, true, true]));
  expect(screen.queryByRole('region', { name: 'Kept by the Kubernetes cluster' })).toBeNull();
});

test('its dead letters and its login are changed here', async () => {
  serve(() => json(HERE));
  const user = show('dead-letters');
  await screen.findByText('total is no number');
  await waitFor(() => expect(ON_LETTERS.map(isEnabled)).toEqual([true, true, true]));
  await user.click(screen.getByRole('tab', { name: 'Connect' }));
  await screen.findByText('reader');
  expect(ON_LOGIN.map(isEnabled)).toEqual([true, true]);
  expect(screen.queryByText('eu-orders-credentials')).toBeNull();
});

test('before it is known who keeps it nothing that changes it is enabled', async () => {
  let answer: (response: Response) => void = () => {};
  serve(() => new Promise((resolve) => (answer = resolve)));
  const user = show();
  await screen.findByRole('button', { name: 'Pause' });
  expect(ON_PAGE.map(isEnabled)).toEqual([false, false, false, false]);
  await user.click(screen.getByRole('tab', { name: 'Dead letters' }));
  await screen.findByText('total is no number');
  expect(ON_LETTERS.map(isEnabled)).toEqual([false, false, false]);
  await user.click(screen.getByRole('tab', { name: 'Connect' }));
  await screen.findByText('reader');
  expect(ON_LOGIN.map(isEnabled)).toEqual([false, false]);
  expect(changing().filter((one) => !(one as HTMLButtonElement).disabled)).toEqual([]);
  answer(json(HERE));
  await waitFor(() => expect([...ON_PAGE, ...ON_LOGIN].every(isEnabled)).toBe(true));
});

test('one that says itself that the cluster keeps it needs no other word', async () => {
  serve(never, IN_CLUSTER);
  show();
  await notice();
  expect(changing()).toEqual([]);
});

test('when nobody says who keeps it, that is told, and can be asked again', async () => {
  let isDown = true;
  serve(() => (isDown ? problem(503, 'Down') : json(HERE)));
  const user = show();
  const alert = await screen.findByRole('alert');
  expect(isEnabled('Delete')).toBe(false);
  isDown = false;
  await user.click(within(alert).getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(isEnabled('Delete')).toBe(true));
  expect(screen.queryByText('Down')).toBeNull();
});
