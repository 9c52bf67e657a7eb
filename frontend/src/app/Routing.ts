/** Keeps the address of the page and the active workflow together. */

import { useEffect } from "react";
import { closeDialog, openDialog, useDialog } from "@/app/dialogs";
import { showRight } from "@/app/panel_choice";
import { formatRoute, parseRoute, type Route } from "@/app/routes";
import { attempt } from "@/panels/attempts";
import { inPlaceOfEmpty } from "@/panels/fresh_tab";
import { isSettingsPage } from "@/panels/settings/settings_pages";
import { openRun, useTabRuns } from "@/state/runs";
import { openWorkflow, useActiveTab, useSession } from "@/state/session";

/** Shows nothing. It hears of every event of a run, with which the rest of the page need not be drawn again. */
export function Routing(): null {
  const ready = useSession((session) => session.ready);
  useEffect(() => {
    if (!ready) return;
    void goToAddress();
    const follow = () => void goToAddress();
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [ready]);
  useAddress(ready);
  return null;
}

/** The run that the address asks for, until it is shown: before that the address is not written over. */
let awaited: string | null = null;

async function goToAddress(): Promise<void> {
  const route = parseRoute(location.hash);
  if (route.page === "settings") openDialog("settings", route.tab);
  else if (useDialog.getState().open?.name === "settings") closeDialog();
  if (route.page === "workflow") {
    await attempt(() => inPlaceOfEmpty(() => openWorkflow(route.name)));
  }
  if (route.page === "run") {
    awaited = route.id;
    showRight("status");
    await openRun(route.id);
  }
}

/** Writes what is shown into the address, without a step in the browser's history. */
function useAddress(ready: boolean): void {
  const name = useActiveTab()?.name ?? null;
  const shown = useTabRuns((runs) => runs.shown);
  const run = shown && !shown.isOwn ? shown.run.id : null;
  const settings = useDialog(({ open }) => (open?.name === "settings" ? open.tab : null));
  useEffect(() => {
    if (!ready) return;
    if (awaited !== null && shown?.run.id !== awaited) return;
    awaited = null;
    const hash = formatRoute(addressOf(settings, run, name));
    if (location.hash !== hash) history.replaceState(null, "", hash);
  }, [ready, name, run, shown, settings]);
}

/** The settings lie over the rest, the run that is looked at over its workflow. */
function addressOf(settings: string | null, run: string | null, name: string | null): Route {
  if (settings !== null && isSettingsPage(settings)) return { page: "settings", tab: settings };
  if (run !== null) return { page: "run", id: run };
  return name === null ? { page: "home" } : { page: "workflow", name };
}
