/** Something of a node that can be folded away: its inputs, its output, its logs. */

import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import styles from "@/panels/status/Folding.module.css";

export interface FoldingProps {
  readonly title: string;
  readonly count?: number;
  readonly open?: boolean;
  readonly children: () => ReactNode;
}

/** The content is a function: what nobody unfolds is not drawn. */
export function Folding({ title, count, open = false, children }: FoldingProps) {
  const id = useId();
  const [unfolded, setUnfolded] = useState(open);
  return (
    <div className={styles.folding}>
      <button
        type="button"
        className={styles.header}
        aria-expanded={unfolded}
        aria-controls={id}
        onClick={() => setUnfolded(!unfolded)}
      >
        <ChevronRight size={12} className={styles.arrow} />
        {title}
        {count !== undefined && <span className={styles.count}>({count})</span>}
      </button>
      {unfolded && (
        <div id={id} className={styles.content}>
          {children()}
        </div>
      )}
    </div>
  );
}
