/** Asks before a tab is closed whose edits the server does not have. */

import { closeDialog, openDialog } from "@/app/dialogs";
import { tabName, tabWords } from "@/app/tab_words";
import { closeTab, save, type Tab } from "@/state/session";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";

export function CloseDialog({ tab }: { tab: Tab }) {
  const saveFirst = async () => {
    if (tab.name === null) return openDialog("save-as", tab.id);
    closeDialog();
    if ((await save(tab.id)) === "saved") await closeTab(tab.id);
  };
  const discard = () => {
    closeDialog();
    void closeTab(tab.id, { discard: true });
  };
  const footer = (
    <>
      <Button onClick={closeDialog}>Cancel</Button>
      <Button variant="danger" onClick={discard}>
        Close without saving
      </Button>
      <Button variant="primary" onClick={saveFirst}>
        {tab.name === null ? "Save …" : "Save and close"}
      </Button>
    </>
  );
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && closeDialog()}
      title={`Close “${tabName(tab)}”?`}
      description={`${tabWords(tab)}. What is not saved is lost when the tab is closed.`}
      size="small"
      footer={footer}
    />
  );
}
