import type { Check } from "./check.ts";
import { wrongDeployments } from "./deployments.ts";
import { switches, tooLong, undescribed } from "./described.ts";
import { settingsOfOtherPlans } from "./flex-consumption.ts";
import { knownTooLate } from "./known-at-start.ts";
import { syntax } from "./layout.ts";
import { wrongModuleCalls } from "./module-calls.ts";
import { wrongParameterFiles } from "./parameter-files.ts";
import { unpublished } from "./published-types.ts";
import { wrongQueries } from "./queries.ts";
import { secrets } from "./secrets.ts";
import { unresolved } from "./symbols.ts";
import { unused } from "./unused.ts";
import { weakSettings } from "./weak-settings.ts";

/** Everything that the templates are held to, by what a file then is. */
export const checks = {
  "written in Bicep": syntax,
  "without names that nothing declares": unresolved,
  "without what nothing uses": unused,
  "with modules that get what they ask for": wrongModuleCalls,
  "with parameter files that give what is asked for": wrongParameterFiles,
  "with names and conditions that are known before the deployment": knownTooLate,
  "made of types and api-versions that Azure publishes": unpublished,
  "made of bodies that Azure's types allow": wrongDeployments,
  "made of queries that Azure understands": wrongQueries,
  "without settings of other plans": settingsOfOtherPlans,
  "without secrets": secrets,
  "closed to keys, passwords and old protocols": weakSettings,
  "with a description of every parameter and output": undescribed,
  "without switches": switches,
  "at most 120 lines long": tooLong,
} as const satisfies Readonly<Record<string, Check>>;
