/** The menu of a node, opened by its button, the secondary mouse button, or the full stop key. */

import { PaintBucket, Shapes } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { createElement } from "react";
import { setAppearance } from "@/document/commands";
import { useCanvas, useCanvasUi, useWorkflowPart } from "@/editor/canvas_context";
import type { CanvasUi } from "@/editor/canvas_ui";
import { focusCanvas } from "@/editor/focus";
import { NODE_ICONS } from "@/editor/icons";
import css from "@/editor/NodeMenu.module.css";
import { useNodeActions } from "@/editor/node_actions";
import { NODE_COLORS } from "@/graph/appearance";
import type { WorkflowNode } from "@/graph/workflow";
import { Kbd } from "@/ui/Kbd";

export function NodeMenu() {
  const { ui } = useCanvas();
  const menu = useCanvasUi((state) => state.menu);
  const node = useWorkflowPart(({ nodes }) => (menu ? nodes.get(menu.node) : undefined));
  if (!menu || !node) return null;
  const close = (open: boolean) => {
    if (!open) ui.setState({ menu: null });
  };
  return (
    <DropdownMenu.Root open modal={false} onOpenChange={close}>
      <DropdownMenu.Trigger asChild>
        {/* Only a place for the menu, but told that it is open, which a span may not be. */}
        <button
          type="button"
          tabIndex={-1}
          aria-label="Menu of the node"
          className={css.anchor}
          style={{ left: menu.at.x, top: menu.at.y }}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          className={css.menu}
          align="start"
          collisionPadding={8}
          aria-label="Node"
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            // A text field that the choice has opened keeps the keyboard.
            if (hasNoField(ui.getState())) focusCanvas();
          }}
        >
          <MenuContent node={node} at={menu.at} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function hasNoField({ renaming, details }: CanvasUi): boolean {
  return renaming === null && details === null;
}

function MenuContent({ node, at }: { readonly node: WorkflowNode; readonly at: { x: number; y: number } }) {
  const actions = useNodeActions(node, at);
  return (
    <>
      {actions.map((action) =>
        action === "separator" ? null : (
          <DropdownMenu.Item
            key={action.id}
            className={css.item}
            data-danger={action.danger ?? false}
            disabled={action.disabled ?? false}
            onSelect={action.run}
          >
            <span className={css.icon}>{action.icon}</span>
            <span className={css.title}>{action.title}</span>
            {action.keys !== undefined && <Kbd keys={action.keys} />}
          </DropdownMenu.Item>
        ),
      )}
      <DropdownMenu.Separator className={css.separator} />
      <ColorMenu node={node} />
      <IconMenu node={node} />
    </>
  );
}

function ColorMenu({ node }: { readonly node: WorkflowNode }) {
  const { document } = useCanvas();
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={css.item}>
        <span className={css.icon}>
          <PaintBucket size={14} aria-hidden="true" />
        </span>
        <span className={css.title}>Colour</span>
        <span aria-hidden="true">›</span>
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className={css.menu} collisionPadding={8}>
          <DropdownMenu.Item
            className={css.item}
            onSelect={() => setAppearance(document, [node.id], { color: undefined })}
          >
            Usual colour
          </DropdownMenu.Item>
          <div className={css.grid}>
            {NODE_COLORS.map(({ name, label, token }) => (
              <DropdownMenu.Item
                key={name}
                className={css.cell}
                aria-label={label}
                title={label}
                onSelect={() => setAppearance(document, [node.id], { color: name })}
              >
                <span className={css.swatch} style={{ background: `var(${token})` }} />
              </DropdownMenu.Item>
            ))}
          </div>
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}

function IconMenu({ node }: { readonly node: WorkflowNode }) {
  const { document } = useCanvas();
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={css.item}>
        <span className={css.icon}>
          <Shapes size={14} aria-hidden="true" />
        </span>
        <span className={css.title}>Icon</span>
        <span aria-hidden="true">›</span>
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className={css.menu} collisionPadding={8}>
          <DropdownMenu.Item
            className={css.item}
            onSelect={() => setAppearance(document, [node.id], { icon: undefined })}
          >
            Usual icon
          </DropdownMenu.Item>
          <div className={css.grid}>
            {NODE_ICONS.map(({ name, label, Icon }) => (
              <DropdownMenu.Item
                key={name}
                className={css.cell}
                aria-label={label}
                title={label}
                onSelect={() => setAppearance(document, [node.id], { icon: name })}
              >
                {createElement(Icon, { size: 16, "aria-hidden": true })}
              </DropdownMenu.Item>
            ))}
          </div>
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}
