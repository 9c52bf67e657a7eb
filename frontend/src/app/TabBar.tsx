/** The open workflows as tabs: which one is shown, which have edits that are not saved. */

import { Plus, X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { openDialog } from "@/app/dialogs";
import styles from "@/app/TabBar.module.css";
import { tabName, tabWords } from "@/app/tab_words";
import { closeOrAsk } from "@/app/workflow_actions";
import { attempt } from "@/panels/attempts";
import { downloadTab } from "@/panels/workflows/files";
import { activate, newTab, save, type Tab, useSession } from "@/state/session";
import { ContextMenu } from "@/ui/ContextMenu";
import { IconButton } from "@/ui/IconButton";
import type { MenuItem } from "@/ui/menu_items";

export function TabBar() {
  const tabs = useSession((session) => session.tabs);
  const activeId = useSession((session) => session.activeId);
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const at = tabs.findIndex(({ id }) => id === activeId);
    const next = step === 0 ? undefined : tabs[at + step];
    if (!next) return;
    activate(next.id);
    list.current?.querySelectorAll<HTMLElement>("[role='tab']")[at + step]?.focus();
  };
  return (
    <div className={styles.bar}>
      <div
        ref={list}
        className={styles.tabs}
        role="tablist"
        aria-label="Open workflows"
        onKeyDown={onKeyDown}
      >
        {tabs.map((tab) => (
          <WorkflowTab key={tab.id} tab={tab} active={tab.id === activeId} />
        ))}
      </div>
      <IconButton label="New workflow" keys="Alt+n" onClick={() => newTab()}>
        <Plus size={16} />
      </IconButton>
    </div>
  );
}

function WorkflowTab({ tab, active }: { tab: Tab; active: boolean }) {
  const name = tabName(tab);
  const words = tabWords(tab);
  return (
    <ContextMenu items={menuOf(tab)} label={`Workflow ${name}`}>
      <div
        className={styles.tab}
        role="presentation"
        data-active={active || undefined}
        data-status={tab.status}
        onAuxClick={(event) => event.button === 1 && closeOrAsk(tab.id)}
      >
        <button
          type="button"
          role="tab"
          className={styles.name}
          aria-selected={active}
          tabIndex={active ? 0 : -1}
          title={`${name} · ${words}`}
          onClick={() => activate(tab.id)}
          onKeyDown={(event) => event.key === "Delete" && closeOrAsk(tab.id)}
          onDoubleClick={() => openDialog(tab.name === null ? "save-as" : "rename", tab.id)}
        >
          <span className={styles.text}>{name}</span>
          <span className="visually-hidden">, {words}</span>
        </button>
        <span className={styles.dot} aria-hidden />
        <button
          type="button"
          className={styles.close}
          // For the pointer: a list of tabs may hold nothing but tabs, whose Delete key does the same.
          tabIndex={-1}
          aria-hidden
          title="Close"
          onClick={() => closeOrAsk(tab.id)}
        >
          <X size={13} />
        </button>
      </div>
    </ContextMenu>
  );
}

function menuOf(tab: Tab): MenuItem[] {
  const isNamed = tab.name !== null;
  return [
    isNamed
      ? { id: "save", title: "Save", run: () => void attempt(() => save(tab.id)) }
      : { id: "save", title: "Save …", run: () => openDialog("save-as", tab.id) },
    { id: "save-as", title: "Save as …", run: () => openDialog("save-as", tab.id) },
    { id: "rename", title: "Rename …", disabled: !isNamed, run: () => openDialog("rename", tab.id) },
    { id: "duplicate", title: "Duplicate in a new tab", run: () => void newTab(tab.document.workflow) },
    { id: "download", title: "Download", run: () => downloadTab(tab) },
    "separator",
    { id: "close", title: "Close", run: () => closeOrAsk(tab.id) },
  ];
}
