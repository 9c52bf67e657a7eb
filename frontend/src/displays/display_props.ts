/** What every display is given: a value, and where all of it is when that is not here. */

import type { Json } from "@/graph/workflow";

/** `node` is the small area inside a node, `panel` the status panel and inspector, `full` a dialog or page. */
export type DisplaySize = "node" | "panel" | "full";

export interface DisplayProps {
  /** A value, or a `$preview` object that stands for one. */
  readonly value: Json;
  /** The path of the whole value on the server; that of a `$preview` object comes first. */
  readonly href?: string;
  readonly size: DisplaySize;
}
