/** The question before the server starts again. */

import { restart } from "@/app/restart";
import { usePipelines } from "@/state/pipelines";
import { useIsRunning } from "@/state/runs";
import { ConfirmDialog } from "@/ui/ConfirmDialog";

export function RestartDialog({ onOpenChange }: { onOpenChange: (open: boolean) => void }) {
  const running = useIsRunning();
  const { value: pipelines } = usePipelines();
  const loaded = pipelines.filter(({ state }) => state.state === "loaded").length;
  const parts = [
    running ? "The run that goes on is cancelled." : "Runs that go on are cancelled.",
    loaded > 0 ? `${loaded} loaded ${loaded === 1 ? "pipeline is" : "pipelines are"} unloaded.` : "",
    "Open workflows and unsaved edits stay as they are.",
  ];
  return (
    <ConfirmDialog
      open
      onOpenChange={onOpenChange}
      title="Restart the server?"
      description={parts.filter(Boolean).join(" ")}
      confirm="Restart"
      tone="primary"
      onConfirm={() => void restart()}
    />
  );
}
