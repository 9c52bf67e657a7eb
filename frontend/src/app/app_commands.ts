/** The commands of the app: running, workflows, panels, and what helps to find the rest. */

import { openDialog } from "@/app/dialogs";
import { type LeftPanel, showLeft, toggleLeft, toggleProblems, toggleRight } from "@/app/panel_choice";
import { isRestarting } from "@/app/restart";
import { shownTheme } from "@/app/theme";
import { closeOrAsk, saveActive, stepTab } from "@/app/workflow_actions";
import { SEARCH_ID } from "@/panels/library/Library";
import { downloadTab } from "@/panels/workflows/files";
import type { Command } from "@/state/commands_table";
import { isOver } from "@/state/run_state";
import { runsOf } from "@/state/run_store";
import { execute, stop } from "@/state/runs";
import { useSelection } from "@/state/selection";
import { activeTab, newTab } from "@/state/session";
import { setSettings } from "@/state/settings";

export function appCommands(): readonly Command[] {
  return [
    ...runCommands(),
    ...workflowCommands(),
    ...panelCommands(),
    ...packageCommands(),
    ...helpCommands(),
  ];
}

export function isRunning(): boolean {
  const run = runsOf().shown?.run;
  return run !== undefined && !isOver(run);
}

function runCommands(): Command[] {
  const group = "Run";
  const canRun = () => activeTab() !== undefined && !isRunning();
  const selected = () => [...useSelection.getState().nodes];
  return [
    {
      id: "run.execute",
      title: "Execute",
      group,
      keys: ["$mod+Enter"],
      when: canRun,
      run: () => void execute(),
    },
    {
      id: "run.stop",
      title: "Stop",
      group,
      keys: ["Escape Escape"],
      when: isRunning,
      run: () => void stop(),
    },
    {
      id: "run.selected",
      title: "Run to the selected nodes",
      group,
      keys: ["$mod+Shift+Enter"],
      when: () => canRun() && selected().length > 0,
      run: () => void execute({ targets: selected() }),
    },
    {
      id: "run.again",
      title: "Execute without earlier results",
      group,
      when: canRun,
      run: () => void execute({ cache: "off" }),
    },
    {
      id: "run.fresh",
      title: "Execute in a fresh worker",
      group,
      when: canRun,
      run: () => void execute({ cache: "fresh" }),
    },
  ];
}

function workflowCommands(): Command[] {
  const group = "Workflow";
  const withTab = (act: (id: string) => void) => () => {
    const tab = activeTab();
    if (tab) act(tab.id);
  };
  const isNamed = () => typeof activeTab()?.name === "string";
  return [
    { id: "workflow.new", title: "New workflow", group, keys: ["Alt+n"], run: () => void newTab() },
    {
      id: "workflow.open",
      title: "Open a workflow …",
      group,
      keys: ["$mod+o"],
      run: () => showLeft("workflows"),
    },
    { id: "workflow.save", title: "Save", group, keys: ["$mod+s"], run: saveActive },
    {
      id: "workflow.save-as",
      title: "Save as …",
      group,
      keys: ["$mod+Shift+s"],
      run: withTab((id) => openDialog("save-as", id)),
    },
    {
      id: "workflow.rename",
      title: "Rename the workflow …",
      group,
      when: isNamed,
      run: withTab((id) => openDialog("rename", id)),
    },
    {
      id: "workflow.download",
      title: "Download the workflow",
      group,
      run: () => {
        const tab = activeTab();
        if (tab) downloadTab(tab);
      },
    },
    { id: "workflow.close", title: "Close the tab", group, keys: ["Alt+w"], run: withTab(closeOrAsk) },
    { id: "workflow.next", title: "Next tab", group, keys: ["Alt+PageDown"], run: () => stepTab(1) },
    { id: "workflow.previous", title: "Previous tab", group, keys: ["Alt+PageUp"], run: () => stepTab(-1) },
    {
      id: "workflow.templates",
      title: "Start from a template …",
      group,
      run: () => openDialog("templates"),
    },
  ];
}

function panelCommands(): Command[] {
  const group = "Panels";
  const left = (panel: LeftPanel, title: string, key: number): Command => ({
    id: `panel.${panel}`,
    title,
    group,
    keys: [`Alt+Digit${key}`],
    run: () => toggleLeft(panel),
  });
  return [
    left("library", "Library", 1),
    left("outline", "Outline", 2),
    left("workflows", "Workflows", 3),
    left("runs", "Runs", 4),
    { id: "panel.status", title: "Status", group, keys: ["Alt+Digit5"], run: () => toggleRight("status") },
    {
      id: "panel.inspector",
      title: "Inspector",
      group,
      keys: ["Alt+Digit6"],
      run: () => toggleRight("inspector"),
    },
    { id: "panel.problems", title: "Problems", group, keys: ["Alt+Digit7"], run: toggleProblems },
    { id: "panel.search", title: "Search the library", group, keys: ["/"], run: searchLibrary },
  ];
}

function searchLibrary(): void {
  showLeft("library");
  // The field may only be drawn after this.
  requestAnimationFrame(() => document.getElementById(SEARCH_ID)?.focus());
}

function helpCommands(): Command[] {
  const group = "Help";
  return [
    { id: "app.palette", title: "All commands …", group, keys: ["$mod+k"], run: () => openDialog("palette") },
    {
      id: "app.find",
      title: "Find in the workflow …",
      group: "View",
      keys: ["$mod+f"],
      run: () => openDialog("find"),
    },
    {
      id: "app.cheat-sheet",
      title: "Keyboard shortcuts",
      group,
      keys: ["Shift+?"],
      run: () => openDialog("cheat-sheet"),
    },
    {
      id: "app.settings",
      title: "Settings …",
      group,
      keys: ["$mod+,"],
      run: () => openDialog("settings", "editor"),
    },
    { id: "app.theme", title: "Change between light and dark", group: "View", run: toggleTheme },
  ];
}

function packageCommands(): Command[] {
  const group = "Nodes";
  return [
    {
      id: "nodes.show",
      title: "Install and update nodes …",
      group,
      run: () => openDialog("settings", "nodes"),
    },
    {
      id: "pipelines.show",
      title: "Load and unload pipelines …",
      group,
      run: () => openDialog("settings", "pipelines"),
    },
    {
      id: "app.restart",
      title: "Restart the server …",
      group: "Help",
      when: () => !isRestarting(),
      run: () => openDialog("restart"),
    },
  ];
}

export function toggleTheme(): void {
  setSettings({ theme: shownTheme() === "dark" ? "light" : "dark" });
}
