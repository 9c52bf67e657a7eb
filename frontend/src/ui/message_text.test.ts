import { describe, expect, it } from "vitest";
import { messageParts, sentence } from "@/ui/message_text";

const shown = (message: string) =>
  messageParts(message).map(({ text, isCode }) => (isCode ? `<${text}>` : text));

describe("a message of the server", () => {
  it("begins with a capital letter", () => {
    expect(sentence("the view is not connected")).toBe("The view is not connected");
    expect(sentence("Graph contains a cycle: a → b → a")).toBe("Graph contains a cycle: a → b → a");
  });

  it("keeps a name at its beginning as it is written", () => {
    for (const message of ["count: 'x' is no whole number", "my_value is empty", "'a' gives text", ""]) {
      expect(sentence(message)).toBe(message);
    }
  });

  it("has names in quotes as code", () => {
    expect(shown("the input 'a' is neither set nor connected")).toEqual([
      "The input ",
      "<a>",
      " is neither set nor connected",
    ]);
    expect(shown("'sum' gives str, but the input 'b' takes int")).toEqual([
      "<sum>",
      " gives str, but the input ",
      "<b>",
      " takes int",
    ]);
  });

  it("leaves apostrophes alone", () => {
    expect(shown("it doesn't fit the node's input")).toEqual(["It doesn't fit the node's input"]);
  });
});
