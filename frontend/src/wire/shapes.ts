/** What the server's answers look like: names for the types that are made from its description. */

import type { Json } from "@/graph/workflow";
import type { components } from "@/wire/schema";

type Schemas = components["schemas"];

/** A finding about a workflow before it runs. */
export type Diagnostic = Readonly<Schemas["Diagnostic"]>;
/** A nodepack file, or one function in it, that could not become nodes. */
export type LoadFailure = Readonly<Schemas["LoadFailure"]>;
export type RunDescription = Readonly<Schemas["RunDescription"]>;
/** `off` takes no earlier results, `reuse` takes those that still hold, `fresh` none and a new worker. */
export type CacheUse = Schemas["RunRequest"]["cache"];
/** A workflow of the server, as its list has it; one with a `problem` cannot be opened. */
export type WorkflowInfo = Readonly<Schemas["WorkflowItem"]>;
export type SecretInfo = Readonly<Schemas["SecretItem"]>;
export type TemplateInfo = Readonly<Schemas["TemplateItem"]>;
export type NamedRevision = Readonly<Schemas["WorkflowStored"]>;

/** A workflow's file and the revision that it is; `null` for a file that cannot be read. */
export interface Revised {
  readonly revision: string;
  readonly workflow: Json;
}

/** What the server tells everybody on `GET /events`. */
export type Announcement = Readonly<
  | Schemas["HelloAnnouncement"]
  | Schemas["CatalogAnnouncement"]
  | Schemas["WorkflowAnnouncement"]
  | Schemas["SecretsAnnouncement"]
  | Schemas["NodesAnnouncement"]
  | Schemas["PipelinesAnnouncement"]
  | Schemas["RunsAnnouncement"]
  | Schemas["ResyncAnnouncement"]
>;

// Node packages and pipelines

export type PackageList = Readonly<Schemas["NodeList"]>;
export type PackageInfo = Readonly<Schemas["NodeInfo"]>;
/** A package, or a part of one, that is installed and cannot be loaded. */
export type FailedPackage = Readonly<Schemas["FailedNode"]>;
/** What to install: a spec and how. */
export type PackageWish = Readonly<Schemas["PackageRequest"]>;
export type Preview = Readonly<Schemas["PreviewAnswer"]>;
export type DistributionChanges = Readonly<Schemas["DistributionChanges"]>;
export type GenerationList = Readonly<Schemas["GenerationList"]>;
export type GenerationInfo = Readonly<Schemas["GenerationItem"]>;
/** What `GET /nodes/events` tells of the change that goes on, or of the last one. */
export type ChangeEvent = Readonly<Schemas["ChangeStep"] | Schemas["ChangeEnd"] | Schemas["NoChange"]>;
export type PipelineInfo = Readonly<Schemas["PipelineItem"]>;
export type PipelineState = Readonly<Schemas["PipelineState"]>;
export type Health = Readonly<Schemas["Health"]>;
