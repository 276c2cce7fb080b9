import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { ObjectKey, Subscription } from '../../api/types';
import { ProblemAlert } from '../../states/ProblemAlert';
import { useSpecChange } from './useSubscription';

interface Props {
  subscription: Subscription;
  of: ObjectKey;
  close: () => void;
}

/** Asks for the content to be built anew: once, so with a token that was not there before. */
export function RebuildDialog({ subscription, of, close }: Props) {
  const change = useSpecChange(of);
  const submit = () => {
    const rebuild = new Date().toISOString().replace(/\.\d+/, '');
    const requests = { ...subscription.spec?.requests, rebuild };
    change.mutate({ subscription, change: { requests } }, { onSuccess: close });
  };
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="rebuild">
      <ModalHeader labelId="rebuild" title={`Build the content of ${of.name} anew?`} />
      <ModalBody>
        <p>
          All events are read again from where the subscription began, into a second table or key
          space beside the present one. The present one is kept up to date and stays readable; the
          new one takes its place in one step once it was compared with the stream.
        </p>
        {change.error && <ProblemAlert error={change.error} />}
      </ModalBody>
      <ModalFooter>
        <Button isDisabled={change.isPending} isLoading={change.isPending} onClick={submit}>
          Rebuild
        </Button>
        <Button variant="link" onClick={close}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
