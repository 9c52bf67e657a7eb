/** The workflows of the server: open, rename, duplicate, delete, import, download. */

import { FilePlus2, FolderOpen, Upload } from "lucide-react";
import { useRef, useState } from "react";
import { attempt, reasonOf } from "@/panels/attempts";
import { inPlaceOfEmpty } from "@/panels/fresh_tab";
import { PanelFrame } from "@/panels/PanelFrame";
import { downloadTab, importFiles } from "@/panels/workflows/files";
import { NameDialog } from "@/panels/workflows/NameDialog";
import { WorkflowRow } from "@/panels/workflows/WorkflowRow";
import styles from "@/panels/workflows/WorkflowsPanel.module.css";
import { newTab, openWorkflow, useSession } from "@/state/session";
import { deleteWorkflow, duplicateWorkflow, renameWorkflow, useWorkflowList } from "@/state/workflow_list";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { EmptyState } from "@/ui/EmptyState";
import { IconButton } from "@/ui/IconButton";
import { SearchField } from "@/ui/SearchField";
import { Spinner } from "@/ui/Spinner";
import { toast } from "@/ui/toasts";
import type { WorkflowInfo } from "@/wire/shapes";

const MANY = 8;

export function WorkflowsPanel({ onClose }: { onClose: () => void }) {
  const { workflows, status } = useWorkflowList();
  const open = useSession(({ tabs }) => tabs);
  const [text, setText] = useState("");
  const [renaming, setRenaming] = useState<string | null>(null);
  const [deleting, setDeleting] = useState<WorkflowInfo | null>(null);
  const shown = workflows.filter(({ name }) => name.toLowerCase().includes(text.trim().toLowerCase()));
  return (
    <PanelFrame title="Workflows" actions={<Actions />} onClose={onClose}>
      {workflows.length > MANY && (
        <div className={styles.search}>
          <SearchField label="Search workflows" value={text} onChange={setText} />
        </div>
      )}
      <ul className={styles.list}>
        {shown.map((workflow) => (
          <WorkflowRow
            key={workflow.name}
            workflow={workflow}
            open={open.some(({ name }) => name === workflow.name)}
            onOpen={() => attempt(() => inPlaceOfEmpty(() => openWorkflow(workflow.name)))}
            onRename={() => setRenaming(workflow.name)}
            onDuplicate={() => attempt(() => duplicateWorkflow(workflow.name))}
            onDownload={() => attempt(() => download(workflow.name))}
            onDelete={() => setDeleting(workflow)}
          />
        ))}
      </ul>
      <Nothing status={status} count={workflows.length} />
      {renaming !== null && <Renaming name={renaming} onClose={() => setRenaming(null)} />}
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={() => setDeleting(null)}
        title={`Delete “${deleting?.name ?? ""}”?`}
        description="Its file is deleted on the server. This cannot be undone."
        confirm="Delete"
        onConfirm={() => deleting !== null && attempt(() => deleteWorkflow(deleting))}
      />
    </PanelFrame>
  );
}

function Actions() {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton label="New workflow" size="small" onClick={() => newTab()}>
        <FilePlus2 size={15} />
      </IconButton>
      <IconButton label="Open a file from this computer" size="small" onClick={() => input.current?.click()}>
        <Upload size={15} />
      </IconButton>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        multiple
        hidden
        onChange={(event) => {
          void importFiles([...(event.target.files ?? [])]);
          event.target.value = "";
        }}
      />
    </>
  );
}

function Nothing({ status, count }: { status: "loading" | "ready" | "away"; count: number }) {
  if (count > 0) return null;
  if (status === "loading") return <Spinner label="Loading" />;
  if (status === "away")
    return <EmptyState title="The server is away">Your workflows show here when it is back.</EmptyState>;
  return (
    <EmptyState icon={<FolderOpen size={20} />} title="No saved workflows">
      Save the workflow that you are editing, or drop a file anywhere on this page.
    </EmptyState>
  );
}

function Renaming({ name, onClose }: { name: string; onClose: () => void }) {
  const rename = async (to: string) => {
    if (to === name) return "";
    try {
      await renameWorkflow(name, to);
      return "";
    } catch (error) {
      return reasonOf(error);
    }
  };
  return (
    <NameDialog
      title={`Rename “${name}”`}
      initial={name}
      confirm="Rename"
      onName={rename}
      onClose={onClose}
    />
  );
}

/** What is downloaded is what is open: opening it first takes its unsaved edits along. */
async function download(name: string): Promise<void> {
  const id = await openWorkflow(name);
  const tab = useSession.getState().tabs.find((one) => one.id === id);
  if (tab) downloadTab(tab);
  else toast.error(`“${name}” could not be opened.`);
}
