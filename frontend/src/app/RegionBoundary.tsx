/** Keeps the failure of one part of the page from taking the rest along. */

import { Copy, TriangleAlert } from "lucide-react";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { Button } from "@/ui/Button";
import { isMissingCode } from "@/ui/code_there";
import { EmptyState } from "@/ui/EmptyState";

interface Props {
  /** What the region is, in the words of the page. */
  readonly name: string;
  readonly children: ReactNode;
}

interface State {
  readonly error: Error | null;
  readonly where: string;
}

export class RegionBoundary extends Component<Props, State> {
  override state: State = { error: null, where: "" };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override componentDidCatch(_error: Error, { componentStack }: ErrorInfo): void {
    this.setState({ where: componentStack ?? "" });
  }

  override render(): ReactNode {
    const { error, where } = this.state;
    if (!error) return this.props.children;
    const details = `${error.stack ?? error.message}\n${where}`;
    return (
      <EmptyState
        icon={<TriangleAlert size={20} />}
        title={`The ${this.props.name} has failed`}
        actions={
          <>
            <Button icon={<Copy size={14} />} onClick={() => navigator.clipboard.writeText(details)}>
              Copy details
            </Button>
            {isMissingCode(error) ? (
              <Button variant="primary" onClick={() => location.reload()}>
                Load the page again
              </Button>
            ) : (
              <Button variant="primary" onClick={() => this.setState({ error: null, where: "" })}>
                Try again
              </Button>
            )}
          </>
        }
      >
        {error.message}. Your workflow is safe.
      </EmptyState>
    );
  }
}
