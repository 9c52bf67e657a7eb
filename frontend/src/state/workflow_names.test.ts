// @vitest-environment node
import { describe, expect, it } from "vitest";
import { freeName, nameProblem } from "@/state/workflow_names";

describe("the name of a workflow", () => {
  it.each(["a", "My workflow (2)", "Übersicht_1.0", "データ", "नमस्ते", "console", "x".repeat(100)])(
    "can be %s",
    (name) => {
      expect(nameProblem(name)).toBe("");
    },
  );

  it.each([
    ["", /Type a name/],
    ["x".repeat(101), /too long/],
    ["データ".repeat(30), /too long/],
    ["a/b", /“\/”/],
    ["a:b", /“:”/],
    ["a\n", /cannot have/],
    ["🎉", /“🎉”/],
    [".hidden", /begin or end/],
    ["trailing ", /begin or end/],
    ["CON", /Windows/],
    ["nul.txt", /Windows/],
  ])("cannot be %j", (name, why) => {
    expect(nameProblem(name)).toMatch(why);
  });

  it("gets a number when it is taken", () => {
    expect(freeName("Report", [])).toBe("Report");
    expect(freeName("Report", ["report", "REPORT 2"])).toBe("Report 3");
  });
});
