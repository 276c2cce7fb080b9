import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, content } from '../../api/client';
import { productQuery, storeClassesQuery, storesQuery } from '../../api/queries';
import type { ObjectKey, SubscriptionSpec } from '../../api/types';

const TYPING_PAUSE = 350;

export function useProduct(key: ObjectKey) {
  // The form is made from the product once; a product that moves under it would lose what was typed.
  return useQuery({ ...productQuery(key), staleTime: Infinity });
}

export function useOffers() {
  return { classes: useQuery(storeClassesQuery), stores: useQuery(storesQuery) };
}

/** Runs the filter over recent events once typing pauses. */
export function usePreview({ tenant, name }: ObjectKey, filter: string) {
  const settled = useSettled(filter.trim());
  const query = useQuery({
    queryKey: ['preview', tenant, name, settled],
    queryFn: ({ signal }) =>
      content(
        api.POST('/api/v1/tenants/{tenant}/products/{product}/preview', {
          params: { path: { tenant, product: name } },
          body: { filter: settled },
          signal,
        }),
      ),
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
  });
  return { ...query, isChecking: settled !== filter.trim() || query.isFetching };
}

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

interface Need {
  key: ObjectKey;
  spec: SubscriptionSpec;
}

function put({ key, spec }: Need, dryRun: boolean) {
  return api.PUT('/api/v1/tenants/{tenant}/subscriptions/{subscription}', {
    params: {
      path: { tenant: key.tenant, subscription: key.name },
      query: { dryRun: dryRun || undefined },
      // A form for something new must not change what is there under the same name.
      header: { 'If-None-Match': '*' },
    },
    body: {
      apiVersion: 'millrace.dev/v1alpha1',
      kind: 'DataSubscription',
      metadata: { name: key.name, namespace: key.tenant },
      spec,
    },
  });
}

/** Everything checked, nothing done: what would be run in the store. */
export function useDryRun() {
  return useMutation({
    mutationFn: async (need: Need) => {
      const answer: unknown = await content(put(need, true));
      return (answer as { statements?: string }).statements ?? '';
    },
  });
}

export function useRequest() {
  return useMutation({ mutationFn: (need: Need) => content(put(need, false)) });
}
