import type { Resource } from "../../support/bicep/reference.ts";
import type { Sources } from "../../support/bicep/sources.ts";
import { written } from "../../support/bicep/walk.ts";
import { deployed, scenarios } from "../scenarios.ts";

/** What keeps out keys, passwords and old protocols: no rule of Cordon reads it. */
const wanted: Readonly<Record<string, Readonly<Record<string, string | boolean>>>> = {
  "Microsoft.Storage/storageAccounts": {
    "/properties/allowSharedKeyAccess": false,
    "/properties/allowBlobPublicAccess": false,
    "/properties/allowCrossTenantReplication": false,
    "/properties/isLocalUserEnabled": false,
    "/properties/minimumTlsVersion": "TLS1_2",
    "/properties/supportsHttpsTrafficOnly": true,
  },
  "Microsoft.KeyVault/vaults": {
    "/properties/enableRbacAuthorization": true,
    "/properties/enableSoftDelete": true,
    "/properties/enablePurgeProtection": true,
  },
  "Microsoft.Web/sites": {
    "/properties/httpsOnly": true,
    "/properties/siteConfig/minTlsVersion": "1.2",
    "/properties/siteConfig/scmMinTlsVersion": "1.2",
  },
  "Microsoft.Web/sites/basicPublishingCredentialsPolicies": { "/properties/allow": false },
  "Microsoft.Insights/components": { "/properties/DisableLocalAuth": true },
  "Microsoft.OperationalInsights/workspaces": { "/properties/features/disableLocalAuth": true },
};

/** Both ways of deploying with a password: https://learn.microsoft.com/azure/app-service/configure-basic-auth-disable */
const passwords = ["ftp", "scm"];

/** Settings that let somebody in who is nobody in Microsoft Entra ID, or in a way that is no longer safe. */
export function weakSettings(sources: Sources): readonly string[] {
  const mistakes = scenarios
    .filter(({ file }) => file === "main.bicep")
    .flatMap((scenario) => weakIn(deployed(sources, scenario).resources));
  return [...new Set(mistakes)];
}

export function weakIn(resources: readonly Resource[]): readonly string[] {
  const made = resources.filter(({ isExisting, isDeployed }) => !isExisting && isDeployed !== false);
  return Object.entries(wanted).flatMap(([type, settings]) => {
    const ofType = made.filter((one) => one.type === type);
    return ofType.length === 0
      ? [`main.bicep:1: there is no ${type}`]
      : ofType.flatMap((one) => weakAt(one, settings, made));
  });
}

function weakAt(
  resource: Resource,
  settings: Readonly<Record<string, unknown>>,
  made: readonly Resource[],
): readonly string[] {
  const { type, at, id, body } = resource;
  const weak = Object.entries(settings).filter(([pointer, value]) => valueAt(body, pointer) !== value);
  const policies = type === "Microsoft.Web/sites" ? passwords : [];
  const missing = policies.filter(
    (name) => !made.some((one) => one.id === `${id}/basicPublishingCredentialsPolicies/${name}`),
  );
  return [
    ...weak.map(([pointer, value]) => written(at, `${type}: ${pointer} is not ${JSON.stringify(value)}`)),
    ...missing.map((name) => written(at, `${type}: nothing says whether passwords are taken for ${name}`)),
  ];
}

function valueAt(body: unknown, pointer: string): unknown {
  return pointer
    .split("/")
    .slice(1)
    .reduce((value: unknown, name) => Object(value)[name], body);
}
