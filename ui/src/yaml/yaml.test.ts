import { expect, test } from 'vitest';
import { yamlOf } from './yaml';

const KEY = { tenant: 'team-risk', name: 'eu-orders' };

test('the YAML has the order in which people write it, and nothing that is not set', () => {
  expect(
    yamlOf(KEY, {
      store: { class: 'postgres-embedded', table: { name: 'orders' } },
      select: [{ type: 'decimal(12,2)', field: 'total', mask: undefined }],
      filter: "event.country in ['DE', 'FR']",
      mode: undefined,
      product: 'sales/orders',
    }),
  ).toBe(`apiVersion: millrace.dev/v1alpha1
kind: DataSubscription
metadata:
  name: eu-orders
  namespace: team-risk
spec:
  product: sales/orders
  filter: event.country in ['DE', 'FR']
  select:
    - field: total
      type: decimal(12,2)
  store:
    class: postgres-embedded
    table:
      name: orders
`);
});

test('text that YAML would read as something else is quoted', () => {
  const yaml = yamlOf(KEY, { filter: "event.note == 'a: b' # c", onError: { stopAfter: '5%' } });
  expect(yaml).toContain(`filter: "event.note == 'a: b' # c"`);
  expect(yamlOf({ tenant: 'no', name: '12' }, {})).toContain('name: "12"');
});

test('what kubectl would read as something else than text is quoted as well', () => {
  const yaml = yamlOf(KEY, {
    select: [{ field: 'y' }, { field: 'no' }, { expr: '1_000' }],
    requests: { rebuild: '2026-11-28T08:00:00Z' },
  });
  expect(yaml).toContain('- field: "y"');
  expect(yaml).toContain('- field: "no"');
  expect(yaml).toContain('- expr: "1_000"');
  expect(yaml).toContain('rebuild: "2026-11-28T08:00:00Z"');
});
