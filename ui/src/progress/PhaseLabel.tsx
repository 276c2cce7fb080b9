import { Label } from '@patternfly/react-core';
import BanIcon from '@patternfly/react-icons/dist/esm/icons/ban-icon';
import CheckCircleIcon from '@patternfly/react-icons/dist/esm/icons/check-circle-icon';
import ExclamationCircleIcon from '@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon';
import HourglassIcon from '@patternfly/react-icons/dist/esm/icons/hourglass-icon';
import InProgressIcon from '@patternfly/react-icons/dist/esm/icons/in-progress-icon';
import PauseCircleIcon from '@patternfly/react-icons/dist/esm/icons/pause-circle-icon';
import TrashIcon from '@patternfly/react-icons/dist/esm/icons/trash-icon';
import type { ComponentProps, ReactNode } from 'react';

interface Look {
  color: ComponentProps<typeof Label>['color'];
  icon: ReactNode;
}

const LOOKS: Record<string, Look> = {
  Pending: { color: 'grey', icon: <HourglassIcon /> },
  Preloading: { color: 'blue', icon: <InProgressIcon /> },
  Live: { color: 'green', icon: <CheckCircleIcon /> },
  Finished: { color: 'teal', icon: <CheckCircleIcon /> },
  Paused: { color: 'yellow', icon: <PauseCircleIcon /> },
  Stopped: { color: 'orange', icon: <BanIcon /> },
  Failed: { color: 'red', icon: <ExclamationCircleIcon /> },
  Deleting: { color: 'grey', icon: <TrashIcon /> },
};

/** The phase as a word, a colour and a sign, so that none of them has to be seen alone. */
export function PhaseLabel({ phase = 'Pending' }: { phase?: string }) {
  const look = LOOKS[phase] ?? { color: 'grey', icon: null };
  return (
    <Label color={look.color} icon={look.icon} isCompact>
      {phase}
    </Label>
  );
}
