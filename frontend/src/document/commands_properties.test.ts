// @vitest-environment node
import { describe, expect, it } from "vitest";
import * as commands from "@/document/commands";
import { WorkflowDocument } from "@/document/document";
import { boxesOf } from "@/graph/boxes";
import { copy, paste } from "@/graph/clipboard";
import { dumpWorkflow, parseWorkflow } from "@/graph/file";
import { CATALOG, Chance, randomJson, randomWorkflow } from "@/graph/random_cases";
import { wayBetween } from "@/graph/ways";

type Step = (document: WorkflowDocument, chance: Chance) => unknown;

const nodeIn = ({ workflow }: WorkflowDocument, chance: Chance) =>
  chance.one([...workflow.nodes.keys()], "none");
const nodesIn = ({ workflow }: WorkflowDocument, chance: Chance) => chance.some([...workflow.nodes.keys()]);
const edgeIn = ({ workflow }: WorkflowDocument, chance: Chance) =>
  chance.one([...workflow.edges.keys()], "none");
const noteIn = ({ workflow }: WorkflowDocument, chance: Chance) =>
  chance.one([...workflow.notes.keys()], "none");
const point = (chance: Chance) => ({ x: chance.below(999), y: chance.below(999) });
const handle = (chance: Chance) => chance.one([null, "a", "b", "text", "result", "input-0"], null);
const name = (chance: Chance) => chance.one(["a", "text", "label", "arguments", "constructor"], "a");
const schemaIn = (chance: Chance) => chance.one(CATALOG.schemas, CATALOG.schemas[0] ?? never());
const connection = (document: WorkflowDocument, chance: Chance) => ({
  source: nodeIn(document, chance),
  sourceHandle: handle(chance),
  target: nodeIn(document, chance),
  targetHandle: handle(chance),
});

const STEPS: readonly Step[] = [
  (document, chance) => commands.addFunction(document, schemaIn(chance), point(chance)),
  (document, chance) => commands.addNode(document, { type: "listNode", layout: point(chance) }),
  (document, chance) =>
    commands.deleteItems(document, { nodes: nodesIn(document, chance), edges: [edgeIn(document, chance)] }),
  (document, chance) => commands.deleteItems(document, { notes: [noteIn(document, chance)] }),
  (document, chance) => commands.connect(document, connection(document, chance)),
  (document, chance) => commands.reconnect(document, edgeIn(document, chance), connection(document, chance)),
  (document, chance) => commands.disconnect(document, edgeIn(document, chance)),
  (document, chance) =>
    commands.insertOnEdge(document, edgeIn(document, chance), schemaIn(chance), point(chance), CATALOG),
  (document, chance) =>
    commands.setValue(document, nodeIn(document, chance), name(chance), randomJson(chance)),
  (document, chance) => commands.clearValue(document, nodeIn(document, chance), name(chance)),
  (document, chance) => commands.rename(document, nodeIn(document, chance), chance.one(["", "Title"], "")),
  (document, chance) => commands.setFunction(document, nodeIn(document, chance), schemaIn(chance)),
  (document, chance) =>
    commands.setAppearance(document, nodesIn(document, chance), { color: chance.one(["red"], "") }),
  (document, chance) => commands.collapse(document, nodesIn(document, chance), chance.happens(0.5)),
  (document, chance) => commands.moveNodes(document, new Map([[nodeIn(document, chance), point(chance)]])),
  (document, chance) =>
    commands.resizeNode(document, nodeIn(document, chance), { width: chance.below(500) + 1 }),
  (document, chance) => commands.duplicate(document, nodesIn(document, chance)),
  (document, chance) => {
    const part = paste(copy(document.workflow, nodesIn(document, chance)));
    if (part) commands.paste(document, part, point(chance));
  },
  (document, chance) =>
    commands.alignNodes(document, boxesOf(document.workflow, nodesIn(document, chance)), "top"),
  (document, chance) => commands.addNote(document, point(chance), "Note"),
  (document, chance) =>
    commands.editNote(document, noteIn(document, chance), { text: `${chance.below(99)}` }),
  (document, chance) => commands.setDescription(document, `${chance.below(3)}`),
];

const SEEDS = Array.from({ length: 40 }, (_, index) => index + 1);
const STEPS_EACH = 25;

describe("any sequence of commands", () => {
  it.each(SEEDS)("is undone to the original and done again to the result (seed %i)", (seed) => {
    const chance = new Chance(seed);
    const document = new WorkflowDocument(randomWorkflow(chance, 8));
    const states = [JSON.stringify(document.toJson())];
    for (let step = 0; step < STEPS_EACH; step += 1) takeStep(document, chance, states);
    const last = states.at(-1);
    for (const state of states.slice(0, -1).reverse()) {
      expect(document.undo()).not.toBeNull();
      expect(document.toJson()).toEqual(JSON.parse(state));
    }
    expect(document.canUndo).toBe(false);
    while (document.redo());
    expect(document.toJson()).toEqual(JSON.parse(last ?? "null"));
  });

  it.each(SEEDS)("leaves a file that is read as it was written (seed %i)", (seed) => {
    const chance = new Chance(seed + 1000);
    const document = new WorkflowDocument(randomWorkflow(chance, 8));
    for (let step = 0; step < STEPS_EACH; step += 1) takeStep(document, chance, []);
    const text = JSON.stringify(document.toJson());
    expect(parseWorkflow(JSON.parse(text))).toEqual(document.workflow);
    expect(JSON.stringify(dumpWorkflow(parseWorkflow(JSON.parse(text))))).toBe(text);
    for (const { source, target } of document.workflow.edges.values()) {
      expect(wayBetween(document.workflow.edges, target, source)).toBeNull();
    }
  });
});

/** Takes a step and remembers the state after it; keystrokes in one field belong to the step before. */
function takeStep(document: WorkflowDocument, chance: Chance, states: string[]): void {
  const before = document.workflow;
  // A step that goes on with the one before is one with it.
  document.edit("Apart", () => undefined);
  chance.one(STEPS, STEPS[0] ?? never())(document, chance);
  if (document.workflow !== before) states.push(JSON.stringify(document.toJson()));
}

function never(): never {
  throw new Error("There is always one.");
}
