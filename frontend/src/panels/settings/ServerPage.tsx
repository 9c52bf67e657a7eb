/** The server that this page belongs to: which it is, since when it runs, and starting it again. */

import { RotateCw } from "lucide-react";
import { useEffect, useState } from "react";
import { timeInWords } from "@/panels/history/time_words";
import styles from "@/panels/settings/SettingsDialog.module.css";
import { runCommand } from "@/state/commands_table";
import { useServer } from "@/state/server";
import { Button } from "@/ui/Button";
import { getHealth } from "@/wire/package_routes";
import type { Health } from "@/wire/shapes";

export function ServerPage() {
  const { status, bootId } = useServer();
  const health = useHealth(bootId);
  return (
    <>
      <dl className={styles.facts}>
        <div className={styles.place}>
          <dt className={styles.label}>State</dt>
          <dd className={styles.where}>
            {status === "connected" ? "Connected" : "It cannot be reached now"}
          </dd>
        </div>
        {health && (
          <>
            <div className={styles.place}>
              <dt className={styles.label}>Version</dt>
              <dd className={styles.where}>{health.version}</dd>
            </div>
            <div className={styles.place}>
              <dt className={styles.label}>Running since</dt>
              <dd className={styles.where}>{timeInWords(health.started_at)}</dd>
            </div>
          </>
        )}
      </dl>
      <div>
        <Button icon={<RotateCw size={14} />} onClick={() => runCommand("app.restart")}>
          Restart the server …
        </Button>
      </div>
    </>
  );
}

/** Asked anew for each start of the server. */
function useHealth(bootId: string | null): Health | null {
  const [health, setHealth] = useState<Health | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another start is another health
  useEffect(() => {
    const asking = new AbortController();
    getHealth(asking.signal).then(setHealth, () => undefined);
    return () => asking.abort();
  }, [bootId]);
  return health;
}
