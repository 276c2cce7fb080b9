import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, content } from '../../api/client';
import type { DeadLetter, ObjectKey, Subscription, SubscriptionSpec } from '../../api/types';
import { useLive } from '../../live/useLive';
import { parseExactly } from './exactJson';
import type { Row } from './rows';

type SpecChange = Partial<SubscriptionSpec>;

const PATH = '/api/v1/tenants/{tenant}/subscriptions/{subscription}';

const LETTER = `${PATH}/dead-letters/{partition}/{offset}` as const;

const cacheKey = ({ tenant, name }: ObjectKey) => ['subscription', tenant, name];

function at({ tenant, name }: ObjectKey) {
  return { path: { tenant, subscription: name } };
}

/** One subscription, replaced as the platform tells of it, until it is gone. */
export function useSubscription(key: ObjectKey) {
  const queries = useQueryClient();
  const [gone, setGone] = useState(false);
  const query = useQuery({
    queryKey: cacheKey(key),
    queryFn: ({ signal }) => content(api.GET(PATH, { params: at(key), signal })),
  });
  const live = useLive(
    `/api/v1/tenants/${encodeURIComponent(key.tenant)}/subscriptions/${encodeURIComponent(key.name)}/live`,
    (event) => {
      if (event.event === 'deleted') setGone(true);
      if (event.event === 'status') {
        queries.setQueryData(cacheKey(key), JSON.parse(event.data) as Subscription);
      }
    },
  );
  return { query, live, gone };
}

/** Changes some of the spec; refused when someone else changed the object since it was read. */
export function useSpecChange(key: ObjectKey) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ subscription, change }: { subscription: Subscription; change: SpecChange }) =>
      content(
        api.PUT(PATH, {
          params: {
            ...at(key),
            header: { 'If-Match': `"${subscription.metadata?.generation ?? ''}"` },
          },
          body: {
            apiVersion: subscription.apiVersion,
            kind: subscription.kind,
            metadata: { name: key.name, namespace: key.tenant },
            spec: { ...subscription.spec, ...change },
          },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: cacheKey(key) }),
  });
}

export function useDeletion(key: ObjectKey) {
  return useMutation({
    mutationFn: () => content(api.DELETE(PATH, { params: at(key) })),
  });
}

/** Rows as the store has them, asked for each second while they are seen. */
export function useRows(key: ObjectKey) {
  return useQuery({
    queryKey: ['rows', key.tenant, key.name],
    queryFn: async ({ signal }) => {
      const params = { ...at(key), query: { limit: 50 } };
      const text = await content(api.GET(`${PATH}/rows`, { params, signal, parseAs: 'text' }));
      return parseExactly(text) as { items: Row[] };
    },
    // Sharing would copy what changed, and a copied exact number is none.
    structuralSharing: false,
    refetchInterval: 1_000,
    gcTime: 0,
  });
}

/** Some key that is in Redis now; null when there is none. */
export function useSomeKey(key: ObjectKey, isRedis: boolean) {
  return useQuery({
    queryKey: ['some-key', key.tenant, key.name],
    enabled: isRedis,
    queryFn: async ({ signal }) => {
      const params = { ...at(key), query: { limit: 1 } };
      const { items } = await content(api.GET(`${PATH}/rows`, { params, signal }));
      const first = items[0]?._key;
      return typeof first === 'string' ? first : null;
    },
  });
}

export function useDeadLetters(key: ObjectKey) {
  return useQuery({
    queryKey: ['dead-letters', key.tenant, key.name],
    queryFn: ({ signal }) =>
      content(
        api.GET(`${PATH}/dead-letters`, { params: { ...at(key), query: { limit: 100 } }, signal }),
      ),
    refetchInterval: 5_000,
    gcTime: 0,
  });
}

/** Decides what becomes of a dead letter; its worker does it within moments. */
export function useCorrection(key: ObjectKey, letter: DeadLetter) {
  const queries = useQueryClient();
  const params = {
    path: { ...at(key).path, partition: letter.partition, offset: letter.offset },
  };
  return useMutation({
    mutationFn: (
      how: { action: 'redrive'; payload?: string; key?: string } | { action: 'discard' },
    ) =>
      how.action === 'discard'
        ? content(api.POST(`${LETTER}/discard`, { params }))
        : content(
            api.POST(`${LETTER}/redrive`, {
              params,
              body: { payload: how.payload, key: how.key },
            }),
          ),
    onSettled: () =>
      queries.invalidateQueries({ queryKey: ['dead-letters', key.tenant, key.name] }),
  });
}

/** What limits it, asked for while it is seen. There is nothing to explain before it has a store. */
export function useExplanation(key: ObjectKey) {
  return useQuery({
    queryKey: ['explanation', key.tenant, key.name],
    queryFn: ({ signal }) => content(api.GET(`${PATH}/explain`, { params: at(key), signal })),
    refetchInterval: 5_000,
    gcTime: 0,
  });
}

export function useJournal(key: ObjectKey) {
  return useQuery({
    queryKey: ['journal', key.tenant, key.name],
    queryFn: ({ signal }) =>
      content(
        api.GET(`${PATH}/journal`, { params: { ...at(key), query: { limit: 200 } }, signal }),
      ),
    refetchInterval: 5_000,
  });
}

export function useCredentials(key: ObjectKey, isKeptHere: boolean) {
  return useQuery({
    enabled: isKeptHere,
    queryKey: ['credentials', key.tenant, key.name],
    queryFn: ({ signal }) => content(api.GET(`${PATH}/credentials`, { params: at(key), signal })),
  });
}

/**
 * Shows or changes the password. Its answer is the only place the password is, and lives as long as
 * the page that asked: it is put in no cache.
 */
export function usePassword(key: ObjectKey) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (how: 'reveal' | 'rotate') =>
      how === 'reveal'
        ? content(api.POST(`${PATH}/credentials/reveal`, { params: at(key) }))
        : content(api.POST(`${PATH}/credentials/rotate`, { params: at(key) })),
    gcTime: 0,
    onSettled: () => queries.invalidateQueries({ queryKey: ['credentials', key.tenant, key.name] }),
  });
}
