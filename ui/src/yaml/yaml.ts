import { stringify } from 'yaml';
import type { ObjectKey, SubscriptionSpec } from '../api/types';

// The order in which people write and read a subscription; the wire's order is the alphabet's.
const SPEC_ORDER = [
  'product',
  'filter',
  'select',
  'startFrom',
  'until',
  'mode',
  'store',
  'onError',
  'onSchemaChange',
  'access',
  'state',
  'requests',
];
const FIELD_ORDER = ['field', 'expr', 'as', 'type', 'key', 'mask'];

/**
 * A subscription as YAML, in the shape that PUT and kubectl take. Quoted for readers of YAML 1.1, as
 * kubectl is: to them a column `y` is true.
 */
export function yamlOf(key: ObjectKey, spec: SubscriptionSpec): string {
  const ordered = inOrder(spec, SPEC_ORDER);
  if (spec.select) ordered.select = spec.select.map((field) => inOrder(field, FIELD_ORDER));
  return stringify(
    {
      apiVersion: 'millrace.dev/v1alpha1',
      kind: 'DataSubscription',
      metadata: { name: key.name, namespace: key.tenant },
      spec: ordered,
    },
    { lineWidth: 0, version: '1.1' },
  );
}

/** Without what is not set; fields the order does not know come last. */
function inOrder(object: object, order: string[]): Record<string, unknown> {
  const set = Object.entries(object).filter(([, value]) => value !== undefined && value !== null);
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  return Object.fromEntries(set.sort(([one], [other]) => place(one) - place(other)));
}
