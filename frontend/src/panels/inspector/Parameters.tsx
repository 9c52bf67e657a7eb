/** The parameters of a node with comfortable widgets. */

import { CornerDownLeft, RotateCcw } from "lucide-react";
import { useId } from "react";
import { clearValue, setValue } from "@/document/commands";
import type { WorkflowDocument } from "@/document/document";
import type { WorkflowNode } from "@/graph/workflow";
import { goToNode } from "@/panels/choosing";
import styles from "@/panels/inspector/Parameters.module.css";
import { type ParameterRow, parameterRows } from "@/panels/inspector/parameters";
import { useCatalog } from "@/state/catalog";
import { useNodeFindings } from "@/state/findings";
import { EmptyState } from "@/ui/EmptyState";
import { IconButton } from "@/ui/IconButton";
import { MessageText } from "@/ui/MessageText";
import { ParamWidget } from "@/widgets/registry";

export interface ParametersProps {
  readonly document: WorkflowDocument;
  readonly node: WorkflowNode;
}

export function Parameters({ document, node }: ParametersProps) {
  const { catalog } = useCatalog();
  const rows = parameterRows(document.workflow, catalog, node);
  if (rows.length === 0)
    return <EmptyState title="No parameters">There is nothing to set on this node.</EmptyState>;
  return (
    <div className={styles.form}>
      {rows.map((row) => (
        <Parameter key={row.name} document={document} node={node} row={row} />
      ))}
    </div>
  );
}

function Parameter({ document, node, row }: ParametersProps & { row: ParameterRow }) {
  const id = useId();
  const { wrong, missing } = useNodeFindings(node.id);
  const invalid = wrong.find(({ port }) => port === row.name);
  const isMissing = missing.some(({ port }) => port === row.name);
  const isSet = row.value !== undefined;
  return (
    <div className={styles.parameter}>
      <div className={styles.labels}>
        <label htmlFor={id} className={styles.label}>
          {row.label}
          {row.required && row.param && <span className={styles.required}> required</span>}
        </label>
        <code className={styles.type}>{row.type}</code>
        {isSet && row.param && !row.required && (
          <IconButton
            label={`Reset ${row.label} to its default`}
            size="small"
            onClick={() => clearValue(document, node.id, row.name)}
          >
            <RotateCcw size={13} />
          </IconButton>
        )}
      </div>
      {row.from ? <Source from={row.from} /> : <Field document={document} node={node} row={row} id={id} />}
      {invalid && (
        <p className={styles.invalid} data-severity={invalid.severity}>
          <MessageText>{invalid.message}</MessageText>
        </p>
      )}
      {isMissing && <p className={styles.missing}>Set it here, or connect it.</p>}
    </div>
  );
}

function Field({ document, node, row, id }: ParametersProps & { row: ParameterRow; id: string }) {
  // Inputs of lists and views are for edges only.
  if (!row.param && node.type !== "variableNode") return <p className={styles.unwired}>Not connected</p>;
  return (
    <ParamWidget
      // A widget keeps what is being typed; another node's is another widget.
      key={`${node.id}.${row.name}`}
      id={id}
      label={row.label}
      schema={row.schema}
      value={row.value}
      {...(row.param ? { param: row.param } : {})}
      onChange={(value) =>
        value === undefined
          ? clearValue(document, node.id, row.name)
          : setValue(document, node.id, row.name, value)
      }
    />
  );
}

function Source({ from }: { from: NonNullable<ParameterRow["from"]> }) {
  return (
    <button type="button" className={styles.source} onClick={() => goToNode(from.node)}>
      <CornerDownLeft size={13} />
      from {from.title}
    </button>
  );
}
