import { describe, expect, it } from "vitest";
import { loadParameters } from "@/panels/pipelines/load_parameters";
import type { PipelineInfo } from "@/wire/shapes";

function info(load_params: string[], config_schema: object): PipelineInfo {
  return { load_params, config_schema: { config_schema } } as unknown as PipelineInfo;
}

describe("load parameters", () => {
  it("are those that count when a pipeline is loaded, in the order that the config asks for", () => {
    const properties = {
      seed: { type: "integer" },
      height: { type: "integer", title: "Height", description: "In pixels", ui: { order: 2 } },
      gain: { type: "number", ui: { order: 1, label: "Gain!" } },
      model: { type: "string", title: "Model" },
    };
    expect(loadParameters(info(["model", "height", "gain", "gone"], { properties }))).toMatchObject([
      { name: "gain", label: "Gain!" },
      { name: "height", label: "Height", description: "In pixels" },
      { name: "model", label: "Model" },
    ]);
  });

  it("carry the definitions that they refer to", () => {
    const config = { properties: { mode: { $ref: "#/$defs/Mode" } }, $defs: { Mode: { enum: ["a"] } } };
    expect(loadParameters(info(["mode"], config))[0]?.schema).toEqual({
      $ref: "#/$defs/Mode",
      $defs: { Mode: { enum: ["a"] } },
    });
  });

  it("are none where a config says nothing", () => {
    expect(loadParameters(info(["x"], {}))).toEqual([]);
  });
});
