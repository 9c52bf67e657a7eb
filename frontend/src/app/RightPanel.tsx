/** The panel at the right: the status of the run, or the selected node. */

import { X } from "lucide-react";
import { closeRight, type RightTab, showRight } from "@/app/panel_choice";
import styles from "@/app/RightPanel.module.css";
import { Inspector } from "@/panels/inspector/Inspector";
import { StatusPanel } from "@/panels/status/StatusPanel";
import { useTabRuns } from "@/state/runs";
import { IconButton } from "@/ui/IconButton";
import { Tabs } from "@/ui/Tabs";

export function RightPanel({ tab }: { tab: RightTab }) {
  const earlier = useTabRuns(({ shown }) => shown?.isOwn === false);
  const tabs = [
    { id: "status", label: "Status", content: <StatusPanel earlier={earlier} /> },
    { id: "inspector", label: "Inspector", content: <Inspector /> },
  ];
  return (
    <aside className={styles.panel} aria-label="Status and inspector">
      <Tabs
        className={styles.tabs}
        label="Status and inspector"
        tabs={tabs}
        value={tab}
        onChange={(id) => showRight(id === "inspector" ? "inspector" : "status")}
      />
      <div className={styles.close}>
        <IconButton label="Close" size="small" onClick={closeRight}>
          <X size={14} />
        </IconButton>
      </div>
    </aside>
  );
}
