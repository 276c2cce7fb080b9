// @vitest-environment jsdom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { MemoryRouter, Route, Routes } from 'react-router';
import { afterEach, expect, test, vi } from 'vitest';
import type { Product, StoreClass } from '../../api/types';
import { RequestForm } from './RequestForm';

// It measures its text, which only a browser can.
vi.mock('./FilterEditor', () => ({ FilterEditor: () => null }));

const OF = { tenant: 'sales', name: 'orders' };
const PUT = 'PUT /api/v1/tenants/sales/subscriptions/orders';
const STATEMENTS = 'CREATE TABLE public.orders (id text PRIMARY KEY);';
const PRODUCT = {
  metadata: { namespace: 'sales', name: 'orders' },
  spec: { key: 'id', schema: { type: 'object', properties: { id: { type: 'string' } } } },
} as unknown as Product;
const APPROVAL = {
  ...PRODUCT,
  spec: { ...PRODUCT.spec, owner: 'sales@example.com', accessPolicy: 'Approval' },
};
const CLASSES = [
  { metadata: { name: 'postgres' }, spec: { engine: 'Postgres' } },
] as unknown as StoreClass[];

const HERE = { version: '1', readOnly: false };
const ELSEWHERE = { version: '1', readOnly: true };

const json = (value: unknown, status = 200) =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json' },
  });

/** A platform that answers every request alike; those that would change something are kept. */
function serve(
  info: () => Response | Promise<Response>,
  answer = () => json({ statements: STATEMENTS }),
) {
  const sent: string[] = [];
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname, search } = new URL(request.url);
    if (pathname === '/api/v1/info') return info();
    sent.push(`${request.method} ${pathname}${search}`);
    return answer();
  });
  return sent;
}

function show(product = PRODUCT) {
  render(
    <QueryClientProvider client={new QueryClient()}>
      <MemoryRouter initialEntries={['/request']}>
        <Routes>
          <Route
            path="/request"
            element={<RequestForm product={product} of={OF} classes={CLASSES} stores={[]} />}
          />
          <Route path="/subscriptions/:tenant/:name" element={<h1>requested</h1>} />
        </Routes>
      </MemoryRouter>
    </QueryClientProvider>,
  );
  return userEvent.setup();
}

const click = async (user: ReturnType<typeof userEvent.setup>, name: string) =>
  user.click(await screen.findByRole('button', { name }));

const type = async (user: ReturnType<typeof userEvent.setup>, label: string, text: string) => {
  const input = screen.getByRole('textbox', { name: label });
  await user.clear(input);
  await user.type(input, text);
};

const command = async () => (await screen.findByRole('group', { name: 'kubectl' })).textContent;

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test('where the cluster keeps subscriptions the review ends with what applies it there', async () => {
  const sent = serve(() => json(ELSEWHERE));
  const user = show();
  await click(user, 'Review request');
  expect(await command()).toBe(`kubectl apply -f - <<'EOF'
apiVersion: millrace.dev/v1alpha1
kind: DataSubscription
metadata:
  name: orders
  namespace: sales
spec:
  product: sales/orders
  store:
    class: postgres
EOF`);
  expect(screen.getByRole('group', { name: 'Statements' }).textContent).toBe(STATEMENTS);
  expect(screen.queryByRole('button', { name: 'Confirm request' })).toBeNull();
  expect(sent).toEqual([`${PUT}?dryRun=true`]);
  await click(user, 'Back to the form');
  expect(screen.queryByRole('dialog')).toBeNull();
});

test('elsewhere it is requested once it is confirmed', async () => {
  const sent = serve(() => json(HERE));
  const user = show();
  await click(user, 'Request');
  await screen.findByRole('group', { name: 'Statements' });
  expect(screen.queryByRole('group', { name: 'kubectl' })).toBeNull();
  await click(user, 'Confirm request');
  expect(await screen.findByText('requested')).toBeTruthy();
  expect(sent).toEqual([`${PUT}?dryRun=true`, PUT]);
});

