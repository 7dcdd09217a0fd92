import { describe, expect, test } from "vitest";
import { checks } from "./checks/index.ts";
import { templates } from "./templates.ts";

interface Planted {
  readonly when: string;
  readonly file: string;
  readonly given: (text: string) => string;
  readonly want: string;
}

const replaced = (old: string, other: string) => (text: string) => text.replace(old, other);
const added = (more: string) => (text: string) => `${text}\n${more}\n`;

/** One mistake in a copy of the templates; the check of that kind must find it. */
const planted: Readonly<Record<keyof typeof checks, readonly Planted[]>> = {
  "written in Bicep": [
    {
      when: "a brace is not closed",
      file: "key-vault.bicep",
      given: replaced("      virtualNetworkRules: []\n    }\n", "      virtualNetworkRules: []\n"),
      want: "syntax error at",
    },
    {
      when: "two properties stand on one line without a comma",
      file: "storage.bicep",
      given: replaced("  kind: 'StorageV2'\n", "  kind: 'StorageV2' tags: {}\n"),
      want: "`tags: {}` must be set off by a comma or a new line",
    },
    {
      when: "a line ends after a comma between elements",
      file: "storage.bicep",
      given: replaced("'audits', 'audits-poison'", "'audits',\n'audits-poison'"),
      want: "a line break after a comma",
    },
    {
      when: "a line ends inside an operation",
      file: "app.bicep",
      given: replaced("priority: 100 + index", "priority: 100\n            + index"),
      want: "no line may end before `+`",
    },
    {
      when: "a string has an escape of another language",
      file: "main.bicep",
      given: replaced("param sinks string = 'queue'", "param sinks string = '\\d'"),
      want: "a string has an escape that Bicep does not know",
    },
    {
      when: "a statement is no declaration",
      file: "main.bicep",
      given: added("import { x } from 'x.bicep'"),
      want: "this reader does not know a import_functionality",
    },
  ],
  "without names that nothing declares": [
    {
      when: "a variable is misspelled",
      file: "storage.bicep",
      given: replaced("for queue in queues", "for queue in queus"),
      want: "there is no `queus`",
    },
    {
      when: "a loop's own name is used outside",
      file: "storage.bicep",
      given: added("@description('x')\noutput last string = queue"),
      want: "there is no `queue`",
    },
    {
      when: "a function is misspelled",
      file: "cordon.bicep",
      given: replaced("uniqueString(", "uniqString("),
      want: "there is no function `uniqString`",
    },
    {
      when: "a default names a variable",
      file: "cordon.bicep",
      given: replaced("param name string", "param name string = globalName"),
      want: "a default can only name parameters, and `globalName` is none",
    },
    {
      when: "a decorator is misspelled",
      file: "main.bicep",
      given: replaced("@maxLength(9)", "@maxlength(9)"),
      want: "there is no decorator `maxlength`",
    },
    {
      when: "a type is misspelled",
      file: "main.bicep",
      given: replaced("param sinks string", "param sinks text"),
      want: "there is no type `text`",
    },
    {
      when: "a name is declared twice",
      file: "storage.bicep",
      given: added("var queues = []"),
      want: "`queues` is declared twice",
    },
  ],
  "without what nothing uses": [
    {
      when: "a parameter is not used",
      file: "key-vault.bicep",
      given: added("@description('x')\nparam unused string = ''"),
      want: "nothing uses `unused`",
    },
    {
      when: "a variable is not used",
      file: "key-vault.bicep",
      given: added("var unused = 1"),
      want: "nothing uses `unused`",
    },
    {
      when: "a variable is hidden by a loop's own name",
      file: "storage.bicep",
      given: added("var queue = 'changes'"),
      want: "nothing uses `queue`",
    },
    {
      when: "an existing resource is not used",
      file: "access.bicep",
      given: added("resource twin 'Microsoft.KeyVault/vaults@2026-02-01' existing = {\n  name: vaultName\n}"),
      want: "nothing uses `twin`",
    },
    {
      when: "no caller reads an output",
      file: "storage.bicep",
      given: added("@description('x')\noutput kind string = account.kind"),
      want: "no caller reads the output `kind`",
    },
  ],
  "with modules that get what they ask for": [
    {
      when: "a parameter is missing",
      file: "cordon.bicep",
      given: replaced("params: { location: location, name: 'st${globalName}' }", "params: { location: location }"),
      want: "`storage.bicep` needs the parameter `name`",
    },
    {
      when: "a parameter is too many",
      file: "cordon.bicep",
      given: replaced("name: 'st${globalName}' }", "name: 'st${globalName}', kind: 'x' }"),
      want: "`storage.bicep` has no parameter `kind`",
    },
    {
      when: "an output is misspelled",
      file: "cordon.bicep",
      given: replaced("vault.outputs.secretUri", "vault.outputs.secretURI"),
      want: "`key-vault.bicep` has no output `secretURI`",
    },
    {
      when: "the file is not there",
      file: "cordon.bicep",
      given: replaced("module vault 'key-vault.bicep'", "module vault 'keyvault.bicep'"),
      want: "there is no file `keyvault.bicep`",
    },
    {
      when: "a module is given what only resources have",
      file: "cordon.bicep",
      given: replaced("  name: 'cordon-storage'\n", "  name: 'cordon-storage'\n  location: location\n"),
      want: "a module has no `location`",
    },
  ],
  "with parameter files that give what is asked for": [
    {
      when: "a parameter without a default is missing",
      file: "main.parameters.json",
      given: (text) => text.replace(/ *"operatorEmail".*\n/, ""),
      want: "the parameter `operatorEmail` is missing",
    },
    {
      when: "a parameter is misspelled",
      file: "main.parameters.json",
      given: replaced('"operatorAddresses"', '"operatorAdresses"'),
      want: "there is no parameter `operatorAdresses`",
    },
    {
      when: "a value is of another type",
      file: "main.parameters.json",
      given: replaced('"value": "${CORDON_OPERATOR_ADDRESSES=[]}"', '"value": "203.0.113.7"'),
      want: "the value is not of the type of `operatorAddresses`",
    },
    {
      when: "a list that is taken from the environment has no default",
      file: "main.parameters.json",
      given: replaced("ADDRESSES=[]}", "ADDRESSES}"),
      want: "the value is not of the type of `operatorAddresses`",
    },
    {
      when: "the default of a list is no JSON",
      file: "main.parameters.json",
      given: replaced("ADDRESSES=[]}", "ADDRESSES=203.0.113.7}"),
      want: "the value is not of the type of `operatorAddresses`",
    },
    {
      when: "the default of a list is JSON of another type",
      file: "main.parameters.json",
      given: replaced("ADDRESSES=[]}", "ADDRESSES=7}"),
      want: "the value is not of the type of `operatorAddresses`",
    },
  ],
  "with names and conditions that are known before the deployment": [
    {
      when: "a name asks for what only the deployed resource has",
      file: "monitoring.bicep",
      given: replaced("name: 'appi-${name}'", "name: 'appi-${workspace.properties.customerId}'"),
      want: "the `name` of `component` must be known before the deployment, and `workspace.properties` is not",
    },
    {
      when: "a name does so by way of a variable",
      file: "monitoring.bicep",
      given: (text) =>
        `${text.replace("name: 'appi-${name}'", "name: customer")}\nvar customer = workspace.properties.customerId\n`,
      want: "and `workspace.properties` is not",
    },
    {
      when: "a loop goes over a module's output",
      file: "management-group.bicep",
      given: replaced("for (id, index) in subscriptionIds", "for (id, index) in groups[0].outputs.ids"),
      want: "the `for` of `audited` must be known before the deployment, and an output of `groups` is not",
    },
    {
      when: "a condition asks for a module's output",
      file: "main.bicep",
      given: replaced(
        "module audited 'audited-subscription.bicep' = {",
        "module audited 'audited-subscription.bicep' = if (cordon.outputs.appName != '') {",
      ),
      want: "the `if` of `audited` must be known before the deployment, and an output of `cordon` is not",
    },
    {
      when: "the time is asked for outside a default",
      file: "monitoring.bicep",
      given: replaced("kind: 'web'", "kind: utcNow()"),
      want: "`utcNow` may stand in the default of a parameter only",
    },
  ],
  "made of types and api-versions that Azure publishes": [
    {
      when: "there is no such type",
      file: "storage.bicep",
      given: replaced("Microsoft.Storage/storageAccounts@", "Microsoft.Storage/storageAccount@"),
      want: "carry the published type of Microsoft.Storage/storageAccount into test/fixtures/arm-schema",
    },
    {
      when: "a type inside another is misspelled",
      file: "storage.bicep",
      given: replaced("resource blobs 'blobServices'", "resource blobs 'blobService'"),
      want: "carry the published type of Microsoft.Storage/storageAccounts/blobService into",
    },
    {
      when: "a type is spelled in another casing",
      file: "storage.bicep",
      given: replaced("Microsoft.Storage/storageAccounts@", "Microsoft.Storage/storageaccounts@"),
      want: "is spelled `Microsoft.Storage/storageAccounts`",
    },
    {
      when: "there is no such api-version",
      file: "storage.bicep",
      given: replaced("storageAccounts@2026-04-01", "storageAccounts@2026-04-31"),
      want: "the published api-version of Microsoft.Storage/storageAccounts is 2026-04-01, not 2026-04-31",
    },
    {
      when: "a property is read that the type does not have",
      file: "storage.bicep",
      given: replaced("primaryEndpoints.blob}", "primaryEndpoint.blob}"),
      want: "a Microsoft.Storage/storageAccounts has no `properties.primaryEndpoint.blob`",
    },
    {
      when: "a property is read without `properties`",
      file: "cordon.bicep",
      given: replaced("identity.properties.clientId", "identity.clientId"),
      want: "a Microsoft.ManagedIdentity/userAssignedIdentities has no `clientId`",
    },
  ],
  "made of bodies that Azure's types allow": [
    {
      when: "a property is misspelled",
      file: "storage.bicep",
      given: replaced("publicNetworkAccess:", "publicNetworkAcces:"),
      want: "Microsoft.Storage/storageAccounts: /properties has no `publicNetworkAcces`",
    },
    {
      when: "a property stands at the wrong depth",
      file: "key-vault.bicep",
      given: replaced("    enableRbacAuthorization: true\n", "    properties: { enableRbacAuthorization: true }\n"),
      want: "Microsoft.KeyVault/vaults: /properties has no `properties`",
    },
    {
      when: "a required property is missing",
      file: "key-vault.bicep",
      given: replaced("    tenantId: tenant().tenantId\n", ""),
      want: "Microsoft.KeyVault/vaults: /properties lacks `tenantId`",
    },
    {
      when: "a word is not among those that Azure knows",
      file: "storage.bicep",
      given: replaced("defaultAction: 'Deny'", "defaultAction: 'Denied'"),
      want: '/properties/networkAcls/defaultAction is "Denied", and may be Allow, Deny',
    },
    {
      when: "a number stands where a string belongs",
      file: "app.bicep",
      given: replaced("version: '22'", "version: 22"),
      want: "/properties/functionAppConfig/runtime/version must be string",
    },
    {
      when: "something read-only is set",
      file: "storage.bicep",
      given: replaced("  properties: {\n", "  properties: {\n    provisioningState: 'Succeeded'\n"),
      want: "/properties/provisioningState is read-only",
    },
    {
      when: "a kind of a union has a property of another kind",
      file: "event-subscription.bicep",
      given: replaced("endpointType: 'StorageQueue'", "endpointType: 'StorageBlob'"),
      want: '/properties/deliveryWithResourceIdentity/destination/endpointType is "StorageBlob", and may be',
    },
    {
      when: "a kind of a union lacks a property",
      file: "event-alert.bicep",
      given: replaced("          threshold: 0\n", ""),
      want: "/properties/criteria/allOf/0 lacks `threshold`",
    },
    {
      when: "a parameter is given a value of another type",
      file: "main.bicep",
      given: replaced("    instanceMemoryMB: instanceMemoryMB", "    instanceMemoryMB: '2048'"),
      want: '`"2048"` is not of the type of `instanceMemoryMB`',
    },
    {
      when: "a value breaks a limit",
      file: "main.bicep",
      given: replaced("param name string = 'cordon'", "param name string = 'cordon-auditor'"),
      want: '`"cordon-auditor"` breaks the `@maxLength` of `name`',
    },
    {
      when: "a module is deployed to a scope of another kind",
      file: "main.bicep",
      given: replaced("  scope: group\n", ""),
      want: "cordon.bicep is for a resourceGroup, and this scope is a subscription",
    },
    {
      when: "a resource is deployed to another group without a module",
      file: "storage.bicep",
      given: replaced("  kind: 'StorageV2'\n", "  kind: 'StorageV2'\n  scope: resourceGroup('rg-other')\n"),
      want: "`account` is deployed to another scope than its file: that takes a module",
    },
    {
      when: "a resource with a location is deployed to a subscription",
      file: "reader-role.bicep",
      given: added(
        "resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {\n  name: 'plan'\n  location: 'westeurope'\n}",
      ),
      want: "a Microsoft.Web/serverfarms is deployed to a resource group",
    },
    {
      when: "a child's parent is of another type",
      file: "event-subscription.bicep",
      given: replaced(
        "Microsoft.EventGrid/systemTopics@2025-02-15' existing",
        "Microsoft.EventGrid/topics@2025-02-15' existing",
      ),
      want: "the `parent` of a `Microsoft.EventGrid/systemTopics/eventSubscriptions` is no `Microsoft.EventGrid/topics`",
    },
    {
      when: "two deployments in one scope have one name",
      file: "cordon.bicep",
      given: replaced("name: 'cordon-app-endpoint'", "name: 'cordon-data-endpoints'"),
      want: "the deployment cordon-data-endpoints in /subscriptions/",
    },
    {
      when: "two declarations make one resource",
      file: "storage.bicep",
      given: replaced("'audits', 'audits-poison'", "'audits', 'audits'"),
      want: "/queues/audits is made twice",
    },
    {
      when: "symbols depend on each other",
      file: "cordon.bicep",
      given: (text) => `${text.replace("'${name}${uniqueString", "'${other}${uniqueString")}\nvar other = globalName\n`,
      want: "`globalName` depends on itself",
    },
    {
      when: "a property of an object is misspelled",
      file: "network.bicep",
      given: replaced("prefixes.endpoints\n", "prefixes.endpoint\n"),
      want: "there is no `prefixes.endpoint`",
    },
    {
      when: "no scenario comes to a file",
      file: "cordon.bicep",
      given: (text) => text.replaceAll("private-endpoints.bicep", "network.bicep"),
      want: "no scenario deploys it",
    },
  ],
  "made of queries that Azure understands": [
    {
      when: "a query asks for a column that is not there",
      file: "alerts.bicep",
      given: replaced("severityLevel >= 2", "severity >= 2"),
      want: "cordon-poison-messages: The name 'severity' does not refer to any known column",
    },
    {
      when: "a query has a word of the language for a name",
      file: "subscription-not-audited.kql",
      given: (text) => text.replaceAll("firstAsked", "first"),
      want: "cordon-subscription-not-audited: The name 'first' needs to be bracketed",
    },
    {
      when: "an alert is split by a column that its query does not answer",
      file: "subscription-not-audited.kql",
      given: (text) => text.replaceAll("subscriptionId", "subscription"),
      want: "cordon-subscription-not-audited: the query answers without `subscriptionId`",
    },
  ],
  "without settings of other plans": [
    {
      when: "FTPS is turned off, which is not there",
      file: "app.bicep",
      given: replaced("      minTlsVersion: '1.2'\n", "      minTlsVersion: '1.2'\n      ftpsState: 'Disabled'\n"),
      want: "Flex Consumption does not take `ftpsState`",
    },
    {
      when: "the runtime is a setting",
      file: "app-settings.bicep",
      given: replaced("    CORDON_READER:", "    FUNCTIONS_WORKER_RUNTIME: 'node'\n    CORDON_READER:"),
      want: "Flex Consumption does not take `FUNCTIONS_WORKER_RUNTIME`",
    },
  ],
  "without secrets": [
    {
      when: "there is a connection string",
      file: "app-settings.bicep",
      given: replaced(
        "    CORDON_READER:",
        `    AzureWebJobsStorage: 'DefaultEndpointsProtocol=https;AccountName=a'\n    CORDON_READER:`,
      ),
      want: "this looks like a connection string",
    },
    {
      when: "there is an account key",
      file: "main.bicep",
      given: replaced("param sinks string = 'queue'", `param sinks string = '${"aB3d".repeat(21)}aB=='`),
      want: "this looks like a key in base64",
    },
    {
      when: "there is a webhook's key",
      file: "app-settings.bicep",
      given: replaced("'' : '@Microsoft", "'whsec_MfKQ9r8GKYqrTwjU' : '@Microsoft"),
      want: "this looks like a webhook's key",
    },
    {
      when: "there is a shared access signature",
      file: "main.parameters.json",
      given: replaced(
        '"operatorAddresses"',
        '"packageUrl": { "value": "https://a.example/p?sv=2024-01-01&sig=x" },\n    "operatorAddresses"',
      ),
      want: "this looks like a shared access signature",
    },
    {
      when: "keys are read out of the account",
      file: "storage.bicep",
      given: replaced(
        "'${account.properties",
        "'${listKeys(account.id, '2026-04-01').keys[0].value}${account.properties",
      ),
      want: "`listKeys()` reads a secret",
    },
    {
      when: "a parameter takes a secret unprotected",
      file: "main.bicep",
      given: added("@description('x')\nparam webhookSecret string = ''"),
      want: "the parameter `webhookSecret` is not `@secure`",
    },
    {
      when: "an output gives a secret away",
      file: "key-vault.bicep",
      given: added("@description('x')\noutput signingKey string = vault.name"),
      want: "the output `signingKey` would be kept with the deployment",
    },
    {
      when: "the value of a secret setting is written down",
      file: "app-settings.bicep",
      given: replaced("    CORDON_READER:", "    CORDON_WEBHOOK_TOKEN: 'swordfish'\n    CORDON_READER:"),
      want: "the value of `CORDON_WEBHOOK_TOKEN` is written down",
    },
  ],
  "closed to keys, passwords and old protocols": [
    {
      when: "the storage account takes keys",
      file: "storage.bicep",
      given: replaced("allowSharedKeyAccess: false", "allowSharedKeyAccess: true"),
      want: "Microsoft.Storage/storageAccounts: /properties/allowSharedKeyAccess is not false",
    },
    {
      when: "the storage account does not say whether it takes keys",
      file: "storage.bicep",
      given: replaced("    allowSharedKeyAccess: false\n", ""),
      want: "Microsoft.Storage/storageAccounts: /properties/allowSharedKeyAccess is not false",
    },
    {
      when: "the app can be deployed to with a password",
      file: "app.bicep",
      given: replaced("properties: { allow: false }", "properties: { allow: true }"),
      want: "Microsoft.Web/sites/basicPublishingCredentialsPolicies: /properties/allow is not false",
    },
    {
      when: "one of the two ways to do so is forgotten",
      file: "app.bicep",
      given: (text) => text.replace(/ {2}resource ftpPasswords [\s\S]*?\n {2}\}\n/, ""),
      want: "Microsoft.Web/sites: nothing says whether passwords are taken for ftp",
    },
    {
      when: "logs are taken from everybody who has the connection string",
      file: "monitoring.bicep",
      given: replaced("    DisableLocalAuth: true\n", ""),
      want: "Microsoft.Insights/components: /properties/DisableLocalAuth is not true",
    },
  ],
  "with a description of every parameter and output": [
    {
      when: "a parameter has none",
      file: "storage.bicep",
      given: replaced("@description('The region of the account.')\n", ""),
      want: "`location` has no description",
    },
    {
      when: "an output has an empty one",
      file: "storage.bicep",
      given: replaced("@description('The id of the account.')", "@description('')"),
      want: "`id` has no description",
    },
  ],
  "without switches": [
    {
      when: "a parameter switches something off",
      file: "main.bicep",
      given: added("@description('x')\nparam withAlerts bool = true"),
      want: "`withAlerts` is a switch",
    },
  ],
  "at most 120 lines long": [
    {
      when: "a file is longer",
      file: "main.bicep",
      given: added("// x\n".repeat(30)),
      want: "more than 120 lines",
    },
  ],
};

const rows = Object.entries(checks).flatMap(([name, check]) =>
  planted[name as keyof typeof checks].map((row) => ({ name, check, ...row })),
);

describe("a planted mistake is found", () => {
  test.each(rows)("$name: $when", ({ check, file, given, want }) => {
    const found = check(templates.with(file, given));
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(want)]));
  });

  test("of every kind", () => {
    expect(Object.entries(planted).filter(([, ofKind]) => ofKind.length === 0)).toEqual([]);
  });
});
