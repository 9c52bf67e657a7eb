/** The list of problems. Pressing one goes to its node. */

import { CircleCheck, CircleDashed, CircleX, TriangleAlert } from "lucide-react";
import { goToNode } from "@/panels/choosing";
import { PanelFrame } from "@/panels/PanelFrame";
import styles from "@/panels/problems/Problems.module.css";
import type { ProblemEntry } from "@/panels/problems/problem_list";
import { useProblems } from "@/panels/problems/use_problems";
import { EmptyState } from "@/ui/EmptyState";
import { MessageText } from "@/ui/MessageText";

export function Problems({ onClose }: { onClose: () => void }) {
  const problems = useProblems();
  return (
    <PanelFrame title="Problems" onClose={onClose}>
      {problems.length === 0 ? (
        <EmptyState icon={<CircleCheck size={20} />} title="No problems">
          What keeps this workflow from running shows here as you edit.
        </EmptyState>
      ) : (
        <ul className={styles.list}>
          {problems.map((problem) => (
            <li key={problem.key}>
              <Problem problem={problem} />
            </li>
          ))}
        </ul>
      )}
    </PanelFrame>
  );
}

const SIGNS = {
  error: { Icon: CircleX, words: "Error" },
  warning: { Icon: TriangleAlert, words: "Warning" },
  missing: { Icon: CircleDashed, words: "Not set yet" },
} as const;

function Problem({ problem }: { problem: ProblemEntry }) {
  const { severity, message, hint, node, title, origin } = problem;
  const { Icon, words } = SIGNS[severity];
  return (
    <button
      type="button"
      className={styles.problem}
      data-severity={severity}
      disabled={node === null}
      onClick={() => node !== null && goToNode(node)}
    >
      <Icon size={15} className={styles.icon} aria-label={words} />
      <span className={styles.words}>
        <span className={styles.message}>
          <MessageText>{message}</MessageText>
        </span>
        {hint !== "" && (
          <span className={styles.hint}>
            <MessageText>{hint}</MessageText>
          </span>
        )}
      </span>
      <span className={styles.where}>
        <span className={styles.title} title={title}>
          {title}
        </span>
        {origin === "run" && <span className={styles.origin}>last run</span>}
      </span>
    </button>
  );
}
