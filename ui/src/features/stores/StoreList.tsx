import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { Link } from 'react-router';
import { keyOf, type Store, type StoreClass } from '../../api/types';
import { PageHead } from '../../shell/PageHead';
import { Section } from '../../shell/Section';
import { Loaded } from '../../states/Loaded';
import { useStoreClasses, useStores } from './useStores';
import { DataTable } from '../../table/DataTable';

export function StoreList() {
  const classes = useStoreClasses();
  const stores = useStores();
  return (
    <>
      <PageHead title="Stores">Where requested data is kept, and what kinds are offered.</PageHead>
      <Section title="Stores">
        <Loaded
          query={stores}
          isEmpty={({ items }) => !items?.length}
          empty={
            <EmptyState titleText="There are no stores yet" headingLevel="h3" variant="xs">
              <EmptyStateBody>
                A store is made with the first subscription that names a class.{' '}
                <Link to="/products">Choose a product</Link>.
              </EmptyStateBody>
            </EmptyState>
          }
        >
          {({ items }) => <StoreTable stores={items ?? []} />}
        </Loaded>
      </Section>
      <Section title="Store classes">
        <Loaded
          query={classes}
          lines={3}
          isEmpty={({ items }) => !items?.length}
          empty={<p>This platform offers no store class.</p>}
        >
          {({ items }) => <ClassTable classes={items ?? []} />}
        </Loaded>
      </Section>
    </>
  );
}

function StoreTable({ stores }: { stores: Store[] }) {
  return (
    <DataTable name="Stores" cardsBelow="lg">
      <Thead>
        <Tr>
          <Th>Store</Th>
          <Th>Class</Th>
          <Th>Engine</Th>
          <Th>Address</Th>
          <Th>Database</Th>
          <Th>Subscriptions</Th>
        </Tr>
      </Thead>
      <Tbody>
        {stores.map((store) => {
          const { tenant, name } = keyOf(store);
          return (
            <Tr key={`${tenant}/${name}`}>
              <Td dataLabel="Store">
                <span className="mr-object">
                  <span className="mr-tenant">{tenant}/</span>
                  {name}
                </span>
              </Td>
              <Td dataLabel="Class">{store.spec?.class}</Td>
              <Td dataLabel="Engine">{store.status?.engine}</Td>
              <Td dataLabel="Address">
                {store.status?.host && (
                  <code>
                    {store.status.host}:{store.status.port}
                  </code>
                )}
              </Td>
              <Td dataLabel="Database">
                <code>{store.status?.database}</code>
              </Td>
              <Td dataLabel="Subscriptions">
                <ul className="mr-plain-list">
                  {store.status?.subscriptions?.map((subscription) => (
                    <li key={subscription}>
                      <Link to={`/subscriptions/${qualified(subscription, tenant)}`}>
                        {subscription}
                      </Link>
                    </li>
                  ))}
                </ul>
              </Td>
            </Tr>
          );
        })}
      </Tbody>
    </DataTable>
  );
}

/** A subscription of the store's own tenant may be named without it. */
function qualified(subscription: string, tenant: string): string {
  return subscription.includes('/') ? subscription : `${tenant}/${subscription}`;
}

function ClassTable({ classes }: { classes: StoreClass[] }) {
  return (
    <DataTable name="Store classes" cardsBelow="md">
      <Thead>
        <Tr>
          <Th>Class</Th>
          <Th>Engine</Th>
          <Th>Provider</Th>
          <Th>Server</Th>
          <Th width={50}>Description</Th>
        </Tr>
      </Thead>
      <Tbody>
        {classes.map((offer) => (
          <Tr key={offer.metadata?.name}>
            <Td dataLabel="Class">
              <code>{offer.metadata?.name}</code>
            </Td>
            <Td dataLabel="Engine">{offer.spec?.engine ?? 'any'}</Td>
            <Td dataLabel="Provider">{offer.spec?.provider}</Td>
            <Td dataLabel="Server">
              <code>{offer.spec?.server}</code>
            </Td>
            <Td dataLabel="Description">{offer.spec?.description}</Td>
          </Tr>
        ))}
      </Tbody>
    </DataTable>
  );
}
