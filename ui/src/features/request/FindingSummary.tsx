import { Alert } from '@patternfly/react-core';
import { useEffect, useRef } from 'react';
import { CodeLink } from '../../conditions/CodeLink';
import { counted } from '../../format/format';
import type { FieldFindings } from './findings';

/** Everything that is wrong, each a way to its field. Takes the focus when it appears. */
export function FindingSummary({ findings }: { findings: FieldFindings }) {
  const box = useRef<HTMLDivElement>(null);
  const entries = Object.entries(findings).flatMap(([field, list]) =>
    list.map((finding) => ({ field, finding })),
  );
  const isShown = entries.length > 0;
  useEffect(() => {
    if (isShown) box.current?.focus();
  }, [isShown]);
  if (!isShown) return null;
  return (
    <div ref={box} tabIndex={-1}>
      <Alert
        isInline
        variant="danger"
        title={`${counted(entries.length, 'finding')}; nothing was created`}
      >
        <ul className="mr-summary">
          {entries.map(({ field, finding }) => (
            <li key={finding.pointer + finding.code + finding.message}>
              {field === 'form' ? (
                <>
                  {finding.message}. {finding.remedy} <CodeLink code={finding.code} />
                </>
              ) : (
                <a
                  href={`#${field}`}
                  onClick={(event) => {
                    event.preventDefault();
                    document.getElementById(field)?.focus();
                  }}
                >
                  {finding.message}
                </a>
              )}
            </li>
          ))}
        </ul>
      </Alert>
    </div>
  );
}
