/** When commands about what is selected can be used. */

import { selectedIds } from "@/editor/editing_commands";
import { isCanvasFocused } from "@/editor/focus";
import { currentNode } from "@/editor/walking";

export const hasItems = () => isCanvasFocused() && selectedIds().length > 0;
export const isAtNode = () => isCanvasFocused() && currentNode() !== undefined;
