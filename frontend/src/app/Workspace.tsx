/** The middle of the page: the canvas of the active workflow, the problems under it. */

import { Suspense } from "react";
import { EmptyCanvas } from "@/app/EmptyCanvas";
import { toggleProblems, useProblemsOpen } from "@/app/panel_choice";
import { Problems } from "@/app/parts";
import { RegionBoundary } from "@/app/RegionBoundary";
import styles from "@/app/Workspace.module.css";
import { Canvas } from "@/editor/Canvas";
import { focusCanvas } from "@/editor/focus";
import { MissingPackages } from "@/panels/nodes/MissingPackages";
import { useActiveTab, useWorkflow } from "@/state/session";
import { Spinner } from "@/ui/Spinner";
import { type Pane, SplitLayout } from "@/ui/SplitLayout";

export function Workspace() {
  const showsProblems = useProblemsOpen();
  const panes: Pane[] = [{ id: "canvas", content: <Stage />, min: 160 }];
  if (showsProblems) {
    const content = (
      <RegionBoundary name="list of problems">
        <Suspense>
          <Problems onClose={toggleProblems} />
        </Suspense>
      </RegionBoundary>
    );
    panes.push({ id: "problems", label: "problems", content, size: 180, min: 96 });
  }
  return <SplitLayout id="workspace" orientation="vertical" panes={panes} />;
}

function Stage() {
  const tab = useActiveTab();
  const { nodes, notes } = useWorkflow();
  if (!tab) {
    return (
      <div className={styles.waiting}>
        <Spinner label="Opening" size={24} />
      </div>
    );
  }
  return (
    <main className={styles.stage} aria-label="Canvas">
      <RegionBoundary key={tab.id} name="canvas">
        <Canvas document={tab.document} />
      </RegionBoundary>
      {nodes.size + notes.size === 0 && <EmptyCanvas />}
      <MissingPackages onEnable={focusCanvas} />
    </main>
  );
}
