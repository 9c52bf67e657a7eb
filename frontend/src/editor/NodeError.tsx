/** What went wrong, in one or two lines on the node itself; the rest is a click away. */

import { CircleX } from "lucide-react";
import { useCanvas } from "@/editor/canvas_context";
import css from "@/editor/NodeError.module.css";
import type { NodeRun } from "@/editor/surroundings";
import { MessageText } from "@/ui/MessageText";

interface Props {
  readonly node: string;
  readonly failure: NonNullable<NodeRun["failure"]>;
}

export function NodeError({ node, failure: { message, type, traceback } }: Props) {
  const { ui } = useCanvas();
  const [first = ""] = message.split("\n");
  return (
    <div className={css.error}>
      <CircleX size={14} aria-hidden="true" />
      <span className={css.message} title={message}>
        {traceback === "" ? <MessageText>{first || type}</MessageText> : first || type}
      </span>
      <button
        type="button"
        className={`${css.details} nodrag`}
        onClick={(event) => {
          const { left, bottom } = event.currentTarget.getBoundingClientRect();
          ui.setState({ details: { node, about: "error", at: { x: left, y: bottom + 4 } } });
        }}
      >
        Details
      </button>
    </div>
  );
}
