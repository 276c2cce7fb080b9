import {
  Button,
  Form,
  FormGroup,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import type { ObjectKey, Subscription } from '../../api/types';
import { ProblemAlert } from '../../states/ProblemAlert';
import { useDeletion } from './useSubscription';

interface Props {
  subscription: Subscription;
  of: ObjectKey;
  close: () => void;
}

/** Says what the reclaim policy will do; where data is lost, the name has to be typed. */
export function DeletionDialog({ subscription, of, close }: Props) {
  const [typed, setTyped] = useState('');
  const deletion = useDeletion(of);
  const losesData = subscription.spec?.store?.reclaimPolicy === 'Delete';
  const submit = () => deletion.mutate(undefined, { onSuccess: close });
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="deletion">
      <ModalHeader
        labelId="deletion"
        title={`Delete ${of.name}?`}
        titleIconVariant={losesData ? 'danger' : 'warning'}
      />
      <ModalBody>
        <Consequence subscription={subscription} losesData={losesData} />
        {losesData && (
          <Form
            onSubmit={(event) => {
              event.preventDefault();
              if (typed === of.name) submit();
            }}
          >
            <FormGroup label={`Type ${of.name} to confirm`} fieldId="deletion-name">
              <TextInput
                id="deletion-name"
                autoComplete="off"
                value={typed}
                onChange={(_, value) => setTyped(value)}
              />
            </FormGroup>
          </Form>
        )}
        {deletion.error && <ProblemAlert error={deletion.error} />}
      </ModalBody>
      <ModalFooter>
        <Button
          variant="danger"
          isDisabled={(losesData && typed !== of.name) || deletion.isPending}
          isLoading={deletion.isPending}
          onClick={submit}
        >
          Delete subscription
        </Button>
        <Button variant="link" onClick={close}>
          Keep it
        </Button>
      </ModalFooter>
    </Modal>
  );
}

function Consequence({
  subscription,
  losesData,
}: {
  subscription: Subscription;
  losesData: boolean;
}) {
  const relation = subscription.status?.store?.relation;
  const what = relation ? <code>{relation}</code> : 'what it wrote';
  return losesData ? (
    <p>
      The reclaim policy is <strong>Delete</strong>: {what}, the reader’s login, the cursors and the
      dead letters are removed from the store. Only the journal keeps entries.
    </p>
  ) : (
    <p>
      The reclaim policy is <strong>Retain</strong>: {what} stays in the store as it is; nothing new
      arrives there.
    </p>
  );
}
