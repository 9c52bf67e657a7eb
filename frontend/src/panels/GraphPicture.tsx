/** A small picture of a workflow, with the nodes marked that differ from another version. */

import { type Box, boundsOf, boxesOf } from "@/graph/boxes";
import type { Workflow } from "@/graph/workflow";
import styles from "@/panels/GraphPicture.module.css";

export interface GraphPictureProps {
  readonly label: string;
  readonly workflow: Workflow;
  /** What the style sheet knows of: "changed", "moved", "only-mine", "only-theirs". */
  readonly marked?: ReadonlyMap<string, string>;
}

const MARGIN = 80;
const NONE: ReadonlyMap<string, string> = new Map();

export function GraphPicture({ label, workflow, marked = NONE }: GraphPictureProps) {
  const boxes = boxesOf(workflow);
  const { x, y, width, height } = boundsOf(boxes);
  const byId = new Map(boxes.map((box) => [box.id, box]));
  return (
    <svg
      className={styles.picture}
      role="img"
      aria-label={label}
      viewBox={`${x - MARGIN} ${y - MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`}
    >
      {[...workflow.edges.values()].map(({ id, source, target }) => (
        <Wire key={id} from={byId.get(source)} to={byId.get(target)} />
      ))}
      {boxes.map((box) => (
        <rect
          key={box.id}
          className={styles.node}
          data-difference={marked.get(box.id)}
          x={box.x}
          y={box.y}
          width={box.width}
          height={box.height}
          rx={12}
        />
      ))}
    </svg>
  );
}

function Wire({ from, to }: { from: Box | undefined; to: Box | undefined }) {
  if (!from || !to) return null;
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2];
  const [x2, y2] = [to.x, to.y + to.height / 2];
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  return (
    <path className={styles.wire} d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`} />
  );
}
