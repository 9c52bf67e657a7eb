/** What a display of one kind is given: the value, or what came of it. */

import type { ComponentType } from "react";
import type { DisplaySize } from "@/displays/display_props";
import type { Preview } from "@/displays/preview_object";
import type { Json } from "@/graph/workflow";

export interface ContentProps {
  /** The value, or the head of its preview. */
  readonly content: Json;
  /** There when `content` is not all of the value. */
  readonly preview: Preview | undefined;
  readonly href: string | undefined;
  readonly size: DisplaySize;
}

export type Display = ComponentType<ContentProps>;
