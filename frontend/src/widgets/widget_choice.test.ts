import { describe, expect, it } from "vitest";
import type { JsonObject } from "@/graph/workflow";
import { ChoiceWidget } from "@/widgets/ChoiceWidget";
import { widgetFor } from "@/widgets/registry";
import { chooseWidget, type WidgetName } from "@/widgets/widget_choice";
import { paramOf } from "@/widgets/widget_testing";

const COLOR = { enum: ["red", "blue"], title: "Color", type: "string" };

/** As Pydantic writes them for the hints on the left. */
const CASES: readonly (readonly [string, JsonObject, WidgetName])[] = [
  ["str", { type: "string" }, "text"],
  ["int", { type: "integer" }, "number"],
  ["float, above 0", { type: "number", exclusiveMinimum: 0 }, "number"],
  ["int from 0 to 10", { type: "integer", minimum: 0, maximum: 10 }, "slider"],
  ["int from 0 to ten million", { type: "integer", minimum: 0, maximum: 10_000_000 }, "number"],
  ["float from 0 to 1", { type: "number", minimum: 0, maximum: 1 }, "slider"],
  ["float from 0 to 3600", { type: "number", minimum: 0, maximum: 3600 }, "number"],
  ["bool", { type: "boolean" }, "switch"],
  ["Literal", { enum: ["fast", "slow"], type: "string" }, "choice"],
  ["Literal of one", { const: "a", type: "string" }, "choice"],
  ["Literal of truth values", { enum: [true, false], type: "boolean" }, "choice"],
  [
    "Enum | None",
    { $defs: { Color: COLOR }, anyOf: [{ $ref: "#/$defs/Color" }, { type: "null" }] },
    "choice",
  ],
  ["bool | None", { anyOf: [{ type: "boolean" }, { type: "null" }] }, "choice"],
  ["int | None", { anyOf: [{ type: "integer" }, { type: "null" }] }, "optional"],
  ["int | float", { anyOf: [{ type: "integer" }, { type: "number" }] }, "number"],
  ["int | str", { anyOf: [{ type: "integer" }, { type: "string" }] }, "union"],
  ["Literal | int", { anyOf: [{ const: "auto", type: "string" }, { type: "integer" }] }, "union"],
  ["date", { format: "date", type: "string" }, "moment"],
  ["time", { format: "time", type: "string" }, "moment"],
  ["datetime", { format: "date-time", type: "string" }, "moment"],
  ["timedelta", { format: "duration", type: "string" }, "line"],
  ["UUID", { format: "uuid", type: "string" }, "line"],
  ["str with a pattern", { type: "string", pattern: "^a" }, "line"],
  ["short str", { type: "string", maxLength: 20 }, "line"],
  ["Path", { format: "path", type: "string" }, "path"],
  ["SecretStr", { format: "password", type: "string", writeOnly: true }, "secret"],
  ["SecretStr | None", { anyOf: [{ format: "password", type: "string" }, { type: "null" }] }, "secret"],
  ["image", { type: "string", contentMediaType: "image/png" }, "image"],
  ["list[Color]", { $defs: { Color: COLOR }, items: { $ref: "#/$defs/Color" }, type: "array" }, "list"],
  ["tuple[int, str]", { prefixItems: [{ type: "integer" }, { type: "string" }], type: "array" }, "json"],
  ["dict", { additionalProperties: true, type: "object" }, "dict"],
  ["dict[str, str]", { additionalProperties: { type: "string" }, type: "object" }, "dict"],
  ["dataclass", { properties: { x: { type: "integer" } }, type: "object" }, "object"],
  ["Any", {}, "any"],
  ["reference to itself", { $defs: { A: { $ref: "#/$defs/A" } }, $ref: "#/$defs/A" }, "any"],
];

describe("the choice of a widget", () => {
  it.each(CASES)("for %s", (_, schema, expected) => {
    expect(chooseWidget(schema)).toBe(expected);
  });

  it("falls back to the literal values of a parameter without a schema", () => {
    expect(widgetFor(paramOf({}, { literal_values: ["a", 1] }))).toBe(ChoiceWidget);
  });
});
