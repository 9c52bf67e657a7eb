/** One pipeline: how it is, loading and unloading it, and why that failed. */

import { useState } from "react";
import type { JsonObject } from "@/graph/workflow";
import { attempt } from "@/panels/attempts";
import { CopiedText } from "@/panels/nodes/ProblemBlock";
import { LoadForm } from "@/panels/pipelines/LoadForm";
import styles from "@/panels/pipelines/PipelineRow.module.css";
import { load, type Pipeline, unload } from "@/state/pipelines";
import { Badge, type BadgeProps } from "@/ui/Badge";
import { Button } from "@/ui/Button";
import { Spinner } from "@/ui/Spinner";

type StateName = Pipeline["state"]["state"];

const STATES: Readonly<Record<StateName, { readonly words: string; readonly tone: BadgeProps["tone"] }>> = {
  not_loaded: { words: "not loaded", tone: "neutral" },
  loading: { words: "loading", tone: "info" },
  loaded: { words: "loaded", tone: "success" },
  error: { words: "failed", tone: "danger" },
};

export function PipelineRow({ pipeline }: { pipeline: Pipeline }) {
  const { id, info, state } = pipeline;
  const [asking, setAsking] = useState(false);
  const begin = (params: JsonObject) => {
    setAsking(false);
    void attempt(() => load(id, params));
  };
  return (
    <li className={styles.row} aria-label={info?.pipeline_name ?? id}>
      <div className={styles.top}>
        <Description pipeline={pipeline} />
        <Actions pipeline={pipeline} onAsk={() => setAsking(!asking)} asking={asking} />
      </div>
      {state.state === "error" && <Failure pipeline={pipeline} />}
      {state.state === "loaded" && <Parameters params={state.load_params as JsonObject} />}
      {asking && info && (
        <LoadForm
          info={info}
          params={state.load_params as JsonObject}
          onLoad={begin}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function Description({ pipeline: { id, info, state } }: { pipeline: Pipeline }) {
  const { words, tone } = STATES[state.state];
  const memory = info?.estimated_vram_gb;
  return (
    <div className={styles.words}>
      <div className={styles.head}>
        <span className={styles.name}>{info?.pipeline_name || id}</span>
        {info && <span className={styles.version}>{info.version}</span>}
        <Badge tone={tone ?? "neutral"}>
          {state.state === "loading" && <Spinner size={10} />}
          {words}
        </Badge>
        {info?.usage.map((usage) => (
          <Badge key={usage}>{usage}</Badge>
        ))}
        {memory != null && (
          <Badge title="Memory of the graphics card, as the package says">about {memory} GB</Badge>
        )}
      </div>
      <p className={styles.quiet}>
        {info ? `${info.package} · ${id}` : `${id} · its package is not installed any more`}
      </p>
      {info && info.description !== "" && <p className={styles.quiet}>{info.description}</p>}
    </div>
  );
}

interface ActionsProps {
  readonly pipeline: Pipeline;
  readonly asking: boolean;
  readonly onAsk: () => void;
}

function Actions({ pipeline: { id, info, state }, asking, onAsk }: ActionsProps) {
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    await attempt(() => unload(id));
    setBusy(false);
  };
  const isThere = state.state === "loaded" || state.state === "loading";
  return (
    <div className={styles.actions}>
      {info && state.state !== "loading" && (
        <Button aria-expanded={asking} onClick={onAsk}>
          {LOAD_WORDS[state.state]}
        </Button>
      )}
      {isThere && (
        <Button busy={busy} onClick={leave}>
          {state.state === "loaded" ? "Unload" : "Stop loading"}
        </Button>
      )}
      {state.state === "error" && (
        <Button variant="quiet" busy={busy} onClick={leave}>
          Put away
        </Button>
      )}
    </div>
  );
}

const LOAD_WORDS: Readonly<Record<Exclude<StateName, "loading">, string>> = {
  not_loaded: "Load …",
  loaded: "Load again …",
  error: "Try again …",
};

function Failure({ pipeline: { state } }: { pipeline: Pipeline }) {
  return (
    <div className={styles.failure} role="alert">
      <p>{state.error}</p>
      {state.traceback !== "" && <CopiedText title="Traceback" text={state.traceback} />}
    </div>
  );
}

function Parameters({ params }: { params: JsonObject }) {
  const entries = Object.entries(params);
  if (entries.length === 0) return null;
  return (
    <dl className={styles.params} aria-label="Loaded with">
      {entries.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
