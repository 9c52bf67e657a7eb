/** Opens again what was open before: tabs of the last time, and every draft that no open page has. */

import { allDrafts, type Draft, putDraft } from "@/state/drafts";
import { setPage } from "@/state/open_tabs";
import { addFromDraft, addFromServer, type Current } from "@/state/opening";
import { alone, claimPage, openPages, type Page } from "@/state/pages";
import { activate, newTab, openWorkflow } from "@/state/session";
import { type RememberedTab, sessionOfBrowser, sessionOfPage } from "@/state/session_memory";
import { tabOf, useSession } from "@/state/session_store";
import { Away, Problem } from "@/wire/client";
import { getWorkflow, isMissing } from "@/wire/routes";

/** Workflows that were open and could not be loaded, as the server was away. */
const waiting = new Set<string>();
/** Milliseconds: drafts come back even when the server does not answer. */
const PATIENCE = 5_000;

export async function restoreSession(): Promise<Page> {
  const page = await claimPage();
  setPage(page.id);
  const others = await openPages();
  const { tabs, activeId } = rememberedTabs(page, others);
  // Two pages that start together must not both take the same drafts.
  const drafts = await alone("adoption", () => adopted(page.id, others));
  const byTab = new Map(drafts.map((draft) => [draft.tab, draft]));
  const left = drafts.filter(({ tab }) => !tabs.some(({ id }) => id === tab));
  const openings = [
    ...tabs.map((tab) => reopening(tab, byTab.get(tab.id), left)),
    ...left.map((draft) => reopeningDraft(draft)),
  ];
  // All are asked for at once, and open in their order.
  for (const open of await Promise.all(openings)) attempt(open);
  const { tabs: opened } = useSession.getState();
  const first = opened.find(({ id }) => id === activeId) ?? opened.at(-1);
  if (first) activate(first.id);
  else newTab();
  return page;
}

/** Opens what could not be opened before; to be called when the server can be reached again. */
export async function openWaiting(): Promise<void> {
  const { activeId } = useSession.getState();
  for (const name of [...waiting]) {
    waiting.delete(name);
    await openWorkflow(name).catch((error) => {
      if (error instanceof Away) waiting.add(name);
    });
  }
  if (activeId !== null && tabOf(activeId)) activate(activeId);
}

function rememberedTabs(page: Page, others: ReadonlySet<string>) {
  if (page.isCopy) {
    // The other page has those tabs; this one gets its own of the same workflows.
    const tabs = sessionOfPage().tabs.map(({ name }) => ({ id: crypto.randomUUID(), name }));
    return { tabs, activeId: null };
  }
  const ofPage = sessionOfPage();
  const isAlone = [...others].every((other) => other === page.id);
  return ofPage.tabs.length === 0 && isAlone ? sessionOfBrowser() : ofPage;
}

/** Drafts of this page, and of pages that are gone, which are this page's from now on. */
async function adopted(page: string, others: ReadonlySet<string>): Promise<readonly Draft[]> {
  try {
    const drafts = await allDrafts();
    const mine = drafts.filter((draft) => draft.page === page);
    const orphans = drafts.filter((draft) => draft.page !== page && !others.has(draft.page));
    const taken = orphans.map((draft) => ({ ...draft, page }));
    await Promise.all(taken.map(putDraft));
    return [...mine, ...taken];
  } catch {
    return [];
  }
}

type Open = () => void;
const NOTHING: Open = () => undefined;

/** What cannot be read keeps nothing else from opening, and stays where it is. */
function attempt(open: Open): void {
  try {
    open();
  } catch (error) {
    console.warn("A workflow could not be opened again.", error);
  }
}

async function reopening(
  tab: RememberedTab,
  draft: Draft | undefined,
  left: readonly Draft[],
): Promise<Open> {
  if (draft) return reopeningDraft(draft);
  const { id, name } = tab;
  if (name === null || left.some((other) => other.name === name)) return NOTHING;
  try {
    const current = await getWorkflow(name, AbortSignal.timeout(PATIENCE));
    return () => addFromServer(name, current, id);
  } catch (error) {
    if (!(error instanceof Problem)) waiting.add(name);
    return NOTHING;
  }
}

async function reopeningDraft(draft: Draft): Promise<Open> {
  const current = await currentOf(draft);
  return () => addFromDraft(draft, current);
}

async function currentOf({ name }: Draft): Promise<Current> {
  if (name === null) return "missing";
  try {
    return await getWorkflow(name, AbortSignal.timeout(PATIENCE));
  } catch (error) {
    return isMissing(error) ? "missing" : "away";
  }
}
