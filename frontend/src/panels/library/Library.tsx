/** The library: everything that can become a node, by pack or as a search finds it. */

import { type KeyboardEvent, useDeferredValue, useMemo, useRef, useState } from "react";
import { offersOf } from "@/graph/extras";
import { addAtCenter, recent } from "@/panels/library/adding";
import styles from "@/panels/library/Library.module.css";
import { LibraryGroup } from "@/panels/library/LibraryGroup";
import { LibraryRow } from "@/panels/library/LibraryRow";
import { LibraryTooltip } from "@/panels/library/LibraryTooltip";
import { LoadFailures } from "@/panels/library/LoadFailures";
import { itemKey, type LibraryItem, libraryGroups, librarySearch } from "@/panels/library/library_items";
import { MoreNodes } from "@/panels/library/MoreNodes";
import { ServerAway } from "@/panels/library/ServerAway";
import { useDescribed } from "@/panels/library/use_described";
import { PanelFrame } from "@/panels/PanelFrame";
import { useCatalog } from "@/state/catalog";
import { EmptyState } from "@/ui/EmptyState";
import { SearchField } from "@/ui/SearchField";
import { Spinner } from "@/ui/Spinner";

export const SEARCH_ID = "library-search";

export function Library({ onClose }: { onClose: () => void }) {
  const { catalog, status, failures, retryAt, retry } = useCatalog();
  const [text, setText] = useState("");
  const searched = useDeferredValue(text);
  const list = useRef<HTMLDivElement>(null);
  const [described, describe] = useDescribed();
  const groups = useMemo(() => libraryGroups(catalog), [catalog]);
  const offers = useMemo(() => offersOf(failures), [failures]);
  const broken = useMemo(() => failures.filter(({ extra }) => extra === null), [failures]);
  const found = useMemo(
    () => (searched.trim() === "" ? null : librarySearch(catalog, searched, recent())),
    [catalog, searched],
  );
  const onSearchKey = (event: KeyboardEvent) => {
    const [first] = found ?? [];
    if (event.key === "Enter" && first) addAtCenter(first);
    if (event.key === "ArrowDown") moveFocus(list.current, event, 1);
  };
  return (
    <PanelFrame title="Library" onClose={onClose}>
      <div className={styles.search}>
        <SearchField
          id={SEARCH_ID}
          label="Search nodes"
          value={text}
          onChange={setText}
          onKeyDown={onSearchKey}
        />
      </div>
      {status === "away" && <ServerAway retryAt={retryAt} onRetry={retry} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys go between the buttons inside */}
      <div ref={list} className={styles.list} onKeyDown={(event) => onArrow(list.current, event)}>
        {found ? (
          <Found items={found} text={searched} onDescribe={describe} />
        ) : (
          groups.map((group) => <LibraryGroup key={group.id} group={group} onDescribe={describe} />)
        )}
        {status === "loading" && (
          <p className={styles.loading}>
            <Spinner /> Loading nodes …
          </p>
        )}
        {!found && <MoreNodes offers={offers} />}
        {!found && <LoadFailures failures={broken} onRetry={retry} />}
      </div>
      {described && <LibraryTooltip {...described} />}
    </PanelFrame>
  );
}

interface FoundProps {
  readonly items: readonly LibraryItem[];
  readonly text: string;
  readonly onDescribe: (item: LibraryItem | null, beside: HTMLElement) => void;
}

function Found({ items, text, onDescribe }: FoundProps) {
  if (items.length === 0) {
    return <EmptyState title="Nothing found">No node answers to “{text}”. Try another word.</EmptyState>;
  }
  return (
    <ul aria-label="Search results">
      {items.map((item) => (
        <li key={itemKey(item)}>
          <LibraryRow item={item} withPack onDescribe={onDescribe} />
        </li>
      ))}
    </ul>
  );
}

function onArrow(list: HTMLElement | null, event: KeyboardEvent): void {
  if (event.key === "ArrowDown") moveFocus(list, event, 1);
  if (event.key === "ArrowUp") moveFocus(list, event, -1);
}

/** From the search field, or the button that has the focus, to the next one; from the first back to the field. */
function moveFocus(list: HTMLElement | null, event: KeyboardEvent, step: 1 | -1): void {
  const rows = [...(list?.querySelectorAll<HTMLElement>("button") ?? [])];
  const next = rows.findIndex((row) => row.matches(":focus")) + step;
  event.preventDefault();
  const target = next < 0 ? document.getElementById(SEARCH_ID) : rows[next];
  target?.focus();
}
