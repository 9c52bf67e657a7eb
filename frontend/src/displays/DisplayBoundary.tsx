/** A value that cannot be shown must not take the page with it. */

import { Component, type ReactNode } from "react";
import styles from "@/displays/display.module.css";
import { textOf } from "@/displays/saving";
import type { Json } from "@/graph/workflow";

interface Props {
  readonly value: Json;
  readonly children: ReactNode;
}

interface State {
  readonly failed: { readonly value: Json } | null;
}

const LONGEST = 2000;

export class DisplayBoundary extends Component<Props, State> {
  override state: State = { failed: null };

  static getDerivedStateFromProps(props: Props, state: State): State | null {
    return state.failed && state.failed.value !== props.value && state.failed.value !== undefined
      ? { failed: null }
      : null;
  }

  override componentDidCatch(): void {
    this.setState({ failed: { value: this.props.value } });
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <>
        <p className={styles.note}>This value cannot be shown properly. It begins:</p>
        <pre className={styles.mono}>{textOf(this.props.value).slice(0, LONGEST)}</pre>
      </>
    );
  }
}
