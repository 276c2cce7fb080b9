import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { ObjectKey, Subscription } from '../../api/types';
import { ProblemAlert } from '../../states/ProblemAlert';
import { useSpecChange } from './useSubscription';

interface Props {
  subscription: Subscription;
  of: ObjectKey;
  close: () => void;
}

/** What each partition, or a rebuild, says of events that left the log before they were applied. */
export function losses({ status }: Subscription): string[] {
  return [...(status?.partitions ?? []), ...(status?.rebuild ? [status.rebuild] : [])]
    .filter(({ reason }) => reason === 'HistoryLost' || reason === 'HistoryCompacted')
    .map(({ message }) => message ?? '');
}

/** Goes on without what was lost: asked once, so with a token that was not there before. */
export function AcceptLossDialog({ subscription, of, close }: Props) {
  const change = useSpecChange(of);
  const submit = () => {
    const acceptLoss = new Date().toISOString().replace(/\.\d+/, '');
    const requests = { ...subscription.spec?.requests, acceptLoss };
    change.mutate({ subscription, change: { requests } }, { onSuccess: close });
  };
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="accept-loss">
      <ModalHeader labelId="accept-loss" title={`Let ${of.name} go on without what was lost?`} />
      <ModalBody>
        <ul>
          {losses(subscription).map((loss) => (
            <li key={loss}>{loss}</li>
          ))}
        </ul>
        <p>
          It goes on with what the log still has, in each partition that stands before a loss. Rows
          stay as the events before it left them: updates and deletions among the lost ones are
          missing for good. The subscription says so from then on.
        </p>
        {change.error && <ProblemAlert error={change.error} />}
      </ModalBody>
      <ModalFooter>
        <Button
          variant="danger"
          isDisabled={change.isPending}
          isLoading={change.isPending}
          onClick={submit}
        >
          Go on without them
        </Button>
        <Button variant="link" onClick={close}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
