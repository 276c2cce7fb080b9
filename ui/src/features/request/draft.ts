import type { ObjectKey, Product, SelectedField, SubscriptionSpec } from '../../api/types';
import { fieldsOf } from '../../schema/fields';

/** One field of the product, as the form offers it. */
export interface ColumnDraft {
  path: string;
  isSelected: boolean;
  as: string;
  type: string;
  mask: string;
}

export interface ComputedDraft {
  /** Stays while others are removed, so that a finding stays at its row. */
  id: number;
  expr: string;
  as: string;
  type: string;
}

/** What the form holds: texts as typed, empty for "as the platform decides". */
export interface Draft {
  tenant: string;
  name: string;
  filter: string;
  /** All fields of the schema, and new ones as they come: `select` is left out. */
  isEverything: boolean;
  columns: ColumnDraft[];
  computed: ComputedDraft[];
  mode: string;
  start: { type: string; timestamp: string; offsets: Record<string, string> };
  store: {
    isNew: boolean;
    class: string;
    name: string;
    table: string;
    structure: string;
    key: string;
    ttl: string;
    reclaimPolicy: string;
  };
  onError: { policy: string; stopAfter: string };
  /** What the product's owner is told, where one is asked. */
  access: { purpose: string; for: string; requestedBy: string };
}

export function emptyDraft(product: Product, { tenant, name }: ObjectKey): Draft {
  return {
    tenant,
    name,
    filter: '',
    isEverything: true,
    columns: fieldsOf(product.spec?.schema).map(({ path, isObject }) => ({
      path,
      isSelected: !isObject,
      as: '',
      type: '',
      mask: 'None',
    })),
    computed: [],
    mode: 'Upsert',
    start: { type: 'Beginning', timestamp: '', offsets: {} },
    store: {
      isNew: true,
      class: '',
      name: '',
      table: '',
      structure: 'Hash',
      key: '',
      ttl: '',
      reclaimPolicy: 'Retain',
    },
    onError: { policy: 'DeadLetter', stopAfter: '' },
    access: { purpose: '', for: '', requestedBy: '' },
  };
}

/** The name a column gets when none is given; the same rule as the platform's. */
export function defaultColumn(path: string): string {
  return path.replace(/[^A-Za-z0-9_]/g, '_').replace(/^(?![A-Za-z])/, 'f_');
}

/** In Upsert the product's key field is always a column: rows are told apart by it. */
export function isKey(draft: Draft, path: string, keyField?: string): boolean {
  return draft.mode === 'Upsert' && path === keyField;
}

function taken(draft: Draft, keyField?: string): ColumnDraft[] {
  return draft.columns.filter((one) => one.isSelected || isKey(draft, one.path, keyField));
}

/** Which row of the form stands behind each entry of the `select` that is sent. */
export function sentRows(draft: Draft, keyField?: string): string[] {
  if (draft.isEverything) return [];
  return [
    ...taken(draft, keyField).map((column) => column.path),
    ...draft.computed.map((column) => `computed-${column.id}`),
  ];
}

/**
 * Whether the product's owner approves what a tenant gets of it; the product's own tenant gets it
 * unasked. The same rule as the platform's.
 */
export function needsApproval(product: Product, of: ObjectKey, tenant: string): boolean {
  return product.spec?.accessPolicy === 'Approval' && tenant !== of.tenant;
}

/**
 * The spec that the form stands for; defaults are left out, so that the YAML says what was chosen.
 *
 * @param isAsked whether there is an owner to be told what for
 */
export function specOf(
  draft: Draft,
  product: Product,
  key: ObjectKey,
  engine?: string,
  isAsked = false,
): SubscriptionSpec {
  return {
    product: `${key.tenant}/${key.name}`,
    filter: draft.filter.trim() || undefined,
    select: draft.isEverything ? undefined : selectOf(draft, product.spec?.key),
    startFrom: startOf(draft.start),
    mode: draft.mode === 'Upsert' ? undefined : draft.mode,
    store: storeOf(draft.store, engine),
    onError: onErrorOf(draft.onError),
    access: isAsked ? accessOf(draft.access) : undefined,
  };
}

function selectOf(draft: Draft, keyField?: string): SelectedField[] {
  return [
    ...taken(draft, keyField).map((column) => ({
      field: column.path,
      as: column.as.trim() || undefined,
      type: column.type.trim() || undefined,
      key: isKey(draft, column.path, keyField) || undefined,
      mask: column.mask === 'None' ? undefined : column.mask,
    })),
    ...draft.computed.map((column) => ({
      expr: column.expr.trim() || undefined,
      as: column.as.trim() || undefined,
      type: column.type.trim() || undefined,
    })),
  ];
}

function startOf({ type, timestamp, offsets }: Draft['start']): SubscriptionSpec['startFrom'] {
  switch (type) {
    case 'Beginning':
      return undefined;
    case 'Timestamp':
      return { type, timestamp: timestamp ? new Date(timestamp).toISOString() : undefined };
    case 'Offsets':
      return {
        type,
        offsets: Object.fromEntries(
          Object.entries(offsets)
            .filter(([, offset]) => offset.trim())
            .map(([partition, offset]) => [partition, Number(offset)]),
        ),
      };
    default:
      return { type };
  }
}

function storeOf(store: Draft['store'], engine?: string): SubscriptionSpec['store'] {
  const table = store.table.trim();
  const redis = {
    structure: store.structure === 'Hash' ? undefined : store.structure,
    key: store.key.trim() || undefined,
    ttl: store.ttl.trim() || undefined,
  };
  return {
    ...(store.isNew ? { class: store.class || undefined } : { name: store.name || undefined }),
    table: engine === 'Postgres' && table ? { name: table } : undefined,
    redis: engine === 'Redis' && Object.values(redis).some(Boolean) ? redis : undefined,
    reclaimPolicy: store.reclaimPolicy === 'Retain' ? undefined : store.reclaimPolicy,
  };
}

function onErrorOf({ policy, stopAfter }: Draft['onError']): SubscriptionSpec['onError'] {
  const limit = stopAfter.trim() || undefined;
  return policy === 'DeadLetter' && !limit ? undefined : { policy, stopAfter: limit };
}

function accessOf(access: Draft['access']): SubscriptionSpec['access'] {
  const terms = {
    purpose: access.purpose.trim() || undefined,
    for: access.for.trim() || undefined,
    requestedBy: access.requestedBy.trim() || undefined,
  };
  return Object.values(terms).some(Boolean) ? terms : undefined;
}
