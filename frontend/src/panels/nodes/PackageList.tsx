/** The installed packages, and the question before one of them goes. */

import { PackageOpen, RefreshCw, WifiOff } from "lucide-react";
import { useState } from "react";
import { nameInWords } from "@/graph/extras";
import { countUses } from "@/graph/packages";
import { ExtraRow } from "@/panels/nodes/ExtraRow";
import styles from "@/panels/nodes/PackageList.module.css";
import { PackageRow } from "@/panels/nodes/PackageRow";
import { currentCatalog } from "@/state/catalog";
import { checkForUpdates, usePackages, useUpdateCheck } from "@/state/packages";
import { uninstall } from "@/state/packages_change";
import { usePipelines } from "@/state/pipelines";
import { useSession } from "@/state/session";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { EmptyState } from "@/ui/EmptyState";
import { IconButton } from "@/ui/IconButton";
import { Spinner } from "@/ui/Spinner";
import type { PackageInfo } from "@/wire/shapes";

export function PackageList() {
  const { value, status, problem } = usePackages();
  const [leaving, setLeaving] = useState<PackageInfo | null>(null);
  const failed = new Set(value.failed.map(({ package_name }) => package_name));
  return (
    <section className={styles.list} aria-labelledby="installed-packages">
      <header className={styles.header}>
        <h3 id="installed-packages" className={styles.title}>
          Installed
        </h3>
        <CheckButton />
      </header>
      {status === "away" && (
        <p className={styles.away} role="status">
          The server cannot tell what is installed now. {problem}
        </p>
      )}
      {status === "loading" && (
        <p className={styles.quiet}>
          <Spinner /> Looking what is installed …
        </p>
      )}
      {status === "ready" && value.nodes.length === 0 && (
        <EmptyState icon={<PackageOpen size={24} />} title="No node packages yet">
          Packages add nodes and pipelines. Installing one can never break what is there.
        </EmptyState>
      )}
      <Offline nodes={value.nodes} />
      <ul>
        {value.nodes.map((info) =>
          info.extra === null ? (
            <PackageRow key={info.name} info={info} failed={failed.has(info.name)} onUninstall={setLeaving} />
          ) : (
            <ExtraRow key={info.name} info={info} onUninstall={setLeaving} />
          ),
        )}
      </ul>
      {leaving && <UninstallDialog info={leaving} onClose={() => setLeaving(null)} />}
    </section>
  );
}

function CheckButton() {
  const status = useUpdateCheck((check) => check.status);
  return (
    <IconButton
      label="Look for updates"
      size="small"
      disabled={status === "asking"}
      onClick={() => void checkForUpdates()}
    >
      {status === "asking" ? <Spinner label="Looking for updates" /> : <RefreshCw size={14} />}
    </IconButton>
  );
}

/** Nobody could be asked: most likely there is no network. */
function Offline({ nodes }: { nodes: readonly PackageInfo[] }) {
  const status = useUpdateCheck((check) => check.status);
  const asked = nodes.filter(({ source, extra }) => source !== "local" && extra === null);
  const isOffline = asked.length > 0 && asked.every(({ update_available }) => update_available === null);
  if (status === "asking" || status === "unasked" || (!isOffline && status !== "failed")) return null;
  return (
    <p className={styles.offline} role="status">
      <WifiOff size={14} aria-hidden /> Whether there are updates is not known: no index or repository
      answers.
    </p>
  );
}

function UninstallDialog({ info, onClose }: { info: PackageInfo; onClose: () => void }) {
  const { value: pipelines } = usePipelines();
  const uses = useSession(({ tabs }) =>
    tabs.reduce((sum, { document }) => sum + countUses(document.workflow, currentCatalog(), info), 0),
  );
  const loaded = pipelines
    .filter(
      ({ id, state }) => state.state === "loaded" && info.pipelines.some((one) => one.pipeline_id === id),
    )
    .map(({ id, info: found }) => found?.pipeline_name || id);
  const parts = [
    loaded.length > 0 ? `These pipelines are loaded, and are unloaded before: ${loaded.join(", ")}.` : "",
    uses > 0
      ? `${uses} ${uses === 1 ? "node" : "nodes"} of open workflows will be placeholders, with values and edges kept.`
      : "",
    "You can go back to this state in the history.",
  ];
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={`Uninstall ${nameInWords(info.name)}?`}
      description={parts.filter(Boolean).join(" ")}
      confirm="Uninstall"
      onConfirm={() => void uninstall(info.name)}
    />
  );
}
