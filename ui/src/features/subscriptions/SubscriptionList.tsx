import {
  EmptyState,
  EmptyStateBody,
  FormSelect,
  FormSelectOption,
  SearchInput,
} from '@patternfly/react-core';
import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Link, useSearchParams } from 'react-router';
import { keyOf, type Subscription } from '../../api/types';
import { count, lag } from '../../format/format';
import { LiveMark } from '../../live/LiveMark';
import { PhaseLabel } from '../../progress/PhaseLabel';
import { ProgressLine } from '../../progress/ProgressLine';
import { PageHead } from '../../shell/PageHead';
import { Loaded } from '../../states/Loaded';
import { useSubscriptions } from './useSubscriptions';
import { DataTable } from '../../table/DataTable';

export function SubscriptionList() {
  const { query, live } = useSubscriptions();
  return (
    <>
      <PageHead title="Subscriptions" marks={<LiveMark state={live} />}>
        Needs that were stated, and how far each store is.
      </PageHead>
      <Loaded
        query={query}
        lines={6}
        isEmpty={(all) => all.length === 0}
        empty={<NoSubscriptions />}
      >
        {(all) => <Filtered all={all} />}
      </Loaded>
    </>
  );
}

function Filtered({ all }: { all: Subscription[] }) {
  const [address, setAddress] = useSearchParams();
  const tenant = address.get('tenant') ?? '';
  const words = address.get('q') ?? '';
  const change = (name: string, value: string) =>
    setAddress(
      (before) => {
        if (value) before.set(name, value);
        else before.delete(name);
        return before;
      },
      { replace: true },
    );
  const tenants = [...new Set(all.map((one) => keyOf(one).tenant))].sort();
  const shown = all.filter((one) => {
    const key = keyOf(one);
    return (!tenant || key.tenant === tenant) && `${key.tenant}/${key.name}`.includes(words);
  });
  return (
    <>
      <div className="mr-toolbar">
        <SearchInput
          className="mr-search"
          aria-label="Search subscriptions"
          placeholder="Name"
          value={words}
          onChange={(_, text) => change('q', text)}
          onClear={() => change('q', '')}
        />
        <FormSelect
          className="mr-tenant-filter"
          aria-label="Tenant"
          value={tenant}
          onChange={(_, value) => change('tenant', value)}
        >
          <FormSelectOption value="" label="All tenants" />
          {tenants.map((one) => (
            <FormSelectOption key={one} value={one} label={one} />
          ))}
        </FormSelect>
      </div>
      {shown.length === 0 ? (
        <EmptyState titleText="No subscription fits" headingLevel="h2" variant="xs" />
      ) : (
        <SubscriptionTable subscriptions={shown} />
      )}
    </>
  );
}

function SubscriptionTable({ subscriptions }: { subscriptions: Subscription[] }) {
  return (
    <DataTable name="Subscriptions" cardsBelow="xl">
      <Thead>
        <Tr>
          <Th width={20}>Subscription</Th>
          <Th>Product</Th>
          <Th>Store</Th>
          <Th>Phase</Th>
          <Th width={20}>Progress</Th>
          <Th className="mr-number">Read</Th>
          <Th className="mr-number">Applied</Th>
          <Th className="mr-number">Dead</Th>
          <Th>Lag</Th>
        </Tr>
      </Thead>
      <Tbody>
        {subscriptions.map((subscription) => (
          <SubscriptionRow key={JSON.stringify(keyOf(subscription))} subscription={subscription} />
        ))}
      </Tbody>
    </DataTable>
  );
}

function SubscriptionRow({
  subscription: { spec, status, ...object },
}: {
  subscription: Subscription;
}) {
  const { tenant, name } = keyOf(object);
  const progress = status?.progress;
  const dead = progress?.counts?.deadLettered ?? 0;
  return (
    <Tr>
      <Td dataLabel="Subscription">
        <Link to={`/subscriptions/${tenant}/${name}`} className="mr-object">
          <span className="mr-tenant">{tenant}/</span>
          {name}
        </Link>
      </Td>
      <Td dataLabel="Product">
        <Link to={`/products/${spec?.product}`}>{spec?.product}</Link>
      </Td>
      <Td dataLabel="Store">{status?.store?.engine ?? spec?.store?.class ?? spec?.store?.name}</Td>
      <Td dataLabel="Phase">
        <PhaseLabel phase={status?.phase} />
      </Td>
      <Td dataLabel="Progress">
        <ProgressLine name={name} status={status} />
      </Td>
      <Td dataLabel="Read" className="mr-number">
        {count(progress?.counts?.read)}
      </Td>
      <Td dataLabel="Applied" className="mr-number">
        {count(progress?.counts?.applied)}
      </Td>
      <Td dataLabel="Dead" className={`mr-number ${dead > 0 ? 'mr-bad' : ''}`}>
        {count(progress?.counts?.deadLettered)}
      </Td>
      <Td dataLabel="Lag" modifier="nowrap">
        {progress ? lag(progress.lagEvents ?? 0, progress.lagSeconds ?? 0) : '–'}
      </Td>
    </Tr>
  );
}

function NoSubscriptions() {
  return (
    <EmptyState titleText="Nothing was requested yet" headingLevel="h2" variant="sm">
      <EmptyStateBody>
        A subscription says what events you need, in what form, and where to keep them.
      </EmptyStateBody>
      <Link className="mr-action" to="/products">
        Choose a product
      </Link>
    </EmptyState>
  );
}
