/** What others use of the displays: `<ValueDisplay>` shows any value, `<ErrorDisplay>` why a node failed. */

export type { DisplayName } from "@/displays/display_kind";
export { displayKind } from "@/displays/display_kind";
export type { DisplayProps, DisplaySize } from "@/displays/display_props";
export { displayFor } from "@/displays/display_table";
export { ErrorDisplay, type ErrorDisplayProps } from "@/displays/ErrorDisplay";
export { ValueDisplay } from "@/displays/ValueDisplay";
