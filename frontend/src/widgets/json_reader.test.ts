import { describe, expect, it } from "vitest";
import { jsonFault } from "@/widgets/json_reader";

describe("what is wrong with a JSON text", () => {
  it.each(['{"a": [1, -2.5e3, true, null, "x\\n"]}', " [] ", '"text"', "0"])("is nothing for %s", (text) => {
    expect(jsonFault(text)).toBeNull();
  });

  it.each([
    ["", 1, 1, "A value is missing"],
    ["[1,\n 2,\n]", 2, 3, "Remove the comma before ]"],
    ["[1\n 2]", 2, 2, "A comma or ] is missing here"],
    ['{"a": 1', 1, 1, "The { that begins here has no }"],
    ["{a: 1}", 1, 2, "A key in double quotes is missing here"],
    ['{"a" 1}', 1, 6, "A colon is missing after the key"],
    ["{'a': 1}", 1, 2, "A key in double quotes is missing here"],
    ["['a']", 1, 2, "Use double quotes for text"],
    ["[True]", 1, 2, "Write true instead of True"],
    ["[hello]", 1, 2, "Put hello in double quotes"],
    ['["abc]', 1, 2, "This text has no closing quote"],
    ["[01]", 1, 2, "This number is not written as JSON has it"],
    ["1 2", 1, 3, "Nothing may follow the value"],
    ['"a\\x"', 1, 1, "This text has a backslash or a control character that JSON does not know"],
  ])("in %j is on line %i, column %i: %s", (text, line, column, message) => {
    expect(jsonFault(text)).toMatchObject({ line, column, message });
  });

  it("agrees with the browser about what is JSON, and ends for a text that is nested too deeply", () => {
    expect(jsonFault("[".repeat(100_000))).not.toBeNull();
  });
});
