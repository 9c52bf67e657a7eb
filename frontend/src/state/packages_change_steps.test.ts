import { describe, expect, it } from "vitest";
import { begun, ended, type PackageChange, told } from "@/state/packages_change_steps";
import type { ChangeEvent } from "@/wire/shapes";

const step = (id: string, name: string, message: string, fraction = 0.5): ChangeEvent => ({
  type: "step",
  id,
  verb: "install",
  package: "scope-hello",
  step: name,
  message,
  fraction,
  cancellable: true,
});
const end = (id: string, outcome: "succeeded" | "failed" | "cancelled", problem: object | null = null) =>
  ({
    type: "end",
    id,
    verb: "install",
    package: "scope-hello",
    outcome,
    message: "done",
    problem,
  }) as ChangeEvent;
const idle: ChangeEvent = { type: "idle" };

function changeAfter(
  events: readonly ChangeEvent[],
  first: PackageChange | null = begun("install", "scope-hello"),
) {
  return events.reduce<PackageChange | null>((change, event) => told(change, event), first);
}

describe("a change", () => {
  it("is followed step by step, with everything that was said once", () => {
    const change = changeAfter([
      step("1", "resolve", "a"),
      step("1", "build", "b", 0.6),
      step("1", "build", "b", 0.6),
    ]);
    expect(change).toMatchObject({
      id: "1",
      step: "build",
      fraction: 0.6,
      lines: ["a", "b"],
      outcome: "running",
    });
  });

  it("keeps the latest lines when there are very many", () => {
    const change = changeAfter(
      Array.from({ length: 600 }, (_, index) => step("1", "build", `line ${index}`)),
    );
    expect(change?.lines).toHaveLength(500);
    expect(change?.lines.at(-1)).toBe("line 599");
  });

  it("ends as its last event says", () => {
    expect(changeAfter([step("1", "use", "x"), end("1", "succeeded")])).toMatchObject({
      outcome: "succeeded",
      fraction: 1,
    });
    const problem = { code: "package-fails", detail: "no", hint: "h", traceback: "t", culprits: ["a", 3] };
    expect(changeAfter([step("1", "probe", "x"), end("1", "failed", problem)])?.problem).toEqual({
      code: "package-fails",
      message: "no",
      hint: "h",
      explanation: "",
      culprits: ["a"],
      package: "",
      traceback: "t",
    });
  });

  it("of somebody else is shown while nothing of ours goes on", () => {
    expect(changeAfter([step("9", "build", "x")], null)).toMatchObject({ id: "9", outcome: "running" });
  });

  it("that nobody here saw begin has ended long ago", () => {
    expect(changeAfter([end("0", "failed")], null)).toBeNull();
    expect(changeAfter([end("0", "failed")])?.outcome).toBe("running");
  });

  it("whose server has forgotten it ended nobody knows how", () => {
    expect(changeAfter([step("1", "build", "x"), idle])?.outcome).toBe("unknown");
    expect(changeAfter([step("1", "build", "x"), end("2", "succeeded")])?.outcome).toBe("unknown");
    expect(changeAfter([idle])?.outcome).toBe("running");
  });

  it("that is over is not begun again by an event that comes late", () => {
    const over = ended(begun("install", "scope-hello"), "succeeded", "installed");
    expect(changeAfter([step("1", "use", "late"), end("1", "succeeded")], over)).toMatchObject({
      outcome: "succeeded",
      message: "installed",
    });
  });
});
