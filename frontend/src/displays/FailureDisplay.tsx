/** A value that describes a failure. */

import type { ContentProps } from "@/displays/content_props";
import { ErrorDisplay } from "@/displays/ErrorDisplay";
import { isObject, type Json } from "@/graph/workflow";

export function FailureDisplay({ content, size }: ContentProps) {
  if (!isObject(content)) return null;
  const { message, type, traceback, hint, port } = content;
  const failure = {
    message: words(message),
    type: words(type),
    traceback: words(traceback),
    hint: words(hint),
    port: typeof port === "string" ? port : null,
  };
  return <ErrorDisplay failure={failure} size={size} />;
}

function words(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
