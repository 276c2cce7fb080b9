import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';
import type { ObjectKey } from '../../api/types';
import { Snippet } from '../../copy/Snippet';
import { ProblemAlert } from '../../states/ProblemAlert';

interface Props {
  of: ObjectKey;
  /** The store, in words. */
  where: string;
  statements: string;
  error: Error | null;
  isPending: boolean;
  confirm: () => void;
  close: () => void;
}

/** What the request would do, after everything was found right and before anything is done. */
export function ReviewDialog({ of, where, statements, error, isPending, confirm, close }: Props) {
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="review">
      <ModalHeader labelId="review" title={`Request ${of.tenant}/${of.name}`} />
      <ModalBody>
        <p className="mr-before-snippet">
          Everything is right. This will be run in {where}; then the history is loaded.
        </p>
        {statements ? (
          <Snippet name="Statements" text={statements} />
        ) : (
          <p className="mr-quiet">Nothing has to be prepared in the store.</p>
        )}
        {error && <ProblemAlert error={error} />}
      </ModalBody>
      <ModalFooter>
        <Button isLoading={isPending} isDisabled={isPending} onClick={confirm}>
          Confirm request
        </Button>
        <Button variant="link" onClick={close}>
          Back to the form
        </Button>
      </ModalFooter>
    </Modal>
  );
}
