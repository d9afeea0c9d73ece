import { Component, type ReactNode } from "react";
import { Failure } from "./parts.tsx";

/** Says in place of the page what it could not be made of, such as an address that is none. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return (
      <main className="welcome">
        <h1>The desk cannot be opened</h1>
        <Failure error={this.state.error} />
      </main>
    );
  }
}
