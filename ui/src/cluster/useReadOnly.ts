import { useQuery } from '@tanstack/react-query';
import { infoQuery } from '../api/queries';
import type { Metadata } from '../api/types';

/**
 * Whether things are only shown here, and changed in the Kubernetes cluster that keeps them.
 * Undefined until the platform has said: meanwhile nothing that changes anything may be enabled. An
 * object says it of itself by its origin, so its page need not wait for that.
 */
export function useReadOnly(object?: { metadata?: Metadata }): boolean | undefined {
  const { data } = useQuery(infoQuery);
  return object?.metadata?.origin === 'kubernetes' || data?.readOnly;
}
