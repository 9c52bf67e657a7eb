/** A workflow of the server in the list. */

import { Copy, Download, FileWarning, MoreHorizontal, Pencil, Trash2, Workflow } from "lucide-react";
import { timeInWords } from "@/panels/history/time_words";
import styles from "@/panels/workflows/WorkflowRow.module.css";
import { IconButton } from "@/ui/IconButton";
import { Menu } from "@/ui/Menu";
import type { WorkflowInfo } from "@/wire/shapes";

export interface WorkflowRowProps {
  readonly workflow: WorkflowInfo;
  /** True when a tab has it. */
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onRename: () => void;
  readonly onDuplicate: () => void;
  readonly onDownload: () => void;
  readonly onDelete: () => void;
}

export function WorkflowRow({ workflow, open, onOpen, ...actions }: WorkflowRowProps) {
  const { name, modified, nodes, problem } = workflow;
  const Icon = problem ? FileWarning : Workflow;
  const items = [
    { id: "rename", title: "Rename …", icon: <Pencil size={14} />, run: actions.onRename },
    { id: "duplicate", title: "Duplicate", icon: <Copy size={14} />, run: actions.onDuplicate },
    { id: "download", title: "Download", icon: <Download size={14} />, run: actions.onDownload },
    "separator" as const,
    { id: "delete", title: "Delete …", icon: <Trash2 size={14} />, danger: true, run: actions.onDelete },
  ];
  return (
    <li className={styles.row} data-open={open || undefined}>
      <button type="button" className={styles.main} onClick={onOpen} aria-current={open || undefined}>
        <Icon size={16} className={styles.icon} data-problem={problem ? true : undefined} />
        <span className={styles.words}>
          <span className={styles.name}>{name}</span>
          <span className={styles.more}>
            {problem || `${nodes} ${nodes === 1 ? "node" : "nodes"} · ${timeInWords(modified)}`}
          </span>
        </span>
      </button>
      <Menu items={items} align="end">
        <IconButton label={`More for ${name}`} className={styles.menu}>
          <MoreHorizontal size={16} />
        </IconButton>
      </Menu>
    </li>
  );
}
