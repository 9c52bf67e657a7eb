/** Workflow files to and from the user's disk. */

import { parseWorkflow, UnreadableFile } from "@/graph/file";
import type { Workflow } from "@/graph/workflow";
import { inPlaceOfEmpty } from "@/panels/fresh_tab";
import { fileOf } from "@/state/packages_used";
import { newTab, type Tab } from "@/state/session";
import { toast } from "@/ui/toasts";

/** Larger files are surely something else. */
const LARGEST = 256 * 1024 * 1024;

export function downloadTab(tab: Tab): void {
  const text = `${JSON.stringify(fileOf(tab.document.workflow), null, 2)}\n`;
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `${tab.name ?? "workflow"}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Opens each file in a tab of its own, or says why it cannot. */
export async function importFiles(files: Iterable<File>): Promise<void> {
  for (const file of files) await importFile(file);
}

async function importFile(file: File): Promise<void> {
  try {
    if (file.size > LARGEST)
      throw new UnreadableFile("This file is too large.", "Workflows have up to 256 MB.");
    const workflow = parseWorkflow(parsed(await file.text()));
    await inPlaceOfEmpty(() => newTab(titled(workflow, file.name)));
    toast.success(`Opened “${file.name}” in a new tab. Save it to keep it on the server.`);
  } catch (error) {
    const reason =
      error instanceof UnreadableFile ? `${error.message} ${error.hint}` : "It could not be read.";
    toast.error(`“${file.name}” was not opened.`, { description: reason });
  }
}

/** A workflow without a title is called like its file. */
function titled(workflow: Workflow, fileName: string): Workflow {
  const { title } = workflow.extra;
  if (typeof title === "string" && title.trim() !== "") return workflow;
  return { ...workflow, extra: { ...workflow.extra, title: fileName.replace(/\.json$/i, "") } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableFile("This file is not JSON.", "Choose a workflow file.");
  }
}
