import { Title } from '@patternfly/react-core';
import type { ReactNode } from 'react';
import { Link } from 'react-router';

interface Props {
  title: string;
  /** Small print before the title, such as the tenant. */
  over?: ReactNode;
  back?: { to: string; name: string };
  /** Beside the title: labels. */
  marks?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
}

/** A page's title, in the tab and on the page, with what can be done there. */
export function PageHead({ title, over, back, marks, actions, children }: Props) {
  return (
    <div className="mr-head">
      <title>{`${title} · Millrace`}</title>
      <div className="mr-head-text">
        {back && (
          <nav aria-label="Breadcrumb" className="mr-back">
            <Link to={back.to}>{back.name}</Link> {over && <span aria-hidden="true">/</span>} {over}
          </nav>
        )}
        <div className="mr-head-title">
          <Title headingLevel="h1">{title}</Title>
          {marks}
        </div>
        {children && <div className="mr-head-lead">{children}</div>}
      </div>
      {actions && <div className="mr-head-actions">{actions}</div>}
    </div>
  );
}
