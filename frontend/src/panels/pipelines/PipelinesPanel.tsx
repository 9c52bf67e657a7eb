/** The pipelines of the installed packages: which there are and how each is. */

import { Boxes } from "lucide-react";
import { PipelineRow } from "@/panels/pipelines/PipelineRow";
import styles from "@/panels/pipelines/PipelinesPanel.module.css";
import { usePipelines } from "@/state/pipelines";
import { EmptyState } from "@/ui/EmptyState";
import { Spinner } from "@/ui/Spinner";

export function PipelinesPanel() {
  const { value: pipelines, status, problem } = usePipelines();
  return (
    <div className={styles.panel}>
      <p className={styles.quiet}>
        A loaded pipeline keeps its memory until it is unloaded. A run loads those it needs by itself, with
        what their nodes say.
      </p>
      {status === "loading" && (
        <p className={styles.quiet}>
          <Spinner /> Looking which pipelines there are …
        </p>
      )}
      {status === "away" && (
        <p className={styles.away} role="status">
          The server cannot tell how the pipelines are. {problem}
        </p>
      )}
      {status === "ready" && pipelines.length === 0 && (
        <EmptyState icon={<Boxes size={24} />} title="No pipelines">
          Node packages bring them. None of those that are installed has one.
        </EmptyState>
      )}
      <ul aria-label="Pipelines">
        {pipelines.map((pipeline) => (
          <PipelineRow key={pipeline.id} pipeline={pipeline} />
        ))}
      </ul>
    </div>
  );
}
