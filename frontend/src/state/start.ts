/** Begins everything that lives as long as the page: the session, the catalog, the server's announcements. */

import { catalogResource } from "@/state/catalog";
import { startDiagnostics } from "@/state/diagnostics";
import { noteRun } from "@/state/history";
import { allMachinery } from "@/state/open_tabs";
import { checkAll, noteRevision } from "@/state/outside_changes";
import { refreshPackages } from "@/state/packages";
import { followPackages } from "@/state/packages_used";
import { pipelinesResource } from "@/state/pipelines";
import { openWaiting, restoreSession } from "@/state/restoring";
import { forgetOldRuns } from "@/state/run_memory";
import { followRunsOfTabs } from "@/state/runs_of_tabs";
import { secretsResource } from "@/state/secrets";
import { connectToServer, onAnnouncement } from "@/state/server";
import { flushDrafts } from "@/state/session";
import { rememberSession } from "@/state/session_memory";
import { useSession } from "@/state/session_store";
import { followSettings } from "@/state/settings";
import { listResource } from "@/state/workflow_list";
import type { Announcement } from "@/wire/shapes";

/** Call once, before the first rendering. Resolves when the workflows of the last time are open and their runs are found. Returns what ends it. */
export async function start(): Promise<() => void> {
  void catalogResource.refresh();
  void forgetOldRuns(Date.now());
  const page = await restoreSession();
  rememberSession(useSession.getState());
  const runs = followRunsOfTabs();
  const stops = [
    useSession.subscribe(rememberSession),
    followSettings(),
    followPackages(),
    runs.stop,
    startDiagnostics(),
    keepOnLeaving(),
    onAnnouncement(hear),
    connectToServer(),
    () => catalogResource.stop(),
    page.leave,
  ];
  // A run that the address asks for takes the place of a tab's own, which must not come after it.
  await runs.found;
  useSession.setState({ ready: true });
  return () => {
    for (const stop of stops) stop();
  };
}

/** Drafts are written when the page is left or hidden: it may never be shown again. */
function keepOnLeaving(): () => void {
  const flush = () => void flushDrafts();
  const retry = () => retrySaves();
  addEventListener("pagehide", flush);
  document.addEventListener("visibilitychange", flush);
  addEventListener("online", retry);
  return () => {
    removeEventListener("pagehide", flush);
    document.removeEventListener("visibilitychange", flush);
    removeEventListener("online", retry);
  };
}

function hear(announcement: Announcement): void {
  switch (announcement.type) {
    case "hello":
    case "resync":
      lookAtEverything();
      break;
    case "catalog":
      void catalogResource.refresh();
      break;
    case "nodes":
      refreshPackages();
      break;
    case "pipelines":
      pipelinesResource.refreshIfUsed();
      break;
    case "workflow":
      listResource.refreshIfUsed();
      noteRevision(announcement.name, announcement.revision).catch(() => undefined);
      break;
    case "secrets":
      secretsResource.refreshIfUsed();
      break;
    case "runs":
      noteRun();
  }
}

/** Something may have been missed. What fails now is done with the next greeting. */
function lookAtEverything(): void {
  retrySaves();
  void catalogResource.refresh();
  listResource.refreshIfUsed();
  secretsResource.refreshIfUsed();
  refreshPackages();
  pipelinesResource.refreshIfUsed();
  noteRun();
  openWaiting()
    .then(checkAll)
    .catch(() => undefined);
}

function retrySaves(): void {
  for (const { saver } of allMachinery()) saver.retry();
}
