/** Tells those who do not see the screen how the run and the saving are going. */

import { RUN_WORDS } from "@/panels/status/status_words";
import { useTabRuns } from "@/state/runs";
import { useActiveTab } from "@/state/session";

export function Announcer() {
  const run = useTabRuns(({ shown }) => shown?.run.status);
  const failed = useTabRuns(({ shown }) => shown?.run.failed.size ?? 0);
  const status = useActiveTab()?.status;
  const words = [
    run ? `Run: ${RUN_WORDS[run]}.` : "",
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
