/** A change of the node packages, as its events tell it: a pure reducer. */

import { isObject } from "@/graph/workflow";
import type { ChangeEvent } from "@/wire/shapes";

export type Verb = Extract<ChangeEvent, { type: "step" }>["verb"];

/** "unknown": the server went away before it said how the change ended. */
export type Outcome = "running" | "succeeded" | "failed" | "cancelled" | "unknown";

/** Why a change was refused or failed, as the server puts it. */
export interface ChangeProblem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
  /** What uv said. */
  readonly explanation: string;
  /** The distributions at fault. */
  readonly culprits: readonly string[];
  /** The package that cannot be imported. */
  readonly package: string;
  readonly traceback: string;
}

export interface PackageChange {
  /** The server's name for it; nothing until its first event has come. */
  readonly id: string | null;
  readonly verb: Verb;
  readonly package: string;
  readonly step: string;
  readonly message: string;
  /** 0 to 1. */
  readonly fraction: number;
  readonly cancellable: boolean;
  /** Everything that was said so far, uv's lines included. */
  readonly lines: readonly string[];
  readonly outcome: Outcome;
  readonly problem: ChangeProblem | null;
}

const MOST_LINES = 500;

export function begun(verb: Verb, name: string): PackageChange {
  return {
    id: null,
    verb,
    package: name,
    step: "begin",
    message: "Asking the server …",
    fraction: 0,
    cancellable: false,
    lines: [],
    outcome: "running",
    problem: null,
  };
}

/** The change after an event. Ends of changes that nobody here has seen begin are old news. */
export function told(change: PackageChange | null, event: ChangeEvent): PackageChange | null {
  const isOpen = change?.outcome === "running";
  if (event.type === "idle") return isOpen && change.id !== null ? { ...change, outcome: "unknown" } : change;
  const isMeant = change?.id === event.id || (change?.id === null && change.verb === event.verb);
  // Its answer has come on another connection, and earlier.
  if (change && !isOpen && isMeant) return { ...change, id: event.id };
  const isOurs = isOpen && isMeant;
  if (event.type === "step") {
    const known = isOurs ? change : begun(event.verb, event.package);
    return stepped({ ...known, id: event.id }, event);
  }
  if (isOurs && change.id !== null) return ended(change, event.outcome, event.message, event.problem);
  return isOpen && change.id !== null ? { ...change, outcome: "unknown" } : change;
}

export function ended(
  change: PackageChange,
  outcome: Outcome,
  message: string,
  problem: object | null = null,
): PackageChange {
  return {
    ...change,
    outcome,
    message,
    cancellable: false,
    fraction: outcome === "succeeded" ? 1 : change.fraction,
    problem: outcome === "failed" ? problemOf(problem, message) : null,
  };
}

/** A problem as an answer or an event has it. */
export function problemOf(body: unknown, message: string): ChangeProblem {
  const fields = isObject(body) ? body : {};
  const text = (name: string) => (typeof fields[name] === "string" ? fields[name] : "");
  const { culprits } = fields;
  return {
    code: text("code"),
    message: text("detail") || message,
    hint: text("hint"),
    explanation: text("explanation"),
    culprits: Array.isArray(culprits) ? culprits.filter((one) => typeof one === "string") : [],
    package: text("package"),
    traceback: text("traceback"),
  };
}

function stepped(change: PackageChange, event: Extract<ChangeEvent, { type: "step" }>): PackageChange {
  const { step, message, fraction, cancellable } = event;
  const isNew = message !== "" && change.lines.at(-1) !== message;
  const lines = isNew ? [...change.lines, message].slice(-MOST_LINES) : change.lines;
  return { ...change, step, message, fraction, cancellable, lines };
}
