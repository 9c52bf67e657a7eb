/** The parameters that count when a pipeline is loaded, as its config describes them. */

import { isObject, type JsonObject } from "@/graph/workflow";
import type { PipelineInfo } from "@/wire/shapes";

export interface LoadParameter {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  /** Can stand alone: definitions it refers to are in it. */
  readonly schema: JsonObject;
}

export function loadParameters({ load_params, config_schema }: PipelineInfo): readonly LoadParameter[] {
  const config = isObject(config_schema.config_schema) ? config_schema.config_schema : {};
  const properties = isObject(config.properties) ? config.properties : {};
  const found = load_params.flatMap((name) => {
    const schema = properties[name];
    return isObject(schema) ? [{ order: orderOf(schema), parameter: parameterOf(name, schema, config) }] : [];
  });
  return found.sort((one, other) => one.order - other.order).map(({ parameter }) => parameter);
}

function parameterOf(name: string, schema: JsonObject, { $defs }: JsonObject): LoadParameter {
  const ui = isObject(schema.ui) ? schema.ui : {};
  const label = [ui.label, schema.title, name].find((one) => typeof one === "string" && one !== "");
  return {
    name,
    label: String(label),
    description: typeof schema.description === "string" ? schema.description : "",
    schema: isObject($defs) ? { ...schema, $defs } : schema,
  };
}

/** The place that the config asks for; those that do not ask come last, as they are written. */
function orderOf({ ui }: JsonObject): number {
  return isObject(ui) && typeof ui.order === "number" ? ui.order : Number.MAX_SAFE_INTEGER;
}