test('nothing is confirmed before it is known where', async () => {
  let answer: (response: Response) => void = () => {};
  serve(() => new Promise((resolve) => (answer = resolve)));
  const user = show();
  await click(user, 'Request');
  const confirm = await screen.findByRole('button', { name: 'Confirm request' });
  expect(confirm).toHaveProperty('disabled', true);
  answer(json(HERE));
  await waitFor(() => expect(confirm).toHaveProperty('disabled', false));
});

test('a product whose owner approves is told what for, by whom and how long', async () => {
  serve(() => json(ELSEWHERE));
  const user = show(APPROVAL);
  await screen.findByRole('button', { name: 'Review request' });
  await type(user, 'Tenant', 'team-risk');
  expect(screen.getByText(/sales@example.com, approves each access/)).toBeTruthy();
  await type(user, 'Purpose', 'fraud scoring');
  await type(user, 'For', '90d');
  await type(user, 'Your name in the cluster', 'alice');
  await click(user, 'Review request');
  expect(await command()).toBe(`kubectl apply -f - <<'EOF'
apiVersion: millrace.dev/v1alpha1
kind: DataSubscription
metadata:
  name: orders
  namespace: team-risk
spec:
  product: sales/orders
  store:
    class: postgres
  access:
    purpose: fraud scoring
    for: 90d
    requestedBy: alice
EOF`);
  const asked = screen.getByText(/AccessRequest/);
  expect(asked.textContent).toBe(
    'The owner of sales/orders, sales@example.com, is asked then, by an AccessRequest in the namespace sales. Rows come once it is approved.',
  );
  const group = screen.getByRole('group', { name: 'kubectl' });
  expect(asked.compareDocumentPosition(group)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(screen.getByText(/Once it is approved this, or less/)).toBeTruthy();
});

test('a request that does not say who asks is said to be deniable only', async () => {
  serve(() => json(ELSEWHERE));
  const user = show({ ...APPROVAL, spec: { ...APPROVAL.spec, owner: undefined } });
  await screen.findByRole('button', { name: 'Review request' });
  await type(user, 'Tenant', 'team-risk');
  await click(user, 'Review request');
  expect(await command()).not.toContain('access:');
  expect(screen.getByText(/AccessRequest/).textContent).toMatch(
    /^The owner of sales\/orders is asked then, .* so it can be denied only/,
  );
});

test('what is wrong with what the owner is told stands at its field', async () => {
  const finding = { code: 'InvalidDuration', message: "'soon' is no length of time" };
  serve(
    () => json(ELSEWHERE),
    () =>
      json(
        {
          type: 'x',
          title: 'x',
          status: 422,
          code: 'SubscriptionInvalid',
          errors: [{ ...finding, pointer: '/spec/access/for' }],
        },
        422,
      ),
  );
  const user = show(APPROVAL);
  await screen.findByRole('button', { name: 'Review request' });
  await type(user, 'Tenant', 'team-risk');
  await type(user, 'For', 'soon');
  await click(user, 'Review request');
  const link = await screen.findByRole('link', { name: finding.message });
  const input = screen.getByRole('textbox', { name: 'For' });
  expect(input.getAttribute('aria-invalid')).toBe('true');
  expect(document.getElementById('access-for-findings')?.textContent).toContain(finding.message);
  await user.click(link);
  expect(document.activeElement).toBe(input);
});

test.each([
  ['of an open product', ELSEWHERE, 'Review request', PRODUCT, 'team-risk'],
  ['of the product’s own tenant', ELSEWHERE, 'Review request', APPROVAL, 'sales'],
  ['where no owner can be asked', HERE, 'Request', APPROVAL, 'team-risk'],
])('nobody is told anything %s', async (_, info, button, product, tenant) => {
  serve(() => json(info));
  const user = show(product);
  await screen.findByRole('button', { name: button });
  await type(user, 'Tenant', tenant);
  await click(user, button);
  await screen.findByRole('group', { name: 'Statements' });
  expect(screen.queryByLabelText('Purpose')).toBeNull();
  expect(screen.queryByText(/AccessRequest/)).toBeNull();
});
