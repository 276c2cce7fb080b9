import { Alert, EmptyState, EmptyStateBody, Tab, Tabs, TabTitleText } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link, useParams, useSearchParams } from 'react-router';
import type { ObjectKey, Subscription } from '../../api/types';
import { CodeLink } from '../../conditions/CodeLink';
import { useReadOnly } from '../../cluster/useReadOnly';
import { LiveMark } from '../../live/LiveMark';
import { PhaseLabel } from '../../progress/PhaseLabel';
import { PageHead } from '../../shell/PageHead';
import { Loaded } from '../../states/Loaded';
import { Actions } from './Actions';
import { Connect } from './connect/Connect';
import { DeadLetters } from './DeadLetters';
import { Definition } from './Definition';
import { Journal } from './Journal';
import { KeptByCluster } from './KeptByCluster';
import { Overview } from './Overview';
import { Rows } from './Rows';
import { useSubscription } from './useSubscription';

const TABS = {
  overview: 'Overview',
  rows: 'Rows',
  connect: 'Connect',
  'dead-letters': 'Dead letters',
  definition: 'Definition',
  journal: 'Journal',
};

type TabName = keyof typeof TABS;

export function SubscriptionPage() {
  const { tenant = '', name = '' } = useParams();
  // Another subscription is another page: nothing shown of the one before may stay.
  return <OfOne key={`${tenant}/${name}`} of={{ tenant, name }} />;
}

function OfOne({ of }: { of: ObjectKey }) {
  const { query, live, gone } = useSubscription(of);
  const isReadOnly = useReadOnly(query.data);
  if (gone) return <Gone of={of} />;
  return (
    <>
      <PageHead
        title={of.name}
        over={of.tenant}
        back={{ to: '/subscriptions', name: 'Subscriptions' }}
        marks={
          query.data && (
            <>
              <PhaseLabel phase={query.data.status?.phase} />
              <LiveMark state={live} />
            </>
          )
        }
        actions={query.data && !isReadOnly && <Actions subscription={query.data} of={of} />}
      >
        {query.data && <Lead subscription={query.data} />}
      </PageHead>
      <Loaded query={query} lines={10}>
        {(subscription) => <Content subscription={subscription} of={of} isReadOnly={isReadOnly} />}
      </Loaded>
    </>
  );
}

function Lead({ subscription: { spec, status } }: { subscription: Subscription }) {
  return (
    <>
      <Link to={`/products/${spec?.product}`}>{spec?.product}</Link>
      {' → '}
      {status?.store ? (
        <>
          {status.store.engine} <code>{status.store.relation}</code>
        </>
      ) : (
        (spec?.store?.class ?? spec?.store?.name)
      )}
    </>
  );
}

interface ContentProps {
  subscription: Subscription;
  of: ObjectKey;
  isReadOnly?: boolean;
}

function Content({ subscription, of, isReadOnly }: ContentProps) {
  const [address, setAddress] = useSearchParams();
  const names = Object.keys(TABS) as TabName[];
  const tab = names.find((name) => name === address.get('tab')) ?? 'overview';
  const bodies: Record<TabName, () => ReactNode> = {
    overview: () => <Overview subscription={subscription} of={of} />,
    rows: () => <Rows of={of} engine={subscription.status?.store?.engine} />,
    connect: () => <Connect subscription={subscription} of={of} isReadOnly={isReadOnly} />,
    'dead-letters': () => <DeadLetters of={of} isReadOnly={isReadOnly} />,
    definition: () => <Definition subscription={subscription} isReadOnly={isReadOnly} />,
    journal: () => <Journal of={of} isReadOnly={isReadOnly} />,
  };
  return (
    <>
      <Degraded subscription={subscription} />
      {isReadOnly && <KeptByCluster subscription={subscription} of={of} />}
      <Tabs
        aria-label="Parts of the subscription"
        activeKey={tab}
        onSelect={(_, key) => setAddress({ tab: String(key) }, { replace: true })}
        mountOnEnter
        unmountOnExit
      >
        {names.map((name) => (
          <Tab key={name} eventKey={name} title={<TabTitleText>{TABS[name]}</TabTitleText>}>
            <div className="mr-tab">{name === tab && bodies[name]()}</div>
          </Tab>
        ))}
      </Tabs>
    </>
  );
}

function Degraded({ subscription }: { subscription: Subscription }) {
  const trouble = subscription.status?.conditions?.find(
    (condition) => condition.type === 'Degraded' && condition.status === 'True',
  );
  if (!trouble) return null;
  return (
    <Alert
      isInline
      variant="danger"
      title={<CodeLink code={trouble.reason} />}
      className="mr-degraded"
    >
      {trouble.message}
    </Alert>
  );
}

function Gone({ of }: { of: ObjectKey }) {
  return (
    <EmptyState titleText={`${of.tenant}/${of.name} is gone`} headingLevel="h1" status="success">
      <title>{`${of.name} · Millrace`}</title>
      <EmptyStateBody>It was deleted, and its store was cleaned as its policy says.</EmptyStateBody>
      <Link className="mr-action" to="/subscriptions">
        See the subscriptions
      </Link>
    </EmptyState>
  );
}
