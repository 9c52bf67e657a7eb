/** What every widget is given: the value of one parameter, how to change it, and what is known about it. */

import type { Param } from "@/graph/catalog";
import type { Json, JsonObject } from "@/graph/workflow";

export interface WidgetProps {
  /** The id of the element that a label points to. */
  readonly id: string;
  /** `undefined` while nothing is set: the default counts then. */
  readonly value: Json | undefined;
  /** The JSON schema of the value. */
  readonly schema: JsonObject;
  readonly param?: Param;
  /** What the parameter is called, for screen readers. */
  readonly label: string;
  /** Why the value is wrong, as far as others know. */
  readonly invalid?: string;
  readonly disabled?: boolean;
  /** Called on every input that makes a value; the caller merges them into one step. `undefined` unsets. */
  onChange(value: Json | undefined): void;
  /** The look inside a node: rows of 24 pixels. */
  readonly compact?: boolean;
  /** The value shown is the default, nothing is set. */
  readonly unset?: boolean;
  /** Shown in an empty field. */
  readonly placeholder?: string;
}
