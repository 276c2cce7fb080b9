import { Button } from '@patternfly/react-core';
import CheckIcon from '@patternfly/react-icons/dist/esm/icons/check-icon';
import CopyIcon from '@patternfly/react-icons/dist/esm/icons/copy-icon';
import { useEffect, useState } from 'react';

/** Copies a text. `what` completes its name: “Copy psql”. */
export function CopyButton({ what, text }: { what: string; text: string }) {
  const [state, setState] = useState<'Idle' | 'Copied' | 'Failed'>('Idle');
  useEffect(() => {
    if (state === 'Idle') return undefined;
    const timer = setTimeout(() => setState('Idle'), 2_000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setState('Copied'),
      () => setState('Failed'),
    );
  return (
    <>
      <Button
        variant="plain"
        size="sm"
        aria-label={`Copy ${what}`}
        icon={state === 'Copied' ? <CheckIcon /> : <CopyIcon />}
        onClick={() => void copy()}
      />
      <span className="pf-v6-screen-reader" role="status">
        {state === 'Copied' && `Copied ${what}`}
        {state === 'Failed' && 'The browser did not allow copying; select the text instead.'}
      </span>
    </>
  );
}
