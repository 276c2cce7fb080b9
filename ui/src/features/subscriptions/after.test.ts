import { expect, test } from 'vitest';
import type { Subscription } from '../../api/types';
import { after } from './after';

const one = (name: string, phase = 'Live'): Subscription => ({
  apiVersion: 'millrace.dev/v1alpha1',
  kind: 'DataSubscription',
  spec: {},
  metadata: { name, namespace: 'usgs' },
  status: { phase },
});

const told = (event: string, subscription: Subscription) => ({
  event,
  data: JSON.stringify(subscription),
});

test('a changed subscription stays in its place', () => {
  const list = after([one('a', 'Preloading'), one('b')], told('status', one('a')));
  expect(list).toEqual([one('a'), one('b')]);
});

test('a new one is added, a deleted one goes', () => {
  expect(after([one('a')], told('status', one('b')))).toEqual([one('a'), one('b')]);
  expect(after([one('a'), one('b')], told('deleted', one('a')))).toEqual([one('b')]);
});

test('what is not understood changes nothing', () => {
  expect(after([one('a')], told('greeting', one('b')))).toEqual([one('a')]);
});
