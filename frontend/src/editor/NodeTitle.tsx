/** A node's title; double click or F2 makes it a text field. */

import { type KeyboardEvent, useEffect, useRef } from "react";
import { rename } from "@/document/commands";
import { useCanvas, useCanvasUi } from "@/editor/canvas_context";
import css from "@/editor/NodeTitle.module.css";

interface Props {
  readonly id: string;
  readonly title: string;
  readonly hint?: string | undefined;
}

export function NodeTitle({ id, title, hint }: Props) {
  const { ui } = useCanvas();
  const renaming = useCanvasUi((state) => state.renaming === id);
  if (renaming) return <TitleField id={id} title={title} />;
  return (
    // The keyboard's way is F2: the title itself is no stop for Tab.
    // biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse
    <span
      className={css.title}
      title={hint ? `${title}\n\n${hint}` : title}
      onDoubleClick={() => ui.setState({ renaming: id })}
    >
      {title}
    </span>
  );
}

function TitleField({ id, title }: Props) {
  const { document, ui } = useCanvas();
  const field = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  useEffect(() => {
    field.current?.focus();
    field.current?.select();
  }, []);
  const finish = (keep: boolean) => {
    if (isDone.current) return;
    isDone.current = true;
    const text = field.current?.value.trim() ?? "";
    if (keep && text !== title) rename(document, id, text);
    const isInside = field.current === globalThis.document.activeElement;
    ui.setState({ renaming: null });
    if (isInside) globalThis.document.querySelector<HTMLElement>("[data-canvas]")?.focus();
  };
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Enter") finish(true);
    if (event.key === "Escape") finish(false);
  };
  return (
    <input
      ref={field}
      className={`${css.field} nodrag nopan`}
      defaultValue={title}
      aria-label="Title of the node"
      spellCheck={false}
      onBlur={() => finish(true)}
      onKeyDown={press}
    />
  );
}
