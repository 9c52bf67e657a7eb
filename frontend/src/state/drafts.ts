/** Unsaved workflows in the browser's database: they outlive the page, a crash, and a server that is away. */

import { createStore, delMany, entries, promisifyRequest, type UseStore } from "idb-keyval";
import { isObject } from "@/graph/workflow";

export interface Draft {
  /** The tab's id, which is also the key: a tab has one draft. */
  readonly tab: string;
  /** The page that has the tab open; see pages.ts. */
  readonly page: string;
  readonly name: string | null;
  /** The server's revision that it is based on. */
  readonly base: string | null;
  /** The workflow's file. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

let opened: UseStore | null = null;

function store(): UseStore {
  opened ??= createStore("psynapse-drafts", "drafts");
  return opened;
}

export async function putDraft(draft: Draft): Promise<void> {
  await store()("readwrite", (drafts) => {
    drafts.put(draft, draft.tab);
    // The page may be about to close: what is not committed then is lost.
    drafts.transaction.commit?.();
    return promisifyRequest(drafts.transaction);
  });
}

export async function removeDrafts(tabs: readonly string[]): Promise<void> {
  await delMany([...tabs], store());
}

/** The latest first. Entries of other versions of the editor that cannot be read are left alone. */
export async function allDrafts(): Promise<readonly Draft[]> {
  const all = await entries<string, unknown>(store());
  return all
    .map(([, value]) => value)
    .filter(isDraft)
    .sort((a, b) => b.at - a.at);
}

function isDraft(value: unknown): value is Draft {
  return (
    isObject(value) &&
    typeof value.tab === "string" &&
    typeof value.page === "string" &&
    typeof value.text === "string" &&
    typeof value.at === "number" &&
    (typeof value.name === "string" || value.name === null) &&
    (typeof value.base === "string" || value.base === null)
  );
}
