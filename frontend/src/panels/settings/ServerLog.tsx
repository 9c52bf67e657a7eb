/** What the server has said: followed as it comes, chosen by level and words, copied. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, Copy, ScrollText } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import {
  chosenEntries,
  isLogFilter,
  LOG_FILTERS,
  type LogFilter,
  logText,
  logTime,
} from "@/panels/settings/log_text";
import styles from "@/panels/settings/ServerLog.module.css";
import { useFollowing } from "@/panels/status/use_following";
import { type LogEntry, useServerLog } from "@/state/server_log";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";
import { SearchField } from "@/ui/SearchField";
import { Select } from "@/ui/Select";
import { toast } from "@/ui/toasts";

const ROW_HEIGHT = 20;
const OVERSCAN = 12;

export function ServerLog() {
  const { entries, status, problem } = useServerLog();
  const [filter, setFilter] = useState<LogFilter>("info");
  const [words, setWords] = useState("");
  const shown = useMemo(() => chosenEntries(entries, filter, words), [entries, filter, words]);
  return (
    <div className={styles.log}>
      <div className={styles.tools}>
        <Select
          label="Which lines"
          value={filter}
          options={LOG_FILTERS}
          onChange={(value) => isLogFilter(value) && setFilter(value)}
        />
        <div className={styles.search}>
          <SearchField label="Find in the log" value={words} onChange={setWords} />
        </div>
        <Button icon={<Copy size={14} />} disabled={shown.length === 0} onClick={() => copy(shown)}>
          Copy
        </Button>
      </div>
      {status === "away" && (
        <p role="alert" className={styles.away}>
          {problem} What it has said before stays here.
        </p>
      )}
      {shown.length > 0 ? (
        <Lines key={`${filter} ${words}`} entries={shown} />
      ) : (
        <Nothing isLoading={status === "loading"} hasLines={entries.length > 0} />
      )}
      <p className={styles.count} aria-live="off">
        {countWords(shown.length, entries.length)}
      </p>
    </div>
  );
}

function Lines({ entries }: { readonly entries: readonly LogEntry[] }) {
  const box = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: entries.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => entries[index]?.key ?? index,
    overscan: OVERSCAN,
    useFlushSync: false,
  });
  const height = rows.getTotalSize();
  // Of very many lines the oldest go, and the height stays: the last line's number does not.
  const { following, onScroll, follow } = useFollowing(box, height + (entries.at(-1)?.key ?? 0), true);
  return (
    <div className={styles.frame}>
      <section
        ref={box}
        className={styles.scroll}
        aria-label="Server log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: without a focus there are no keys to scroll with
        tabIndex={0}
        onScroll={onScroll}
      >
        <ol className={styles.lines} style={{ height }}>
          {rows.getVirtualItems().map(({ index, start, key }) => {
            const entry = entries[index];
            return entry ? <Line key={key} entry={entry} top={start} /> : null;
          })}
        </ol>
      </section>
      {!following && (
        <Button className={styles.follow} icon={<ArrowDown size={14} />} onClick={follow}>
          Follow
        </Button>
      )}
    </div>
  );
}

function Line({ entry: { at, level, source, text, earlier }, top }: { entry: LogEntry; top: number }) {
  return (
    <li
      className={styles.line}
      data-level={level}
      data-earlier={earlier || undefined}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span className={styles.time} title={at}>
        {logTime(at)}
      </span>
      <span className={styles.level}>{level === "info" ? "" : level}</span>
      <span className={styles.source}>{source}</span>
      <span className={styles.text}>{text}</span>
    </li>
  );
}

function Nothing({ isLoading, hasLines }: { readonly isLoading: boolean; readonly hasLines: boolean }) {
  if (isLoading) return <EmptyState title="Opening the log …" />;
  return hasLines ? (
    <EmptyState icon={<ScrollText size={20} />} title="No such lines">
      The log has others: choose Everything, or look for other words.
    </EmptyState>
  ) : (
    <EmptyState icon={<ScrollText size={20} />} title="The server has said nothing yet" />
  );
}

function countWords(shown: number, all: number): string {
  const lines = `${all.toLocaleString()} ${all === 1 ? "line" : "lines"}`;
  return shown === all ? lines : `${shown.toLocaleString()} of ${lines}`;
}

async function copy(entries: readonly LogEntry[]): Promise<void> {
  try {
    await navigator.clipboard.writeText(`${logText(entries)}\n`);
    toast.success(
      entries.length === 1 ? "1 line copied." : `${entries.length.toLocaleString()} lines copied.`,
    );
  } catch {
    toast.error("The browser does not let this page copy.");
  }
}
