/** Node packages: installed, looked at before that, updated, taken out, and back to what was there before. */

import { TriangleAlert } from "lucide-react";
import { useEffect } from "react";
import { ChangeCard } from "@/panels/nodes/ChangeCard";
import { FailedPackages } from "@/panels/nodes/FailedPackages";
import { History } from "@/panels/nodes/History";
import { InstallForm } from "@/panels/nodes/InstallForm";
import styles from "@/panels/nodes/NodesPanel.module.css";
import { PackageList } from "@/panels/nodes/PackageList";
import { PlanCard } from "@/panels/nodes/PlanCard";
import { runCommand } from "@/state/commands_table";
import { checkForUpdates, usePackages, useUpdateCheck } from "@/state/packages";
import { dismissChange, followChanges } from "@/state/packages_change";
import { Button } from "@/ui/Button";

export function NodesPanel() {
  useEffect(followChanges, []);
  // What was said about a change is not for the next visit.
  useEffect(() => dismissChange, []);
  const check = useUpdateCheck(({ status }) => status);
  useEffect(() => {
    if (check === "unasked") void checkForUpdates();
  }, [check]);
  return (
    <div className={styles.panel}>
      <InstallForm />
      <PlanCard />
      <ChangeCard />
      <Degraded />
      <FailedPackages />
      <PackageList />
      <History />
    </div>
  );
}

/** Why the packages in use may not be those that were installed. */
function Degraded() {
  const { problem } = usePackages().value;
  if (problem === "") return null;
  return (
    <div className={styles.degraded} role="status">
      <TriangleAlert size={16} className={styles.icon} aria-hidden />
      <p>{problem}</p>
      <Button onClick={() => runCommand("app.restart")}>Restart the server …</Button>
    </div>
  );
}
