/** Tells those who do not see the screen how the run and the saving are going. */

import { RUN_WORDS } from "@/panels/status/status_words";
import { useRun } from "@/state/runs";
import { useActiveTab } from "@/state/session";

export function Announcer() {
  const run = useRun();
  const status = useActiveTab()?.status;
  const failed = run ? [...run.nodes.values()].filter((node) => node.status === "failed").length : 0;
  const words = [
    run ? `Run: ${RUN_WORDS[run.status]}.` : "",
    failed > 0 ? `${failed} failed.` : "",
    status === "conflict" ? "The workflow was changed elsewhere. Choose which version to keep." : "",
    status === "offline" ? "The server is away. Your edits are kept in this browser." : "",
  ];
  return (
    <p className="visually-hidden" aria-live="polite">
      {words.filter(Boolean).join(" ")}
    </p>
  );
}
