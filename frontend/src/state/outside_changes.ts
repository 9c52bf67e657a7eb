/** What others do to the workflows that are open here: on disk, in another tab, at another machine. */

import { machineryOf } from "@/state/open_tabs";
import { theirsOf } from "@/state/server_text";
import { tabNamed } from "@/state/session";
import { type Tab, tabOf, useSession } from "@/state/session_store";
import { getWorkflow, isMissing, isUnreadable, listWorkflows } from "@/wire/routes";
import type { Revised } from "@/wire/shapes";

/**
 * A workflow has a new revision on the server, or none any more. Without edits of ours it comes here, as one step;
 * with some, the next save will find out and ask.
 */
export async function noteRevision(name: string, revision: string | null): Promise<void> {
  const id = tabNamed(name)?.id;
  if (id === undefined) return;
  // What was just announced may be what we are saving.
  await machineryOf(id)?.saver.settled();
  const tab = tabOf(id);
  if (!tab || tab.name !== name || tab.revision === null) return;
  // A conflict is over when the file is again what we know.
  if (tab.revision === revision && !tab.conflict) return;
  const isClean = machineryOf(id)?.saver.isClean;
  if (isClean) await takeIn(tab, revision);
  else if (tab.conflict) await refreshConflict(tab, revision);
}

/** Compares all open workflows with the server: announcements may have been missed. */
export async function checkAll(): Promise<void> {
  const named = useSession.getState().tabs.flatMap(({ name, revision }) => (name && revision ? [name] : []));
  if (named.length === 0) return;
  const listed = new Map((await listWorkflows()).map(({ name, revision }) => [name, revision]));
  await Promise.all(named.map((name) => noteRevision(name, listed.get(name) ?? null)));
}

async function takeIn({ id, name }: Tab, announced: string | null): Promise<void> {
  const current = await currently(name ?? "", announced);
  const machinery = machineryOf(id);
  const tab = tabOf(id);
  // Meanwhile the user may have typed, and then it is for the next save to find out.
  if (!machinery?.saver.isClean || tab?.name !== name) return;
  if (tab.revision === current?.revision && !tab.conflict) return;
  if (!current) machinery.saver.conflict(null);
  else {
    const theirs = theirsOf(current);
    if (theirs.isReadable) machinery.saver.takeOver(theirs.workflow, theirs.revision, "Changed outside");
    else machinery.saver.conflict(theirs);
  }
}

/** A conflict that is being looked at shows what the server has now. */
async function refreshConflict({ id, name }: Tab, announced: string | null): Promise<void> {
  const current = await currently(name ?? "", announced);
  if (tabOf(id)?.conflict) machineryOf(id)?.saver.conflict(current && theirsOf(current));
}

async function currently(name: string, announced: string | null): Promise<Revised | null> {
  try {
    return await getWorkflow(name);
  } catch (error) {
    if (isMissing(error)) return null;
    // Only who announces it knows the revision of a file that is no workflow.
    if (isUnreadable(error)) return { revision: announced ?? "", workflow: null };
    throw error;
  }
}
