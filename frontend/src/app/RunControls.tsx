/** Execute and Stop, with the other ways to run and the place in the queue. */

import { ChevronDown, Play, Square } from "lucide-react";
import styles from "@/app/RunControls.module.css";
import { isUsable, runCommand, useCommands } from "@/state/commands_table";
import { useIsRunning, useTabRuns } from "@/state/runs";
import { useSelection } from "@/state/selection";
import { useWorkflow } from "@/state/session";
import { Button } from "@/ui/Button";
import { Menu } from "@/ui/Menu";
import { Tooltip } from "@/ui/Tooltip";

const OTHER_WAYS = ["run.selected", "run.again", "run.fresh"];

export function RunControls() {
  const running = useIsRunning();
  const position = useTabRuns(({ shown }) => shown?.run.queuePosition ?? 0);
  const isEmpty = useWorkflow().nodes.size === 0;
  return (
    <div className={styles.controls}>
      {running && position > 0 && (
        <span className={styles.queue} role="status">
          {position === 1 ? "Next in the queue" : `Number ${position} in the queue`}
        </span>
      )}
      {running ? (
        <Tooltip content="Stop" keys="Escape Escape">
          <Button variant="danger" className={styles.stop} onClick={() => runCommand("run.stop")}>
            <Square size={12} fill="currentColor" /> Stop
          </Button>
        </Tooltip>
      ) : (
        <div className={styles.split}>
          <Tooltip content="Run the workflow" keys="$mod+Enter">
            <Button
              variant="primary"
              className={styles.execute}
              icon={<Play size={13} fill="currentColor" />}
              disabled={isEmpty}
              onClick={() => runCommand("run.execute")}
            >
              Execute
            </Button>
          </Tooltip>
          <OtherWays disabled={isEmpty} />
        </div>
      )}
    </div>
  );
}

function OtherWays({ disabled }: { disabled: boolean }) {
  const commands = useCommands();
  // What is usable depends on the selection.
  useSelection(({ nodes }) => nodes);
  const items = OTHER_WAYS.flatMap((id) => {
    const command = commands.find((one) => one.id === id);
    if (!command) return [];
    const { title, keys } = command;
    return [{ id, title, keys: keys?.[0], disabled: !isUsable(command), run: () => void runCommand(id) }];
  });
  return (
    <Menu items={items} align="end">
      <Button variant="primary" className={styles.more} aria-label="Other ways to run" disabled={disabled}>
        <ChevronDown size={14} />
      </Button>
    </Menu>
  );
}
