import { describe, expect, it } from "vitest";
import { simpleText } from "@/panels/status/Output";
import { percentInWords, secondsInWords } from "@/panels/status/status_words";

describe("durations", () => {
  it.each([
    [0, "< 1 ms"],
    [0.0034, "3 ms"],
    [1.239, "1.24 s"],
    [12.34, "12.3 s"],
    [125, "2 min 5 s"],
    [7260, "2 h 1 min"],
  ])("%d s are said as %s", (seconds, words) => {
    expect(secondsInWords(seconds)).toBe(words);
  });

  it("never have more than 100 per cent", () => {
    expect(percentInWords(1.7)).toBe("100 %");
  });
});

describe("values beside their name", () => {
  it.each([
    [null, "None"],
    [true, "True"],
    [1.5, "1.5"],
    ["short", '"short"'],
    ["data:image/png;base64,AA", null],
    ["two\nlines", null],
    [[1], null],
  ])("%j", (value, text) => {
    expect(simpleText(value)).toBe(text);
  });
});
