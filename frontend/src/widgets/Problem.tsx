/** Why a value is not right, under its field. */

import { CircleAlert } from "lucide-react";
import { problemId } from "@/widgets/field_attributes";
import styles from "@/widgets/Problem.module.css";

export interface ProblemProps {
  /** The id of the field. */
  readonly id: string;
  readonly text: string | undefined;
}

export function Problem({ id, text }: ProblemProps) {
  // There from the start, so that screen readers notice when something is written into it.
  return (
    <div id={problemId(id)} aria-live="polite">
      {text && (
        <p className={styles.problem}>
          <CircleAlert size={12} aria-hidden />
          <span>{text}</span>
        </p>
      )}
    </div>
  );
}
