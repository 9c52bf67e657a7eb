/** The editor as a whole. */

import { Suspense, useEffect, useState } from "react";
import { Announcer } from "@/app/Announcer";
import styles from "@/app/App.module.css";
import { Dialogs } from "@/app/Dialogs";
import { FileDrop } from "@/app/FileDrop";
import { LeftPanel } from "@/app/LeftPanel";
import { useLeftPanel, useRightTab } from "@/app/panel_choice";
import { fetchSoon, RightPanel, Toasts } from "@/app/parts";
import { Rail } from "@/app/Rail";
import { RegionBoundary } from "@/app/RegionBoundary";
import { RestartBanner } from "@/app/RestartBanner";
import { Routing } from "@/app/Routing";
import { StatusLine } from "@/app/StatusLine";
import { TopBar } from "@/app/TopBar";
import { useChangesTold } from "@/app/use_changes_told";
import { useCommandTable } from "@/app/use_commands";
import { useConflicts } from "@/app/use_conflicts";
import { useDesktopLinks } from "@/app/use_desktop_links";
import { usePage } from "@/app/use_page";
import { useRecovered } from "@/app/use_recovered";
import { useRightPanel } from "@/app/use_right_panel";
import { Workspace } from "@/app/Workspace";
import { focusCanvas } from "@/editor/focus";
import { type Pane, SplitLayout } from "@/ui/SplitLayout";
import { TooltipLayer } from "@/ui/TooltipLayer";
import { useToastsWanted } from "@/ui/toasts";

export function App() {
  useEffect(fetchSoon, []);
  useCommandTable();
  useDesktopLinks();
  usePage();
  useRightPanel();
  useRecovered();
  useConflicts();
  useChangesTold();
  return (
    <div className={styles.app}>
      <button type="button" className={styles.skip} onClick={focusCanvas}>
        Skip to the canvas
      </button>
      <RegionBoundary name="top bar">
        <TopBar />
      </RegionBoundary>
      <RestartBanner />
      <div className={styles.main}>
        <Rail />
        <Panes />
      </div>
      <RegionBoundary name="status line">
        <StatusLine />
      </RegionBoundary>
      <Dialogs />
      <FileDrop />
      <Announcer />
      <Routing />
      <TooltipLayer />
      <Messages />
    </div>
  );
}

function Messages() {
  const wanted = useToastsWanted((toasts) => toasts.wanted);
  return <Suspense>{wanted && <Toasts />}</Suspense>;
}

/** Narrower than this, the canvas needs the room more than the panels do. */
const NARROW = 1200;

function Panes() {
  const [isNarrow] = useState(() => window.innerWidth < NARROW);
  const left = useLeftPanel();
  const right = useRightTab();
  const panes: Pane[] = [{ id: "middle", content: <Workspace />, min: 360 }];
  if (left) {
    const content = (
      <RegionBoundary key={left} name={left}>
        <Suspense>
          <LeftPanel name={left} />
        </Suspense>
      </RegionBoundary>
    );
    panes.unshift({
      id: "left",
      label: "left panel",
      content,
      size: isNarrow ? 220 : 264,
      min: 180,
      max: 480,
    });
  }
  if (right) {
    const content = (
      <RegionBoundary name={right}>
        <Suspense>
          <RightPanel tab={right} />
        </Suspense>
      </RegionBoundary>
    );
    panes.push({
      id: "right",
      label: "right panel",
      content,
      size: isNarrow ? 320 : 400,
      min: 280,
      max: 720,
    });
  }
  return <SplitLayout id="app" panes={panes} />;
}
