import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { DeadLetter, ObjectKey } from '../../api/types';
import { ProblemAlert } from '../../states/ProblemAlert';
import { useCorrection } from './useSubscription';

interface Props {
  letter: DeadLetter;
  of: ObjectKey;
  close: () => void;
}

export function DiscardDialog({ letter, of, close }: Props) {
  const discard = useCorrection(of, letter);
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="discard">
      <ModalHeader
        labelId="discard"
        title={`Discard the event at ${letter.partition}:${letter.offset}?`}
        titleIconVariant="warning"
      />
      <ModalBody>
        <p>
          It counts as skipped from then on and is never applied, not by a replay either. This
          cannot be taken back.
        </p>
        {discard.error && <ProblemAlert error={discard.error} />}
      </ModalBody>
      <ModalFooter>
        <Button
          variant="danger"
          isDisabled={discard.isPending}
          isLoading={discard.isPending}
          onClick={() => discard.mutate({ action: 'discard' }, { onSuccess: close })}
        >
          Discard event
        </Button>
        <Button variant="link" onClick={close}>
          Keep it
        </Button>
      </ModalFooter>
    </Modal>
  );
}
