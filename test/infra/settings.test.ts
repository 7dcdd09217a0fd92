import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { describedSettings } from "../../lib/settings/described.ts";
import { readSettings } from "../../lib/settings/settings.ts";
import { Unknown } from "../support/bicep/value.ts";
import { closed, deployed, type Scenario, scenarios, subscriptionId } from "./scenarios.ts";
import { templates } from "./templates.ts";

/** The folder that holds what is deployed beside the app's code. */
const folder = fileURLToPath(new URL("../../infra/", import.meta.url));

/** Settings that others read than Cordon, each with the page that names it. */
const ofOthers: ReadonlyMap<string, string> = new Map([
  [
    "AzureWebJobsStorage__blobServiceUri",
    "https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity",
  ],
  ["AZURE_CLIENT_ID", "https://learn.microsoft.com/javascript/api/@azure/identity/defaultazurecredential"],
  [
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_connection_string",
  ],
  [
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_authentication_string",
  ],
]);

/** Settings that an app in Azure has no use for, or gets from Azure. */
const notInAzure: ReadonlyMap<string, string> = new Map([
  ["AzureWebJobsStorage", "a connection string has a key in it"],
  ["AzureWebJobsStorage__accountName", "for accounts in core.windows.net"],
  ["CORDON_ARM_LOOPBACK", "for a simulated Azure"],
  ["CORDON_RECORDING", "for a recording"],
  ["CORDON_REPORT_URL", "Azure says where the app is, in WEBSITE_HOSTNAME"],
]);

const domain = {
  public: "core.windows.net",
  usgov: "core.usgovcloudapi.net",
  china: "core.chinacloudapi.cn",
};

const clientId = "1d000000-0000-4000-8000-000000000002";

const deployments = scenarios.filter(({ file }) => file === "main.bicep");
const given = new Map(deployments.map((scenario) => [scenario.name, settingsOf(scenario)]));

function settingsOf(scenario: Scenario): ReadonlyMap<string, string> {
  const configs = deployed(templates, scenario).resources.filter(({ type }) => type === "Microsoft.Web/sites/config");
  const [settings, ...others] = configs.filter(({ body }) => body.name === "appsettings");
  if (settings === undefined || others.length > 0) throw new Error("the settings of one app are expected");
  return new Map(Object.entries(Object(settings.body.properties)).map(([name, value]) => [name, standIn(name, value)]));
}

/** What the app sees of a setting: Azure's own answers, and the secret that a reference leads to. */
function standIn(name: string, value: unknown): string {
  if (!(value instanceof Unknown)) return String(value);
  if (value.expression.endsWith(".properties.clientId")) return clientId;
  if (value.expression.includes("@Microsoft.KeyVault(")) return `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
  return `known to Azure: ${name}`;
}

/** The names that reading settings asks for, whatever way it takes. */
async function namesRead(environments: readonly Readonly<Record<string, string>>[]): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const environment of environments) {
    const noting = new Proxy(environment, {
      get(target, name) {
        if (typeof name === "string") names.add(name);
        return Reflect.get(target, name);
      },
    });
    await readSettings(noting, folder).catch(() => undefined);
  }
  return names;
}

describe("the settings of the deployed app", () => {
  const described = describedSettings.map(({ name }) => name);

  test.each([...given])("are all that Cordon reads in Azure, and none besides: %s", (_, settings) => {
    const wanted = [...described.filter((name) => !notInAzure.has(name)), ...ofOthers.keys()];
    expect([...settings.keys()].sort()).toEqual(wanted.sort());
  });

  test("what is left out is a setting of Cordon", () => {
    expect([...notInAzure.keys()].filter((name) => !described.includes(name))).toEqual([]);
  });

  test("what is described is what is read", async () => {
    const read = await namesRead([
      { CORDON_READER: "live", CORDON_SINKS: "webhook" },
      { CORDON_READER: "recorded", AzureWebJobsStorage__queueServiceUri: "https://a.queue.core.windows.net" },
    ]);
    const ofAzure = ["WEBSITE_HOSTNAME"];
    expect([...read].sort()).toEqual([...described, ...ofAzure].sort());
  });

  test.each(deployments)("are right: $name", async ({ name, cloud = "public" }) => {
    const { reader, storage, policy } = await readSettings(Object.fromEntries(given.get(name) ?? []), folder);
    expect(reader).toEqual({ kind: "live", cloud });
    const account = (service: string) =>
      expect.stringMatching(`^https://stcordon[a-z0-9]+\\.${service}\\.${domain[cloud]}$`);
    const endpoints = { queueEndpoint: account("queue"), tableEndpoint: account("table") };
    expect(storage).toEqual({ kind: "identity", clientId, ...endpoints });
    expect(policy).not.toBe(Policy.default);
  });

  test("audit what the one who deploys says", async () => {
    const ownCloud = deployments
      .filter(({ cloud }) => cloud === undefined)
      .flatMap(({ name }) => given.get(name) ?? []);
    const scopes = await Promise.all(ownCloud.map((one) => readSettings(Object.fromEntries(one), folder)));
    expect(scopes.map(({ scope, sinks }) => ({ scope, sinks }))).toEqual([
      { scope: { kind: "subscriptions", ids: [subscriptionId] }, sinks: ["queue"] },
      { scope: { kind: "managementGroup", name: "mg-contoso" }, sinks: ["queue", "webhook"] },
    ]);
  });

  test("hold no secret, but say where the webhook's key is", () => {
    const [, webhook] = deployments;
    const secret = (scenario: Scenario | undefined) => {
      const found = deployed(templates, scenario ?? closed).resources.find(({ body }) => body.name === "appsettings");
      return Object(found?.body.properties).CORDON_WEBHOOK_SECRET;
    };
    expect(secret(closed)).toBe("");
    expect(secret(webhook)).toMatchObject({ expression: expect.stringContaining("@Microsoft.KeyVault(SecretUri=") });
  });
});
