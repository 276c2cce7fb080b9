import type { components } from './schema';

type Schemas = components['schemas'];

export type Binding = Schemas['Binding'];
export type BoundStore = Schemas['BoundStore'];
export type Condition = Schemas['Condition'];
export type Counts = Schemas['Counts'];
export type DeadLetter = Schemas['DeadLetter'];
export type Explanation = Schemas['Explanation'];
export type Finding = Schemas['Finding'];
export type JournalEntry = Schemas['JournalEntry'];
export type Measurement = Schemas['Measurement'];
export type Metadata = Schemas['Metadata'];
export type PartitionReport = Schemas['PartitionReport'];
export type Preview = Schemas['Preview'];
export type Problem = Schemas['Problem'];
export type Product = Schemas['DataProduct'];
export type ProductEvent = Schemas['StoredEvent'];
export type Progress = Schemas['Progress'];
export type Rebuild = Schemas['Rebuild'];
export type SelectedField = Schemas['SelectedField'];
export type Store = Schemas['Store'];
export type StoreClass = Schemas['StoreClass'];
export type Subscription = Schemas['DataSubscription'];
export type SubscriptionSpec = Schemas['DataSubscriptionSpec'];
export type SubscriptionStatus = Schemas['SubscriptionStatus'];

/** Tenant and name: how an object is named in paths. */
export interface ObjectKey {
  tenant: string;
  name: string;
}

export function keyOf(object: { metadata?: Schemas['Metadata'] }): ObjectKey {
  return { tenant: object.metadata?.namespace ?? '', name: object.metadata?.name ?? '' };
}
