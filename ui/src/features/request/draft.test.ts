import { expect, test } from 'vitest';
import type { Product } from '../../api/types';
import { defaultColumn, type Draft, emptyDraft, needsApproval, sentRows, specOf } from './draft';

const KEY = { tenant: 'sales', name: 'orders' };
// A schema is any JSON, for which the generated type has no fitting shape.
const PRODUCT = {
  spec: {
    key: 'orderId',
    schema: {
      type: 'object',
      properties: {
        orderId: { type: 'string' },
        total: { type: 'number' },
        customer: { type: 'object', properties: { email: { type: 'string' } } },
      },
    },
  },
} as unknown as Product;

function draft(part: Partial<Draft> = {}): Draft {
  const empty = emptyDraft(PRODUCT, KEY);
  return { ...empty, store: { ...empty.store, class: 'postgres-embedded' }, ...part };
}

function spec(part: Partial<Draft> = {}, engine = 'Postgres') {
  return JSON.parse(JSON.stringify(specOf(draft(part), PRODUCT, KEY, engine))) as unknown;
}

test('an untouched form asks for everything and leaves the defaults out', () => {
  expect(spec()).toEqual({ product: 'sales/orders', store: { class: 'postgres-embedded' } });
});

test('chosen fields come with the key marked', () => {
  expect(spec({ isEverything: false })).toMatchObject({
    select: [{ field: 'orderId', key: true }, { field: 'total' }, { field: 'customer.email' }],
  });
});

test('the key field stays a column of an Upsert even when it was unchosen', () => {
  const unchosen = draft().columns.map((column) => ({ ...column, isSelected: false }));
  const part = { isEverything: false, columns: unchosen };
  expect(spec(part)).toMatchObject({ select: [{ field: 'orderId', key: true }] });
  expect(sentRows(draft(part), 'orderId')).toEqual(['orderId']);
});

test('Append has no key', () => {
  expect(spec({ isEverything: false, mode: 'Append' })).toMatchObject({
    mode: 'Append',
    select: [{ field: 'orderId' }, { field: 'total' }, { field: 'customer.email' }],
  });
});

test('rows stand in the order in which they are sent', () => {
  const chosen = draft({
    isEverything: false,
    computed: [{ id: 7, expr: 'event.total * 0.9', as: 'net', type: '' }],
  });
  expect(sentRows(chosen, 'orderId')).toEqual(['orderId', 'total', 'customer.email', 'computed-7']);
  expect(specOf(chosen, PRODUCT, KEY, 'Postgres').select).toHaveLength(4);
});

test('what belongs to the other engine is not sent', () => {
  const store = { ...draft().store, table: 'orders', key: 'order:{orderId}', ttl: '24h' };
  expect(spec({ store })).toMatchObject({ store: { table: { name: 'orders' } } });
  expect(spec({ store })).not.toHaveProperty('store.redis');
  expect(spec({ store }, 'Redis')).toMatchObject({
    store: { redis: { key: 'order:{orderId}', ttl: '24h' } },
  });
  expect(spec({ store }, 'Redis')).not.toHaveProperty('store.table');
});

test('a store that is there is named, and no class asked for', () => {
  const store = { ...draft().store, isNew: false, name: 'warehouse' };
  expect(spec({ store })).toMatchObject({ store: { name: 'warehouse' } });
  expect(spec({ store })).not.toHaveProperty('store.class');
});

test('offsets that were left empty are not sent', () => {
  expect(
    spec({ start: { type: 'Offsets', timestamp: '', offsets: { 0: '12', 1: ' ' } } }),
  ).toMatchObject({ startFrom: { type: 'Offsets', offsets: { 0: 12 } } });
});

test('where an owner is asked they are told what was filled in, and nobody else is', () => {
  const access = { purpose: ' fraud scoring ', for: '', requestedBy: 'alice' };
  const told = specOf(draft({ access }), PRODUCT, KEY, 'Postgres', true);
  expect(told.access).toEqual({ purpose: 'fraud scoring', requestedBy: 'alice' });
  expect(specOf(draft(), PRODUCT, KEY, 'Postgres', true).access).toBeUndefined();
  expect(spec({ access })).not.toHaveProperty('access');
});

test.each([
  ['Approval', 'team-risk', true],
  ['Approval', 'sales', false],
  ['Open', 'team-risk', false],
  [undefined, 'team-risk', false],
])('with the policy %s the tenant %s needs approval: %s', (accessPolicy, tenant, isNeeded) => {
  expect(needsApproval({ ...PRODUCT, spec: { accessPolicy } }, KEY, tenant)).toBe(isNeeded);
});

test('a default column name is one that the platform would give', () => {
  expect(defaultColumn('customer.e-mail')).toBe('customer_e_mail');
  expect(defaultColumn('2nd')).toBe('f_2nd');
});
