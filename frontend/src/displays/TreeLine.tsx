/** One row of a tree: key, value, and the buttons that copy its path and its value. */

import { ChevronRight, Copy, Route } from "lucide-react";
import { CopyAction } from "@/displays/CopyAction";
import { pathText, type TreeRow } from "@/displays/json_tree";
import { textOf } from "@/displays/saving";
import { grouped } from "@/displays/sizes";
import styles from "@/displays/TreeLine.module.css";
import { type LeafWords, leafWords } from "@/displays/tree_words";

const INDENT = 14;

export interface TreeLineProps {
  readonly id: string;
  readonly row: TreeRow;
  /** In pixels. */
  readonly top: number;
  readonly isActive: boolean;
  onActivate(): void;
  onToggle(): void;
}

export function TreeLine({ id, row, top, isActive, onActivate, onToggle }: TreeLineProps) {
  const key = row.path.at(-1);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree around it has the keys
    <div
      id={id}
      className={styles.line}
      style={{ top, paddingLeft: (row.level - 1) * INDENT }}
      role="treeitem"
      tabIndex={-1}
      aria-level={row.level}
      aria-expanded={row.count > 0 ? row.isOpen : undefined}
      aria-selected={isActive}
      data-active={isActive || undefined}
      onClick={onActivate}
      onDoubleClick={onToggle}
    >
      <Twist row={row} onToggle={onToggle} />
      {key !== undefined && <span className={styles.key}>{key}:</span>}
      <Words words={leafWords(row)} />
      {row.hidden > 0 && <span className={styles.key}> {`and ${grouped(row.hidden)} more`}</span>}
      <Actions row={row} />
    </div>
  );
}

function Twist({ row, onToggle }: { readonly row: TreeRow; readonly onToggle: () => void }) {
  if (row.count === 0) return <span className={styles.twist} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for pointers; the tree has the keys
    // biome-ignore lint/a11y/useKeyWithClickEvents: for pointers; the tree has the keys
    <span className={styles.twist} data-has data-open={row.isOpen || undefined} onClick={onToggle}>
      <ChevronRight size={12} aria-hidden />
    </span>
  );
}

function Words({ words }: { readonly words: LeafWords }) {
  const { kind, text, link, image } = words;
  return (
    <span className={styles.value} data-kind={kind} title={text.length > 40 ? text : undefined}>
      {image && <img className={styles.thumb} src={image} alt="" />}
      {link ? (
        <a href={link} target="_blank" rel="noopener noreferrer" tabIndex={-1}>
          {text}
        </a>
      ) : (
        text
      )}
    </span>
  );
}

function Actions({ row }: { readonly row: TreeRow }) {
  return (
    <span className={styles.actions}>
      {row.path.length > 0 && (
        <CopyAction label="Copy path" text={() => pathText(row.path)}>
          <Route size={12} />
        </CopyAction>
      )}
      <CopyAction label="Copy value" text={() => textOf(row.value)}>
        <Copy size={12} />
      </CopyAction>
    </span>
  );
}
