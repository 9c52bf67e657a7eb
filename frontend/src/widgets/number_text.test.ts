import { describe, expect, it } from "vitest";
import { numberProblem, readNumber, rulesOf, sliderStep, stepped } from "@/widgets/number_text";

const FREE = rulesOf({ type: "number" });
const WHOLE = rulesOf({ type: "integer" });

describe("numbers as people type them", () => {
  it.each([
    ["3", 3],
    [" -3.50 ", -3.5],
    ["1e3", 1000],
    [".5", 0.5],
    ["5.", 5],
    ["1_000", 1000],
    ["+2", 2],
  ])("reads %s", (text, value) => {
    expect(readNumber(text, FREE)).toEqual({ ok: true, value });
  });

  it("takes nothing for unset", () => {
    expect(readNumber("  ", FREE)).toEqual({ ok: true, value: undefined });
  });

  it.each([
    ["abc", "This is not a number"],
    ["1,5", "Use a point for decimals, not a comma"],
    ["nan", "Only finite numbers can be set here"],
    ["1e999", "This number is too large"],
    ["-", "This is not a number"],
  ])("refuses %s with a reason", (text, problem) => {
    expect(readNumber(text, FREE)).toEqual({ ok: false, problem });
  });

  it("keeps to what the schema says", () => {
    expect(numberProblem(1.5, WHOLE)).toBe("Use a whole number");
    expect(numberProblem(2 ** 60, WHOLE)).toMatch(/too many digits/);
    expect(numberProblem(11, rulesOf({ type: "integer", maximum: 10 }))).toBe("Use 10 or less");
    expect(numberProblem(0, rulesOf({ type: "number", exclusiveMinimum: 0 }))).toBe("Use more than 0");
    expect(numberProblem(0.3, rulesOf({ type: "number", multipleOf: 0.1 }))).toBeUndefined();
    expect(numberProblem(0.35, rulesOf({ type: "number", multipleOf: 0.1 }))).toBe("Use a multiple of 0.1");
  });

  it("steps without the dust of binary arithmetic, within the bounds", () => {
    expect(stepped(0.1, 2, FREE)).toBe(0.3);
    expect(stepped(0.001, 1, FREE)).toBe(0.002);
    expect(stepped(5, -1, FREE)).toBe(4);
    expect(stepped(9, 10, rulesOf({ type: "integer", maximum: 10 }))).toBe(10);
    expect(stepped(1, -1, rulesOf({ type: "integer", exclusiveMinimum: 0 }))).toBe(1);
  });

  it("gives a slider round steps", () => {
    expect(sliderStep(rulesOf({ type: "number", minimum: 0, maximum: 1 }))).toBe(0.01);
    expect(sliderStep(rulesOf({ type: "integer", minimum: 0, maximum: 300 }))).toBe(1);
  });
});
