import { Component, type ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

/** A fault of one page is shown in its place, and the way to the others stays. */
export class FaultBoundary extends Component<{ children: ReactNode }, { fault?: unknown }> {
  override state: { fault?: unknown } = {};

  static getDerivedStateFromError(fault: unknown) {
    return { fault };
  }

  override render() {
    return this.state.fault === undefined ? (
      this.props.children
    ) : (
      <ProblemAlert error={this.state.fault} retry={() => window.location.reload()} />
    );
  }
}
