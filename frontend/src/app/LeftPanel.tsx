/** The panel at the left: whichever one the rail has chosen. */

import { type LeftPanel as Name, showLeft, showRight } from "@/app/panel_choice";
import { Outline, RunsPanel, WorkflowsPanel } from "@/app/parts";
import { Library } from "@/panels/library/Library";
import { openRun } from "@/state/runs";

const close = () => showLeft(null);

function openAndShow(id: string): void {
  showRight("status");
  void openRun(id);
}

export function LeftPanel({ name }: { name: Name }) {
  switch (name) {
    case "library":
      return <Library onClose={close} />;
    case "outline":
      return <Outline onClose={close} />;
    case "workflows":
      return <WorkflowsPanel onClose={close} />;
    case "runs":
      return <RunsPanel onClose={close} onOpen={openAndShow} />;
  }
}
