/** "Connect to…": everything that the ports of a node could be connected to, for the keyboard. */

import { Command } from "cmdk";
import { useCallback, useMemo, useState } from "react";
import { useCanvas, useCanvasUi, useWorkflowPart } from "@/editor/canvas_context";
import { type ConnectChoice, connectChoices } from "@/editor/connect_choices";
import { connectOrRefuse } from "@/editor/connecting_wires";
import { FloatingPanel } from "@/editor/FloatingPanel";
import { focusCanvas } from "@/editor/focus";
import css from "@/editor/Palette.module.css";
import { portStyle } from "@/editor/port_look";

export function ConnectList() {
  const { ui } = useCanvas();
  const connecting = useCanvasUi((state) => state.connecting);
  const close = useCallback(() => ui.setState({ connecting: null }), [ui]);
  if (!connecting) return null;
  return (
    <FloatingPanel at={connecting.at} label="Connect to" className={css.palette} onClose={close}>
      <Choices node={connecting.node} at={connecting.at} />
    </FloatingPanel>
  );
}

function Choices({ node, at }: { readonly node: string; readonly at: { x: number; y: number } }) {
  const canvas = useCanvas();
  const workflow = useWorkflowPart((whole) => whole);
  const [text, setText] = useState("");
  const choices = useMemo(
    () => connectChoices(workflow, canvas.catalog, node, text),
    [workflow, canvas.catalog, node, text],
  );
  const choose = ({ connection }: ConnectChoice) => {
    canvas.ui.setState({ connecting: null });
    focusCanvas();
    connectOrRefuse(canvas, connection, at);
  };
  return (
    <Command shouldFilter={false} label="Connect to" loop>
      <Command.Input
        className={css.search}
        placeholder="Connect to …"
        value={text}
        onValueChange={setText}
        autoFocus
      />
      <Command.List className={css.list}>
        <Command.Empty className={css.empty}>Nothing here fits. Add a node first.</Command.Empty>
        {choices.map((choice) => (
          <Command.Item
            key={choice.key}
            className={css.choice}
            style={portStyle(choice.type)}
            value={choice.key}
            onSelect={() => choose(choice)}
          >
            <span className={css.dot} aria-hidden="true" />
            <span>{choice.own}</span>
            <span className={css.description}>{choice.isOutput ? "to" : "from"}</span>
            <span className={css.other}>{choice.other}</span>
            {choice.replaces && <span className={css.pack}>replaces an edge</span>}
          </Command.Item>
        ))}
      </Command.List>
    </Command>
  );
}
