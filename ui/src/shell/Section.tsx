import { Title } from '@patternfly/react-core';
import { type ReactNode, useId } from 'react';

/** A part of a page with a heading of its own. */
export function Section(props: {
  title: string;
  beside?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <section className={`mr-section ${props.className ?? ''}`} aria-labelledby={id}>
      <div className="mr-section-head">
        <Title headingLevel="h2" size="md" id={id}>
          {props.title}
        </Title>
        {props.beside}
      </div>
      {props.children}
    </section>
  );
}
