import { Button } from '@patternfly/react-core';
import { useState } from 'react';
import type { DeadLetter, ObjectKey } from '../../api/types';
import { useReadOnly } from '../../cluster/useReadOnly';
import { ProblemAlert } from '../../states/ProblemAlert';
import { CorrectionDialog } from './CorrectionDialog';
import { DiscardDialog } from './DiscardDialog';
import { useCorrection } from './useSubscription';

/** What can become of one dead letter. It stays in the list until its worker has done it. */
export function LetterActions({ letter, of }: { letter: DeadLetter; of: ObjectKey }) {
  const [open, setOpen] = useState<'edit' | 'discard'>();
  const again = useCorrection(of, letter);
  const isLocked = useReadOnly() !== false;
  const place = `${letter.partition}:${letter.offset}`;
  const close = () => setOpen(undefined);
  return (
    <>
      <Button
        variant="link"
        isInline
        aria-label={`Redrive ${place} as it is`}
        isDisabled={isLocked || again.isPending || again.isSuccess}
        onClick={() => again.mutate({ action: 'redrive' })}
      >
        {again.isSuccess ? 'Asked' : 'Redrive'}
      </Button>{' '}
      <Button
        variant="link"
        isInline
        aria-label={`Edit and redrive ${place}`}
        isDisabled={isLocked}
        onClick={() => setOpen('edit')}
      >
        Edit
      </Button>{' '}
      <Button
        variant="link"
        isInline
        isDanger
        aria-label={`Discard ${place}`}
        isDisabled={isLocked}
        onClick={() => setOpen('discard')}
      >
        Discard
      </Button>
      {again.error && <ProblemAlert error={again.error} />}
      {open === 'edit' && <CorrectionDialog letter={letter} of={of} close={close} />}
      {open === 'discard' && <DiscardDialog letter={letter} of={of} close={close} />}
    </>
  );
}
