import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { ObjectKey, Subscription } from '../../api/types';
import { ProblemAlert } from '../../states/ProblemAlert';
import { AcceptLossDialog, losses } from './AcceptLossDialog';
import { DeletionDialog } from './DeletionDialog';
import { RebuildDialog } from './RebuildDialog';
import { useSpecChange } from './useSubscription';

export function Actions({ subscription, of }: { subscription: Subscription; of: ObjectKey }) {
  const [deleting, setDeleting] = useState(false);
  const [accepting, setAccepting] = useState(false);
  const [rebuilding, setRebuilding] = useState(false);
  const change = useSpecChange(of);
  const paused = subscription.spec?.state === 'Paused';
  const isGoing = !!subscription.metadata?.deletionTimestamp;
  return (
    <>
      <Button
        variant="secondary"
        isDisabled={isGoing || change.isPending}
        isLoading={change.isPending}
        onClick={() =>
          change.mutate({ subscription, change: { state: paused ? 'Running' : 'Paused' } })
        }
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <Button
        variant="secondary"
        isDisabled={isGoing || !!subscription.status?.rebuild}
        onClick={() => setRebuilding(true)}
      >
        Rebuild
      </Button>
      {losses(subscription).length > 0 && (
        <Button variant="secondary" isDisabled={isGoing} onClick={() => setAccepting(true)}>
          Accept loss
        </Button>
      )}
      <Button variant="secondary" isDanger isDisabled={isGoing} onClick={() => setDeleting(true)}>
        Delete
      </Button>
      {change.error && <ProblemAlert error={change.error} />}
      {accepting && (
        <AcceptLossDialog subscription={subscription} of={of} close={() => setAccepting(false)} />
      )}
      {rebuilding && (
        <RebuildDialog subscription={subscription} of={of} close={() => setRebuilding(false)} />
      )}
      {deleting && (
        <DeletionDialog subscription={subscription} of={of} close={() => setDeleting(false)} />
      )}
    </>
  );
}
