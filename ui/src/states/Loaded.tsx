import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';
import { Waiting } from './Waiting';

interface Props<T> {
  query: Pick<UseQueryResult<T>, 'data' | 'error' | 'refetch'>;
  /** How many lines the skeleton has; about as many as will come. */
  lines?: number;
  isEmpty?: (data: T) => boolean;
  empty?: ReactNode;
  children: (data: T) => ReactNode;
}

/** The four states of anything fetched: loading, empty, error, data. Old data outlives an error. */
export function Loaded<T>({ query, lines = 5, isEmpty, empty, children }: Props<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) {
    return query.error ? (
      <ProblemAlert error={query.error} retry={retry} />
    ) : (
      <Waiting lines={lines} />
    );
  }
  return (
    <>
      {query.error && <ProblemAlert error={query.error} retry={retry} />}
      {isEmpty?.(query.data) ? empty : children(query.data)}
    </>
  );
}
