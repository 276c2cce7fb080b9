import { Table } from '@patternfly/react-table';
import type { ReactNode } from 'react';

interface Props {
  name: string;
  /** Below this width each row becomes a card. */
  cardsBelow: 'md' | 'lg' | 'xl';
  children: ReactNode;
}

/** A table to read: PatternFly would call it a grid, which promises cells to move through by arrows. */
export function DataTable({ name, cardsBelow, children }: Props) {
  return (
    <Table aria-label={name} role="table" variant="compact" gridBreakPoint={`grid-${cardsBelow}`}>
      {children}
    </Table>
  );
}
