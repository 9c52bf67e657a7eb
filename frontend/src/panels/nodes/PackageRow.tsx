/** One installed package: what it is, what it brings, and what can be done with it. */

import { ArrowUpCircle, CircleOff, MoreHorizontal, Power, RotateCw, Trash2 } from "lucide-react";
import styles from "@/panels/nodes/PackageRow.module.css";
import { SOURCES, shortCommit } from "@/panels/nodes/package_words";
import { useUpdateCheck } from "@/state/packages";
import { disable, enable, reload, useChange } from "@/state/packages_change";
import { look } from "@/state/packages_plan";
import { Badge } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { IconButton } from "@/ui/IconButton";
import { Menu } from "@/ui/Menu";
import type { PackageInfo } from "@/wire/shapes";

export interface PackageRowProps {
  readonly info: PackageInfo;
  readonly failed: boolean;
  readonly onUninstall: (info: PackageInfo) => void;
}

export function PackageRow({ info, failed, onUninstall }: PackageRowProps) {
  const { name, version, description, author, source, editable, commit } = info;
  return (
    <li className={styles.row} aria-label={name} data-disabled={info.disabled || undefined}>
      <div className={styles.words}>
        <div className={styles.head}>
          <span className={styles.name}>{name}</span>
          <span className={styles.version}>{version}</span>
          <Badge>{SOURCES[source]}</Badge>
          {editable && <Badge title="Edits of its files count after Reload">in place</Badge>}
          {info.disabled && <Badge title="No worker imports it">disabled</Badge>}
          {failed && !info.disabled && <Badge tone="danger">cannot be loaded</Badge>}
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
        {info.disabled ? (
          <p className={styles.description}>
            Its nodes and pipelines are not loaded. It stays installed, and can be enabled at any time.
          </p>
        ) : (
          <Brings info={info} />
        )}
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
  const { name, spec, editable, removable, update_available, disabled } = info;
  const update = () => void look({ package: spec, editable: null, upgrade: true, pre: false }, name);
  return (
    <div className={styles.actions}>
      {!removable && <p className={styles.fixed}>came with another package</p>}
      {disabled && (
        <Button icon={<Power size={14} />} disabled={changing} onClick={() => switched(name, enable)}>
          Enable
        </Button>
      )}
      {removable && update_available && (
        <Button icon={<ArrowUpCircle size={14} />} disabled={changing} onClick={update}>
          Update
        </Button>
      )}
      {removable && editable && !disabled && (
        <Button icon={<RotateCw size={14} />} disabled={changing} onClick={() => void reload(name)}>
          Reload
        </Button>
      )}
      {removable && (
        <IconButton label={`Uninstall ${name}`} disabled={changing} onClick={() => onUninstall(info)}>
          <Trash2 size={15} />
        </IconButton>
      )}
      <RowMenu info={info} changing={changing} />
    </div>
  );
}

function moreId(name: string): string {
  return `more-for-${name}`;
}

/** What was pressed goes or changes; the row's menu stays, and keeps the focus. */
export function switched(name: string, act: (name: string) => Promise<boolean>): void {
  document.getElementById(moreId(name))?.focus();
  void act(name);
}

function RowMenu({ info: { name, disabled }, changing }: { info: PackageInfo; changing: boolean }) {
  const item = disabled
    ? { title: "Enable", icon: <Power size={14} />, run: () => switched(name, enable) }
    : { title: "Disable", icon: <CircleOff size={14} />, run: () => switched(name, disable) };
  return (
    <Menu items={[{ id: "switch", disabled: changing, ...item }]} align="end" label={`More for ${name}`}>
      <IconButton id={moreId(name)} label={`More for ${name}`}>
        <MoreHorizontal size={15} />
      </IconButton>
    </Menu>
  );
}
