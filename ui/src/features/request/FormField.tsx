import { FormGroup, FormHelperText, HelperText, HelperTextItem } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import type { Finding } from '../../api/types';
import { FindingList } from './FindingList';

interface Props {
  id: string;
  label: string;
  isRequired?: boolean;
  help?: ReactNode;
  findings?: Finding[];
  children: ReactNode;
}

/** A labelled input with its help, and what is wrong with it. */
export function FormField({ id, label, isRequired, help, findings, children }: Props) {
  return (
    <FormGroup label={label} fieldId={id} isRequired={isRequired}>
      {children}
      {help && !findings?.length && (
        <FormHelperText>
          <HelperText>
            <HelperTextItem>{help}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      )}
      <FindingList id={`${id}-findings`} findings={findings} />
    </FormGroup>
  );
}

/** What ties an input to its findings for those who do not see them beside it. */
export function describedBy(id: string, findings?: Finding[]) {
  return findings?.length
    ? {
        'aria-describedby': `${id}-findings`,
        'aria-invalid': true as const,
        validated: 'error' as const,
      }
    : {};
}
