// @vitest-environment node
import { describe, expect, it } from "vitest";
import { dumpWorkflow, parseWorkflow } from "@/graph/file";
import type { JsonObject } from "@/graph/workflow";

interface Case {
  readonly input: unknown;
  readonly dump: JsonObject;
}

// The server's tests read the same files: both sides leave out, keep and put in the same.
const cases = import.meta.glob<Case>("../../fixtures/files/*.json", { eager: true, import: "default" });

describe("files that the server stores", () => {
  it("are there", () => {
    expect(Object.keys(cases).length).toBeGreaterThanOrEqual(5);
  });

  it.each(Object.entries(cases))("are written as it writes them: %s", (_, { input, dump }) => {
    expect(JSON.parse(JSON.stringify(dumpWorkflow(parseWorkflow(input))))).toEqual(dump);
    expect(JSON.parse(JSON.stringify(dumpWorkflow(parseWorkflow(dump))))).toEqual(dump);
  });
});
