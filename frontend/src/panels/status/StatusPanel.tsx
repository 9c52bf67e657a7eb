/** The status panel: every node of the run in the order of execution, live. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, History, Play } from "lucide-react";
import { useMemo, useRef } from "react";
import { titleOf } from "@/graph/catalog";
import { Folding } from "@/panels/status/Folding";
import { LogLines } from "@/panels/status/LogLines";
import { lastRows } from "@/panels/status/last_rows";
import { RunSummary } from "@/panels/status/RunSummary";
import { StatusCard } from "@/panels/status/StatusCard";
import styles from "@/panels/status/StatusPanel.module.css";
import { useFollowing } from "@/panels/status/use_following";
import { usePacedRun } from "@/panels/status/use_paced_run";
import { useCatalog } from "@/state/catalog";
import { isOver, type NodeRun, type RunState } from "@/state/run_state";
import { openRun, useRunProblem } from "@/state/runs";
import { useSelection } from "@/state/selection";
import { useWorkflow } from "@/state/session";
import { Button } from "@/ui/Button";
import { EmptyState } from "@/ui/EmptyState";

const USUAL_HEIGHT = 92;
const GAP = 8;

export interface StatusPanelProps {
  /** True while an earlier run of the history is shown. */
  readonly earlier?: boolean;
}

export function StatusPanel({ earlier = false }: StatusPanelProps) {
  const run = usePacedRun();
  const problem = useRunProblem();
  const { nodes } = useWorkflow();
  return (
    <div className={styles.panel}>
      {earlier && (
        <div className={styles.earlier}>
          <History size={14} />
          <span className={styles.words}>This is an earlier run.</span>
          <Button onClick={() => openRun(null)}>Back to the latest</Button>
        </div>
      )}
      {problem !== "" && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      {run ? (
        <>
          <RunSummary run={run} total={nodes.size} />
          <Cards key={run.id} run={run} follows={!earlier} />
        </>
      ) : (
        <EmptyState icon={<Play size={20} />} title="Nothing has run yet">
          Press Execute. Each node shows here what it does, in the order in which they run.
        </EmptyState>
      )}
    </div>
  );
}

function Cards({ run, follows }: { run: RunState; follows: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const cards = useMemo(() => inOrder(run.nodes), [run.nodes]);
  const title = useTitles();
  const selected = useSelection(({ nodes }) => nodes);
  const isLive = !isOver(run);
  // Also of a run that is over: a short one is before this panel is on the page.
  const { following, onScroll, follow, stay } = useFollowing(box, run.lastSeq, follows);
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => box.current,
    estimateSize: () => USUAL_HEIGHT,
    getItemKey: (index) => cards[index]?.[0] ?? index,
    gap: GAP,
    overscan: 6,
    ...(following && isLive ? { rangeExtractor: lastRows } : {}),
    // Drawing at once what has been scrolled into view would draw everything twice in a run that scrolls.
    useFlushSync: false,
  });
  // Rows that turn out to be larger move who follows the end anyway; moved by this, it would seem the user went up.
  rows.shouldAdjustScrollPositionOnItemSizeChange = following ? () => false : undefined;
  return (
    <div className={styles.frame}>
      <div ref={box} className={styles.scroll} {...(isLive ? { onScroll } : leaving(stay))}>
        <ol className={styles.cards} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map(({ index, start, key }) => {
            const [id, node] = cards[index] ?? [];
            if (id === undefined || !node) return null;
            return (
              <li
                key={key}
                ref={rows.measureElement}
                data-index={index}
                className={styles.row}
                style={{ transform: `translateY(${start}px)` }}
              >
                <StatusCard
                  id={id}
                  title={title(id)}
                  run={node}
                  selected={selected.has(id)}
                  cause={node.because ? title(node.because) : ""}
                />
              </li>
            );
          })}
        </ol>
        {run.logs.length > 0 && (
          <Folding title="Printed by the run" count={run.logs.length}>
            {() => <LogLines lines={run.logs} />}
          </Folding>
        )}
      </div>
      {!following && isLive && (
        <Button className={styles.follow} icon={<ArrowDown size={14} />} onClick={follow}>
          Latest
        </Button>
      )}
    </div>
  );
}

/**
 * How the end of a list to which nothing comes any more is left: with whatever the user does in it. What they unfold
 * stays under the pointer then. Scrolling alone says nothing: rows that turn out to be smaller do that too.
 */
function leaving(stay: () => void) {
  return { onWheelCapture: stay, onPointerDownCapture: stay, onKeyDownCapture: stay, onFocusCapture: stay };
}

function inOrder(nodes: RunState["nodes"]): [string, NodeRun][] {
  return [...nodes].sort(([, a], [, b]) => a.number - b.number);
}

/** What nodes are called; one that has been deleted since goes by its id. */
function useTitles(): (id: string) => string {
  const { nodes } = useWorkflow();
  const { catalog } = useCatalog();
  return (id) => {
    const node = nodes.get(id);
    return node ? titleOf(catalog, node) : id;
  };
}
