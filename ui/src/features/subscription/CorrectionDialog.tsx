import {
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextArea,
  TextInput,
} from '@patternfly/react-core';
import { useState } from 'react';
import type { DeadLetter, ObjectKey } from '../../api/types';
import { inline } from '../../format/format';
import { ProblemAlert } from '../../states/ProblemAlert';
import { useCorrection } from './useSubscription';

interface Props {
  letter: DeadLetter;
  of: ObjectKey;
  close: () => void;
}

/** The event as it should have been. It begins as the excerpt, which leaves out what is masked. */
export function CorrectionDialog({ letter, of, close }: Props) {
  const [payload, setPayload] = useState(inline(letter.excerpt));
  const [key, setKey] = useState('');
  const correction = useCorrection(of, letter);
  const submit = () =>
    correction.mutate({ action: 'redrive', payload, key: key || undefined }, { onSuccess: close });
  return (
    <Modal isOpen variant="medium" onClose={close} aria-labelledby="correction">
      <ModalHeader
        labelId="correction"
        title={`Correct the event at ${letter.partition}:${letter.offset}`}
        description={letter.message}
      />
      <ModalBody>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <FormGroup label="Event" fieldId="correction-payload" isRequired>
            <TextArea
              id="correction-payload"
              rows={10}
              resizeOrientation="vertical"
              value={payload}
              onChange={(_, value) => setPayload(value)}
            />
            <FormHelperText>
              <HelperText>
                <HelperTextItem>
                  The whole event, as it should have been published. This begins with the excerpt,
                  which is cut and leaves out masked fields.
                </HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
          <FormGroup label="Record key" fieldId="correction-key">
            <TextInput
              id="correction-key"
              autoComplete="off"
              value={key}
              onChange={(_, value) => setKey(value)}
            />
            <FormHelperText>
              <HelperText>
                <HelperTextItem>Only where the one it was published with is none.</HelperTextItem>
              </HelperText>
            </FormHelperText>
          </FormGroup>
        </Form>
        {correction.error && <ProblemAlert error={correction.error} />}
      </ModalBody>
      <ModalFooter>
        <Button
          variant="primary"
          isDisabled={!payload.trim() || correction.isPending}
          isLoading={correction.isPending}
          onClick={submit}
        >
          Redrive
        </Button>
        <Button variant="link" onClick={close}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
