import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from '@patternfly/react-core';

const TEXTS = {
  reveal: {
    title: 'Reveal the password?',
    body: 'It is shown this one time. After that, only a new password can be made.',
    confirm: 'Reveal',
  },
  rotate: {
    title: 'Make a new password?',
    body: 'The old one stops working at once, and sessions that use it end.',
    confirm: 'Rotate',
  },
};

interface Props {
  what: keyof typeof TEXTS;
  confirm: () => void;
  close: () => void;
}

export function ConfirmDialog({ what, confirm, close }: Props) {
  const text = TEXTS[what];
  return (
    <Modal isOpen variant="small" onClose={close} aria-labelledby="confirm">
      <ModalHeader labelId="confirm" title={text.title} />
      <ModalBody>{text.body}</ModalBody>
      <ModalFooter>
        <Button onClick={confirm}>{text.confirm}</Button>
        <Button variant="link" onClick={close}>
          Cancel
        </Button>
      </ModalFooter>
    </Modal>
  );
}
