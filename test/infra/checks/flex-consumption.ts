import type { Resource } from "../../support/bicep/reference.ts";
import type { Sources } from "../../support/bicep/sources.ts";
import { written } from "../../support/bicep/walk.ts";
import { deployed, scenarios } from "../scenarios.ts";

/*
 * What the Flex Consumption plan does not take any more, or takes in another place.
 * https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
 */

/** Of an app and of its configuration; FTPS is not there, so that nobody has to turn it off. */
const properties = [
  "alwaysOn",
  "containerSize",
  "ftpsState",
  "functionAppScaleLimit",
  "isReserved",
  "isXenon",
  "javaVersion",
  "linuxFxVersion",
  "netFrameworkVersion",
  "powerShellVersion",
  "preWarmedInstanceCount",
  "use32BitWorkerProcess",
  "vnetBackupRestoreEnabled",
  "vnetContentShareEnabled",
  "vnetImagePullEnabled",
  "vnetRouteAllEnabled",
  "windowsFxVersion",
];

const settings = [
  "ENABLE_ORYX_BUILD",
  "FUNCTIONS_EXTENSION_VERSION",
  "FUNCTIONS_MAX_HTTP_CONCURRENCY",
  "FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED",
  "FUNCTIONS_WORKER_PROCESS_COUNT",
  "FUNCTIONS_WORKER_RUNTIME",
  "FUNCTIONS_WORKER_RUNTIME_VERSION",
  "SCM_DO_BUILD_DURING_DEPLOYMENT",
  "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING",
  "WEBSITE_CONTENTOVERVNET",
  "WEBSITE_CONTENTSHARE",
  "WEBSITE_DNS_SERVER",
  "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT",
  "WEBSITE_NODE_DEFAULT_VERSION",
  "WEBSITE_RUN_FROM_PACKAGE",
  "WEBSITE_SKIP_CONTENTSHARE_VALIDATION",
  "WEBSITE_TIME_ZONE",
  "WEBSITE_VNET_ROUTE_ALL",
];

/** Settings that belong to other plans than the app's. */
export function settingsOfOtherPlans(sources: Sources): readonly string[] {
  const mistakes = scenarios.flatMap((scenario) => deployed(sources, scenario).resources.flatMap(strangeIn));
  return [...new Set(mistakes)];
}

function strangeIn({ type, at, isExisting, body }: Resource): readonly string[] {
  if (isExisting) return [];
  const given = Object(body.properties);
  if (type === "Microsoft.Web/sites/config") return among(settings, Object.keys(given), at);
  if (type !== "Microsoft.Web/sites") return [];
  return among(properties, [...Object.keys(given), ...Object.keys(Object(given.siteConfig))], at);
}

function among(strange: readonly string[], given: readonly string[], at: Resource["at"]): readonly string[] {
  const folded = strange.map((name) => name.toLowerCase());
  return given
    .filter((name) => folded.includes(name.toLowerCase()))
    .map((name) => written(at, `Flex Consumption does not take \`${name}\``));
}
