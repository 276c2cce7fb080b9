import { EmptyState, EmptyStateBody } from '@patternfly/react-core';
import { Link } from 'react-router';

export function NotFound() {
  return (
    <EmptyState titleText="There is no such page" headingLevel="h1">
      <title>Not found · Millrace</title>
      <EmptyStateBody>
        The address may be mistyped. <Link to="/products">See the products</Link>.
      </EmptyStateBody>
    </EmptyState>
  );
}
