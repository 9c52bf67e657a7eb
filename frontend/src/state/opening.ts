/** Tabs made of what the server has, and of drafts. */

import { parseWorkflow } from "@/graph/file";
import type { Draft } from "@/state/drafts";
import { addTab, machineryOf } from "@/state/open_tabs";
import { isSameWorkflow, theirsOf } from "@/state/server_text";
import { patchTab } from "@/state/session_store";
import type { Revised } from "@/wire/shapes";

/** What the server has under a draft's name: nothing, or nobody knows as it is away. */
export type Current = Revised | "missing" | "away";

/** Throws UnreadableFile when it is of a newer version. */
export function addFromServer(name: string, current: Revised, id?: string): string {
  const workflow = parseWorkflow(current.workflow);
  const { revision } = current;
  return addTab({ workflow, name, revision, isSaved: true, ...(id === undefined ? {} : { id }) });
}

/** Returns the tab's id. A draft that is no different from what the server has is thrown away. */
export function addFromDraft(draft: Draft, current: Current): string {
  const workflow = parseWorkflow(JSON.parse(draft.text));
  const { name, tab: id } = draft;
  if (name !== null && typeof current === "object" && isSameWorkflow(workflow, theirsOf(current).workflow)) {
    addFromServer(name, current, id);
    void machineryOf(id)?.drafts.drop();
    return id;
  }
  addTab({ workflow, name, revision: draft.base, isSaved: false, id, recovered: true });
  // It becomes this page's draft, and the next edit is based on it.
  void machineryOf(id)?.drafts.write();
  if (current === "away") patchTab(id, { status: "offline" });
  // What the last page had no time to send; where the server has something newer, it says so now.
  else machineryOf(id)?.saver.saveSoon();
  return id;
}
