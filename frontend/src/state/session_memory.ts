/** Which tabs were open: in this browser tab for its reload, in this browser for the next time it is started. */

import { isObject, type Json } from "@/graph/workflow";
import type { SessionState } from "@/state/session_store";

export interface RememberedTab {
  readonly id: string;
  readonly name: string | null;
}

export interface RememberedSession {
  readonly tabs: readonly RememberedTab[];
  readonly activeId: string | null;
}

const KEY = "psynapse.session";
const NOTHING: RememberedSession = { tabs: [], activeId: null };

export function rememberSession({ tabs, activeId }: Pick<SessionState, "tabs" | "activeId">): void {
  const text = JSON.stringify({ tabs: tabs.map(({ id, name }) => ({ id, name })), activeId });
  for (const storage of storages()) {
    try {
      if (storage.getItem(KEY) !== text) storage.setItem(KEY, text);
    } catch {
      // Full, or forbidden: the tabs will not come back by themselves, their drafts will.
    }
  }
}

/** The tabs before the reload. */
export function sessionOfPage(): RememberedSession {
  return parsed(storages()[0]);
}

/** The tabs of whichever page was used last. */
export function sessionOfBrowser(): RememberedSession {
  return parsed(storages()[1]);
}

function storages(): readonly Storage[] {
  return [sessionStorage, localStorage];
}

function parsed(storage: Storage | undefined): RememberedSession {
  try {
    const kept: Json = JSON.parse(storage?.getItem(KEY) ?? "null");
    if (!isObject(kept) || !Array.isArray(kept.tabs)) return NOTHING;
    const activeId = typeof kept.activeId === "string" ? kept.activeId : null;
    return { tabs: kept.tabs.flatMap(rememberedTab), activeId };
  } catch {
    return NOTHING;
  }
}

function rememberedTab(tab: Json): RememberedTab[] {
  if (!isObject(tab) || typeof tab.id !== "string") return [];
  return [{ id: tab.id, name: typeof tab.name === "string" ? tab.name : null }];
}
