/** Finds nodes and notes of the active workflow by title, function, id, value or text, and goes there. */

import { Command as Item } from "cmdk";
import { useMemo, useState } from "react";
import styles from "@/app/FindDialog.module.css";
import { SearchDialog } from "@/app/SearchDialog";
import { type NodeHit, searchNodes } from "@/graph/searching";
import { goToNode } from "@/panels/choosing";
import { canvasView } from "@/state/canvas_view";
import { useCatalog } from "@/state/catalog";
import { select } from "@/state/selection";
import { useWorkflow } from "@/state/session";

const MOST_SHOWN = 50;

export function FindDialog({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState("");
  const workflow = useWorkflow();
  const { catalog } = useCatalog();
  const hits = useMemo(
    () => searchNodes(workflow, catalog, text).slice(0, MOST_SHOWN),
    [workflow, catalog, text],
  );
  const go = ({ id }: NodeHit) => {
    onClose();
    if (workflow.nodes.has(id)) return goToNode(id);
    select({ notes: [id] });
    canvasView()?.reveal([id]);
  };
  return (
    <SearchDialog
      label="Find in the workflow"
      placeholder="Find a node by its title, function or value"
      value={text}
      onChange={setText}
      onClose={onClose}
      empty={
        text === "" ? "Type a part of a title, a function or a value." : "Nothing in this workflow answers."
      }
    >
      {hits.map((hit) => (
        <Item.Item key={hit.id} value={hit.id} onSelect={() => go(hit)}>
          <span>{hit.title}</span>
          <span className={styles.found}>{hit.found ?? hit.id}</span>
        </Item.Item>
      ))}
    </SearchDialog>
  );
}
