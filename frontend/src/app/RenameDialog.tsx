/** Asks for another name of a workflow that is on the server. */

import { closeDialog } from "@/app/dialogs";
import { reasonOf } from "@/panels/attempts";
import { NameDialog } from "@/panels/workflows/NameDialog";
import type { Tab } from "@/state/session";
import { renameWorkflow } from "@/state/workflow_list";

export function RenameDialog({ tab }: { tab: Tab }) {
  const from = tab.name ?? "";
  const rename = async (to: string) => {
    if (to === from) return "";
    try {
      await renameWorkflow(from, to);
      return "";
    } catch (error) {
      return reasonOf(error);
    }
  };
  return (
    <NameDialog
      title={`Rename “${from}”`}
      initial={from}
      confirm="Rename"
      onName={rename}
      onClose={closeDialog}
    />
  );
}
