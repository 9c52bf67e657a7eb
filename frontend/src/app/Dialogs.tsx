/** Every dialog of the app; one is open at a time. */

import { Suspense } from "react";
import { closeDialog, openDialog, useDialog } from "@/app/dialogs";
import {
  CheatSheet,
  CloseDialog,
  CommandPalette,
  ConflictDialog,
  FindDialog,
  RenameDialog,
  RestartDialog,
  SaveAsDialog,
  SettingsDialog,
  TemplatesDialog,
} from "@/app/parts";
import { useSession } from "@/state/session";

const onOpenChange = (open: boolean) => {
  if (!open) closeDialog();
};

const showSettings = (page: string) => openDialog("settings", page);

export function Dialogs() {
  return (
    <Suspense>
      <OpenDialog />
    </Suspense>
  );
}

function OpenDialog() {
  const open = useDialog((dialog) => dialog.open);
  const tab = useSession(({ tabs }) => tabs.find(({ id }) => id === open?.tab));
  switch (open?.name) {
    case "palette":
      return <CommandPalette onClose={closeDialog} />;
    case "find":
      return <FindDialog onClose={closeDialog} />;
    case "cheat-sheet":
      return <CheatSheet onOpenChange={onOpenChange} />;
    case "settings":
      return <SettingsDialog page={open.tab} onPage={showSettings} onOpenChange={onOpenChange} />;
    case "restart":
      return <RestartDialog onOpenChange={onOpenChange} />;
    case "templates":
      return <TemplatesDialog open onOpenChange={onOpenChange} />;
    case "save-as":
      return tab ? <SaveAsDialog tab={tab} /> : null;
    case "rename":
      return tab ? <RenameDialog tab={tab} /> : null;
    case "close":
      return tab ? <CloseDialog tab={tab} /> : null;
    case "conflict":
      return tab ? <ConflictDialog tab={tab} /> : null;
    default:
      return null;
  }
}
