import {
  Button,
  EmptyState,
  EmptyStateBody,
  Label,
  LabelGroup,
  SearchInput,
} from '@patternfly/react-core';
import { Tbody, Td, Th, Thead, Tr } from '@patternfly/react-table';
import { useDeferredValue } from 'react';
import { Link, useSearchParams } from 'react-router';
import { keyOf, type Product } from '../../api/types';
import { useReadOnly } from '../../cluster/useReadOnly';
import { count } from '../../format/format';
import { PageHead } from '../../shell/PageHead';
import { Loaded } from '../../states/Loaded';
import { useProducts } from './useProducts';
import { DataTable } from '../../table/DataTable';

export function ProductList() {
  const [address, setAddress] = useSearchParams();
  const words = address.get('q') ?? '';
  const products = useProducts(useDeferredValue(words.trim()));
  const search = (text: string) => setAddress(text ? { q: text } : {}, { replace: true });
  return (
    <>
      <PageHead title="Products">
        Event streams that someone owns and documents. Choose one and request its data.
      </PageHead>
      <SearchInput
        className="mr-search"
        aria-label="Search products"
        placeholder="Name, description or tag"
        value={words}
        onChange={(_, text) => search(text)}
        onClear={() => search('')}
      />
      <Loaded
        query={products}
        lines={8}
        isEmpty={({ pages }) => pages[0]?.items?.length === 0}
        empty={<NoProducts words={words} clear={() => search('')} />}
      >
        {({ pages }) => (
          <>
            <ProductTable products={pages.flatMap((page) => page.items ?? [])} />
            {products.hasNextPage && (
              <Button
                variant="link"
                isLoading={products.isFetchingNextPage}
                onClick={() => void products.fetchNextPage()}
              >
                Show more
              </Button>
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function ProductTable({ products }: { products: Product[] }) {
  const isTagged = products.some((product) => product.spec?.tags?.length);
  return (
    <DataTable name="Products" cardsBelow="lg">
      <Thead>
        <Tr>
          <Th width={20}>Product</Th>
          <Th>Description</Th>
          <Th>Owner</Th>
          {isTagged && <Th>Tags</Th>}
          <Th className="mr-number">Events</Th>
        </Tr>
      </Thead>
      <Tbody>
        {products.map((product) => {
          const { tenant, name } = keyOf(product);
          return (
            <Tr key={`${tenant}/${name}`}>
              <Td dataLabel="Product">
                <Link to={`/products/${tenant}/${name}`} className="mr-object">
                  <span className="mr-tenant">{tenant}/</span>
                  {name}
                </Link>
              </Td>
              <Td dataLabel="Description">{product.spec?.description}</Td>
              <Td dataLabel="Owner">{product.spec?.owner}</Td>
              {isTagged && (
                <Td dataLabel="Tags">
                  {!!product.spec?.tags?.length && (
                    <LabelGroup aria-label={`Tags of ${name}`}>
                      {product.spec.tags.map((tag) => (
                        <Label key={tag} isCompact variant="outline">
                          {tag}
                        </Label>
                      ))}
                    </LabelGroup>
                  )}
                </Td>
              )}
              <Td dataLabel="Events" className="mr-number">
                {count(product.status?.events)}
              </Td>
            </Tr>
          );
        })}
      </Tbody>
    </DataTable>
  );
}

function NoProducts({ words, clear }: { words: string; clear: () => void }) {
  const isReadOnly = useReadOnly();
  if (words) {
    return (
      <EmptyState titleText="No product has these words" headingLevel="h2" variant="sm">
        <EmptyStateBody>
          <Button variant="link" isInline onClick={clear}>
            Show all products
          </Button>
        </EmptyStateBody>
      </EmptyState>
    );
  }
  return (
    <EmptyState titleText="There are no products yet" headingLevel="h2" variant="sm">
      <EmptyStateBody>
        {isReadOnly ? (
          <>
            A product is a <code>DataProduct</code> of the Kubernetes cluster: its owner applies it
            there.
          </>
        ) : (
          <>
            A product is registered over REST: <code>POST /api/v1/tenants/TENANT/products</code>. Or
            run <code>./millrace demo</code>, which publishes flights and earthquakes.
          </>
        )}
      </EmptyStateBody>
    </EmptyState>
  );
}
