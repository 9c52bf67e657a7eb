/** A small button that copies a text and says so. */

import { Check } from "lucide-react";
import { type MouseEvent, type ReactNode, useState } from "react";
import styles from "@/displays/CopyAction.module.css";
import { copyText } from "@/displays/saving";

export interface CopyActionProps {
  readonly label: string;
  /** Made when pressed: it may be long. */
  text(): string;
  readonly children: ReactNode;
}

export function CopyAction({ label, text, children }: CopyActionProps) {
  const [state, setState] = useState<"ready" | "done" | "failed">("ready");
  const copy = async (event: MouseEvent) => {
    event.stopPropagation();
    try {
      await copyText(text());
      setState("done");
    } catch {
      setState("failed");
    }
  };
  const words = { ready: label, done: "Copied", failed: "The browser does not allow copying" }[state];
  return (
    <button
      type="button"
      className={styles.action}
      aria-label={words}
      title={words}
      onClick={copy}
      onPointerLeave={() => setState("ready")}
    >
      {state === "done" ? <Check size={12} /> : children}
    </button>
  );
}
