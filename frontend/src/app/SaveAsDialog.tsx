/** Asks for the name under which a workflow is saved. */

import { closeDialog } from "@/app/dialogs";
import { tabName } from "@/app/tab_words";
import { saveUnder } from "@/app/workflow_actions";
import { NameDialog } from "@/panels/workflows/NameDialog";
import type { Tab } from "@/state/session";

export function SaveAsDialog({ tab }: { tab: Tab }) {
  const isNew = tab.name === null;
  return (
    <NameDialog
      title={isNew ? "Save the workflow" : `Save “${tabName(tab)}” as`}
      description="It is kept as a file of this name in the server's workspace, and saved there by itself from now on."
      initial={suggestedName(tab)}
      confirm="Save"
      onName={(name) => saveUnder(tab.id, name)}
      onClose={closeDialog}
    />
  );
}

function suggestedName(tab: Tab): string {
  if (tab.name !== null) return `${tab.name} copy`;
  const title = tabName(tab);
  return title === "Untitled" ? "" : title;
}
