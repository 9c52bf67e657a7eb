/** What the state of a tab is called. */

import type { Tab, Theirs } from "@/state/session";

/** Its name on the server, else the title that a template gave it. */
export function tabName({ name, document }: Pick<Tab, "name" | "document">): string {
  return name ?? (titleOf(document) || "Untitled");
}

function titleOf({ workflow }: Tab["document"]): string {
  const { title } = workflow.extra;
  return typeof title === "string" ? title.trim() : "";
}

export function tabWords({
  status,
  name,
  problem,
  conflict,
  document,
}: Pick<Tab, "status" | "name" | "problem" | "conflict" | "document">): string {
  if (problem !== "") return problem;
  switch (status) {
    case "saved":
      return name === null ? "Nothing to save" : "Saved";
    case "saving":
      return "Saving …";
    case "conflict":
      return conflictWords(conflict?.theirs ?? null);
    case "offline":
      return "The server is away; kept in this browser";
    default:
      return name === null ? unnamedWords(titleOf(document)) : "Unsaved edits";
  }
}

function conflictWords(theirs: Theirs | null): string {
  if (!theirs) return "Deleted elsewhere: keep it or close it";
  return theirs.isReadable
    ? "Changed elsewhere: choose a version"
    : "Its file cannot be read any more: choose what to do";
}

/** A title without a name is that of the template or file that the workflow was begun with. */
function unnamedWords(title: string): string {
  const what =
    title === "" ? "Not saved to the server yet" : `A copy of “${title}”, not saved to the server yet`;
  return `${what}; kept in this browser`;
}
