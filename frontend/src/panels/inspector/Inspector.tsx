/** The inspector: everything about the node that is selected. */

import { Crosshair, MousePointerClick, Play } from "lucide-react";
import { useEffect, useState } from "react";
import { rename } from "@/document/commands";
import type { WorkflowDocument } from "@/document/document";
import { schemaOf, titleOf } from "@/graph/catalog";
import type { WorkflowNode } from "@/graph/workflow";
import { goToNode } from "@/panels/choosing";
import { About } from "@/panels/inspector/About";
import styles from "@/panels/inspector/Inspector.module.css";
import { Parameters } from "@/panels/inspector/Parameters";
import { Result } from "@/panels/inspector/Result";
import { LogLines } from "@/panels/status/LogLines";
import { useCatalog } from "@/state/catalog";
import { execute, useNodeRun } from "@/state/runs";
import { useSelection } from "@/state/selection";
import { useActiveTab, useWorkflow } from "@/state/session";
import { EmptyState } from "@/ui/EmptyState";
import { IconButton } from "@/ui/IconButton";
import { Tabs } from "@/ui/Tabs";

export function Inspector() {
  const document = useActiveTab()?.document;
  const { nodes } = useWorkflow();
  const selected = useSelection((selection) => selection.nodes);
  const [first] = selected;
  const node = first === undefined ? undefined : nodes.get(first);
  if (selected.size > 1) {
    return (
      <EmptyState icon={<MousePointerClick size={20} />} title={`${selected.size} nodes selected`}>
        Select a single node to see its parameters and its result.
      </EmptyState>
    );
  }
  if (!node || !document) {
    return (
      <EmptyState icon={<MousePointerClick size={20} />} title="Nothing selected">
        Select a node to see its parameters and its result.
      </EmptyState>
    );
  }
  return <OneNode document={document} node={node} />;
}

function OneNode({ document, node }: { document: WorkflowDocument; node: WorkflowNode }) {
  const { catalog } = useCatalog();
  const [tab, setTab] = useState("parameters");
  const logs = useNodeRun(node.id)?.logs ?? [];
  const title = titleOf(catalog, node);
  const schema = schemaOf(catalog, node);
  const tabs = [
    { id: "parameters", label: "Parameters", content: <Parameters document={document} node={node} /> },
    { id: "result", label: "Result", content: <Result node={node.id} title={title} /> },
    {
      id: "log",
      label: logs.length > 0 ? `Log (${logs.length})` : "Log",
      content: <Log key={node.id} node={node.id} />,
    },
    { id: "about", label: "About", content: <About schema={schema} /> },
  ];
  return (
    <div className={styles.inspector}>
      <header className={styles.header}>
        <TitleField key={`${node.id} ${title}`} document={document} node={node} title={title} />
        <IconButton label="Show on the canvas" onClick={() => goToNode(node.id)}>
          <Crosshair size={15} />
        </IconButton>
        <IconButton label="Run to here" onClick={() => execute({ targets: [node.id] })}>
          <Play size={15} />
        </IconButton>
      </header>
      <Tabs label="About this node" tabs={tabs} value={tab} onChange={setTab} />
    </div>
  );
}

interface TitleFieldProps {
  readonly document: WorkflowDocument;
  readonly node: WorkflowNode;
  readonly title: string;
}

function TitleField({ document, node, title }: TitleFieldProps) {
  const [text, setText] = useState(title);
  useEffect(() => setText(title), [title]);
  const commit = () => {
    if (text.trim() !== title) rename(document, node.id, text);
  };
  return (
    <input
      className={styles.title}
      aria-label="Title of the node"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") event.currentTarget.blur();
        if (event.key === "Escape") setText(title);
      }}
    />
  );
}

function Log({ node }: { node: string }) {
  const lines = useNodeRun(node)?.logs ?? [];
  if (lines.length === 0)
    return <EmptyState title="Nothing printed">What the node prints shows here.</EmptyState>;
  return (
    <div className={styles.log}>
      <LogLines lines={lines} />
    </div>
  );
}
