/** The workflows that the server has. */

import { machineryOf } from "@/state/open_tabs";
import { type Loaded, Resource } from "@/state/resource";
import { closeTab, tabNamed } from "@/state/session";
import { patchTab, type Tab } from "@/state/session_store";
import { listWorkflows, postDuplicate, postRename, removeWorkflow } from "@/wire/routes";
import type { WorkflowInfo } from "@/wire/shapes";

export interface WorkflowList {
  readonly workflows: readonly WorkflowInfo[];
  readonly status: Loaded<unknown>["status"];
}

export const listResource = new Resource<readonly WorkflowInfo[]>([], (_, signal) => listWorkflows(signal));

/** Loaded when first used, and kept up to date. */
export function useWorkflowList(): WorkflowList {
  const { value: workflows, status } = listResource.use();
  return { workflows, status };
}

/** Its tab, if it is open, goes on under the new name. This and the next two throw Problem and Away. */
export async function renameWorkflow(name: string, to: string): Promise<void> {
  const tab = await saved(name);
  if (!tab) await postRename(name, to);
  // Its own news of a file that is gone must not reach the tab before the new name does.
  else await machineryOf(tab.id)?.saver.exclusively(() => renameOpen(tab, name, to));
  await listResource.refresh();
}

/** Returns the copy's name. */
export async function duplicateWorkflow(name: string, to?: string): Promise<string> {
  await saved(name);
  const copy = await postDuplicate(name, to);
  await listResource.refresh();
  return copy.name;
}

/** The server keeps it in its trash for a while. Its tab, if it is open, is closed. */
export async function deleteWorkflow({ name, revision }: Pick<WorkflowInfo, "name" | "revision">) {
  const tab = await saved(name);
  const remove = () => removeWorkflow(name, tab?.revision ?? revision);
  if (!tab) await remove();
  else {
    await machineryOf(tab.id)?.saver.exclusively(remove);
    await closeTab(tab.id, { discard: true });
  }
  await listResource.refresh();
}

async function renameOpen({ id }: Tab, name: string, to: string): Promise<void> {
  const renamed = await postRename(name, to);
  patchTab(id, { name: renamed.name, revision: renamed.revision });
}

/** The open tab of that name, with nothing left to save. */
async function saved(name: string): Promise<Tab | undefined> {
  const tab = tabNamed(name);
  const saver = tab && machineryOf(tab.id)?.saver;
  if (saver && !saver.isClean) await saver.save();
  return tabNamed(name);
}
