/** One installed package: what it is, what it brings, and what can be done with it. */

import { ArrowUpCircle, RotateCw, Trash2 } from "lucide-react";
import styles from "@/panels/nodes/PackageRow.module.css";
import { SOURCES, shortCommit } from "@/panels/nodes/package_words";
import { useUpdateCheck } from "@/state/packages";
import { reload, useChange } from "@/state/packages_change";
import { look } from "@/state/packages_plan";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import type { PackageInfo } from "@/wire/shapes";

export interface PackageRowProps {
  readonly info: PackageInfo;
  readonly failed: boolean;
  readonly onUninstall: (info: PackageInfo) => void;
}

export function PackageRow({ info, failed, onUninstall }: PackageRowProps) {
  const { name, version, description, author, source, editable, commit } = info;
  return (
    <li className={styles.row} aria-label={name}>
      <div className={styles.words}>
        <div className={styles.head}>
          <span className={styles.name}>{name}</span>
          <span className={styles.version}>{version}</span>
          <Badge>{SOURCES[source]}</Badge>
          {editable && <Badge title="Edits of its files count after Reload">in place</Badge>}
          {failed && <Badge tone="danger">cannot be loaded</Badge>}
          <UpdateBadge info={info} />
        </div>
        {(author !== "" || description !== "") && (
          <p className={styles.description}>
            {[author && `by ${author}`, description].filter(Boolean).join(" · ")}
          </p>
        )}
        <p className={styles.spec} title={commit ?? undefined}>
          {commit && <>{shortCommit(commit)} · </>}
          {info.spec}
        </p>
        <Brings info={info} />
      </div>
      <Actions info={info} onUninstall={onUninstall} />
    </li>
  );
}

function UpdateBadge({ info: { update_available, latest_version, source } }: { info: PackageInfo }) {
  const isOver = useUpdateCheck(({ status }) => status === "answered" || status === "failed");
  if (update_available) {
    return <Badge tone="info">{latest_version ? `${latest_version} available` : "update available"}</Badge>;
  }
  if (update_available === null && source !== "local" && isOver) {
    return <Badge title="The index or repository could not be asked">update unknown</Badge>;
  }
  return null;
}

function Brings({ info: { pipelines, node_types, nodepacks } }: { info: PackageInfo }) {
  const parts = [
    ...pipelines.map(({ pipeline_id, pipeline_name }) => ({
      kind: "pipeline",
      name: pipeline_name || pipeline_id,
    })),
    ...node_types.map((name) => ({ kind: "node", name })),
    ...nodepacks.map((name) => ({ kind: "nodepack", name })),
  ];
  if (parts.length === 0) return <p className={styles.description}>Brings no nodes.</p>;
  return (
    <ul className={styles.brings} aria-label="Brings">
      {parts.map(({ kind, name }) => (
        <li key={`${kind} ${name}`}>
          <span className={styles.kind}>{kind}</span> {name}
        </li>
      ))}
    </ul>
  );
}

function Actions({ info, onUninstall }: Pick<PackageRowProps, "info" | "onUninstall">) {
  const changing = useChange(({ change }) => change?.outcome === "running");
  const { name, spec, editable, removable, update_available } = info;
  const update = () => void look({ package: spec, editable: null, upgrade: true, pre: false }, name);
  if (!removable) return <p className={styles.fixed}>came with another package</p>;
  return (
    <div className={styles.actions}>
      {update_available && (
        <Button icon={<ArrowUpCircle size={14} />} disabled={changing} onClick={update}>
          Update
        </Button>
      )}
      {editable && (
        <Button icon={<RotateCw size={14} />} disabled={changing} onClick={() => void reload(name)}>
          Reload
        </Button>
      )}
      <IconButton label={`Uninstall ${name}`} disabled={changing} onClick={() => onUninstall(info)}>
        <Trash2 size={15} />
      </IconButton>
    </div>
  );
}
