import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { ObjectKey, Subscription } from '../../api/types';
import { InfoProblem } from '../../cluster/InfoProblem';
import { useReadOnly } from '../../cluster/useReadOnly';
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
  const isLocked = useReadOnly() !== false || !!subscription.metadata?.deletionTimestamp;
  return (
    <>
      <Button
        variant="secondary"
        isDisabled={isLocked || change.isPending}
        isLoading={change.isPending}
        onClick={() =>
          change.mutate({ subscription, change: { state: paused ? 'Running' : 'Paused' } })
        }
      >
        {paused ? 'Resume' : 'Pause'}
      </Button>
      <Button
        variant="secondary"
        isDisabled={isLocked || !!subscription.status?.rebuild}
        onClick={() => setRebuilding(true)}
      >
        Rebuild
      </Button>
      {losses(subscription).length > 0 && (
        <Button variant="secondary" isDisabled={isLocked} onClick={() => setAccepting(true)}>
          Accept loss
        </Button>
      )}
      <Button variant="secondary" isDanger isDisabled={isLocked} onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <InfoProblem />
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
