import { Label } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { ObjectKey, Product } from '../../api/types';
import { count } from '../../format/format';
import { PageHead } from '../../shell/PageHead';
import { Section } from '../../shell/Section';
import { Loaded } from '../../states/Loaded';
import { LatestEvents } from './LatestEvents';
import { SchemaTable } from './SchemaTable';
import { useProduct } from './useProducts';

export function ProductPage() {
  const { tenant = '', name = '' } = useParams();
  const key = { tenant, name };
  const product = useProduct(key);
  return (
    <>
      <PageHead
        title={name}
        over={tenant}
        back={{ to: '/products', name: 'Products' }}
        marks={product.data?.spec?.tags?.map((tag) => (
          <Label key={tag} isCompact variant="outline">
            {tag}
          </Label>
        ))}
        actions={
          <Link className="mr-action" to={`/request/${tenant}/${name}`}>
            Request data
          </Link>
        }
      >
        {product.data?.spec?.description}
      </PageHead>
      <Loaded query={product} lines={10}>
        {(found) => <Details product={found} of={key} />}
      </Loaded>
    </>
  );
}

function Details({ product, of }: { product: Product; of: ObjectKey }) {
  const { spec, status } = product;
  return (
    <>
      <dl className="mr-figures mr-facts">
        <Fact name="Owner">{spec?.owner ?? 'nobody named'}</Fact>
        <Fact name="Events">{count(status?.events)}</Fact>
        <Fact name="Key">
          <code>{spec?.key}</code>
          {spec?.insertOnly ? ', each published once' : ''}
        </Fact>
        <Fact name="Topic">
          <code>{status?.topic ?? spec?.topic?.name}</code>
          {status?.partitions ? `, ${status.partitions} partitions` : ''}
        </Fact>
        <Fact name="Schema">{status?.schemaVersion ?? '1.0'}</Fact>
        <Fact name="Access">
          {spec?.accessPolicy === 'Approval' ? 'the owner approves' : 'open to every tenant'}
        </Fact>
      </dl>
      <Section title="Schema">
        <SchemaTable
          schema={spec?.schema}
          keyField={spec?.key}
          classifications={spec?.classifications ?? {}}
        />
      </Section>
      <LatestEvents of={of} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
