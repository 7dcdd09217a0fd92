import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { Policy } from "../../lib/model/policy.ts";
import { readSettings } from "../../lib/settings/settings.ts";
import { folderOf } from "../readers/recording.ts";

const root = resolve(import.meta.dirname, "../..");
const one = "11111111-2222-3333-4444-555555555555";
const other = "aaaaaaaa-2222-3333-4444-555555555555";
const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
const account =
  "DefaultEndpointsProtocol=https;AccountName=stcordon;AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net";

const good = {
  AUDIT_SCHEDULE: "0 0 */6 * * *",
  CORDON_SUBSCRIPTIONS: one,
  CORDON_READER: "recorded",
  CORDON_RECORDING: "test/fixtures/contoso-erp",
  CORDON_SINKS: "queue",
  AzureWebJobsStorage: "UseDevelopmentStorage=true",
};

type Environment = Readonly<Record<string, string | undefined>>;
const read = (given: Environment) => readSettings({ ...good, ...given }, root);
const mistakes = async (given: Environment) => {
  const error: unknown = await read(given).catch((refused: unknown) => refused);
  return error instanceof Error ? error.message.split("\n  ").slice(1) : [];
};

test("good settings", async () => {
  expect(await read({})).toEqual({
    schedule: "0 0 */6 * * *",
    scope: { kind: "subscriptions", ids: [one] },
    reader: { kind: "recorded", recording: join(root, "test/fixtures/contoso-erp") },
    policy: Policy.default,
    sinks: ["queue"],
    webhook: undefined,
    storage: { kind: "connectionString", connectionString: "UseDevelopmentStorage=true" },
    reportUrl: undefined,
  });
});

const understood = [
  {
    when: "ids come in any case, twice, with any separator",
    given: { CORDON_SUBSCRIPTIONS: ` ${one}, ${one.toUpperCase()};\n${other.toUpperCase()} ` },
    want: { scope: { kind: "subscriptions", ids: [one, other] } },
  },
  {
    when: "both sinks are named",
    given: {
      CORDON_SINKS: "webhook, queue",
      CORDON_WEBHOOK_URL: "https://example.com/h",
      CORDON_WEBHOOK_SECRET: secret,
    },
    want: { sinks: ["queue", "webhook"], webhook: { url: new URL("https://example.com/h"), secrets: [secret] } },
  },
  {
    when: "the webhook is on this machine and its key is being changed",
    given: { CORDON_WEBHOOK_URL: "http://127.0.0.1:8080/", CORDON_WEBHOOK_SECRET: `${secret} ${secret}` },
    want: { webhook: { url: new URL("http://127.0.0.1:8080/"), secrets: [secret, secret] } },
  },
  {
    when: "optional ones are empty",
    given: { CORDON_POLICY: "", CORDON_WEBHOOK_SECRET: " ", AzureWebJobsStorage__accountName: "" },
    want: { policy: Policy.default, webhook: undefined },
  },
  {
    when: "a connection string and an identity are given: the host, too, takes the string",
    given: { AzureWebJobsStorage: account, AzureWebJobsStorage__accountName: "stother" },
    want: { storage: { kind: "connectionString", connectionString: account } },
  },
  {
    when: "the machine's identity signs in",
    given: { AzureWebJobsStorage: undefined, AzureWebJobsStorage__accountName: "stcordon" },
    want: {
      storage: {
        kind: "identity",
        queueEndpoint: "https://stcordon.queue.core.windows.net",
        tableEndpoint: "https://stcordon.table.core.windows.net",
      },
    },
  },
  {
    when: "a user-assigned identity signs in to another cloud",
    given: {
      AzureWebJobsStorage: undefined,
      AzureWebJobsStorage__queueServiceUri: "https://stcordon.queue.core.chinacloudapi.cn/",
      AzureWebJobsStorage__tableServiceUri: "https://stcordon.table.core.chinacloudapi.cn",
      AzureWebJobsStorage__credential: "managedidentity",
      AzureWebJobsStorage__clientId: other,
    },
    want: {
      storage: {
        kind: "identity",
        queueEndpoint: "https://stcordon.queue.core.chinacloudapi.cn",
        tableEndpoint: "https://stcordon.table.core.chinacloudapi.cn",
        clientId: other,
      },
    },
  },
  {
    when: "Azure says where the app is",
    given: { WEBSITE_HOSTNAME: "func-cordon.azurewebsites.net" },
    want: { reportUrl: "https://func-cordon.azurewebsites.net/api/report" },
  },
  {
    when: "a local host says where the app is",
    given: { WEBSITE_HOSTNAME: "localhost:7071" },
    want: { reportUrl: "http://localhost:7071/api/report" },
  },
  {
    when: "the report has an address of its own",
    given: { WEBSITE_HOSTNAME: "localhost:7071", CORDON_REPORT_URL: "https://cordon.example.com/report?x=1" },
    want: { reportUrl: "https://cordon.example.com/report" },
  },
  { when: "somebody else's setting begins like ours", given: { CORDON_MACHINE: "1" }, want: { sinks: ["queue"] } },
] as const;

test.each(understood)("understood: $when", async ({ given, want }) => {
  expect(await read(given)).toMatchObject(want);
});

const schedules = [
  { given: "0 30 9-17 * JAN,mar MON-FRI", want: undefined },
  { given: "0 0 0 29 2 *", want: undefined },
  { given: "*/15 0,30 */2 1-7 * 0", want: undefined },
  { given: "0 */6 * * *", want: "six fields are needed (second, minute, hour, day, month, weekday), not 5" },
  { given: "@daily", want: "six fields are needed (second, minute, hour, day, month, weekday), not 1" },
  { given: "0 0 0 * * * 2030", want: "six fields are needed (second, minute, hour, day, month, weekday), not 7" },
  { given: "0 0 0 L * *", want: "the host does not know `L`" },
  { given: "0 0 0 15W * *", want: "the host does not know `15W`" },
  { given: "0 0 0 * * MON#2", want: "the host does not know `MON#2`" },
  { given: "0 0 0 ? * MON", want: "the host does not know `?`" },
  { given: "0 0 0 * * +MON", want: "the host does not know `+MON`" },
  { given: "0 0 0 * MON *", want: "the host does not know `MON`" },
  { given: "0 0 0 * * 7", want: "Sunday is 0, there is no weekday 7" },
  { given: "0 0 0 * * 5-7", want: "Sunday is 0, there is no weekday 7" },
  { given: "0 0 0 30 2 *", want: "there is no such day" },
  { given: "0 0 0 30 2 MON", want: "there is no such day" },
  { given: "0 60 0 * * *", want: "minute" },
  { given: "0 0 0 */0 * *", want: "step" },
  { given: "0 0 17-9 * * *", want: "From value is larger than to value" },
];

test.each(schedules)("the schedule $given: $want", async ({ given, want = "" }) => {
  const [found = ""] = await mistakes({ AUDIT_SCHEDULE: given });
  if (want === "") expect(found).toBe("");
  else
    expect(found).toMatch(new RegExp(`^\`AUDIT_SCHEDULE\` is \`${RegExp.escape(given)}\`: .*${RegExp.escape(want)}`));
});

const https = "must begin with `https://` (`http://` is for this machine alone: `localhost`)";
const noKey = "`CORDON_WEBHOOK_SECRET` must be `whsec_` and a key in base64";
const toWebhook = { CORDON_SINKS: "webhook", CORDON_WEBHOOK_URL: "https://example.com", CORDON_WEBHOOK_SECRET: secret };

const refused: readonly { readonly given: Environment; readonly want: readonly string[] }[] = [
  {
    given: { CORDON_SUBSCRIPTIONS: `${one}, rg-erp` },
    want: ["`CORDON_SUBSCRIPTIONS` must be ids of subscriptions, which `rg-erp` is not"],
  },
  {
    given: { CORDON_SUBSCRIPTIONS: "" },
    want: ["`CORDON_SUBSCRIPTIONS` is missing: name subscriptions, or a group in `CORDON_MANAGEMENT_GROUP`"],
  },
  {
    given: { CORDON_MANAGEMENT_GROUP: "mg-erp" },
    want: ["`CORDON_MANAGEMENT_GROUP` and `CORDON_SUBSCRIPTIONS` exclude each other"],
  },
  {
    given: { CORDON_SUBSCRIPTIONS: "", CORDON_MANAGEMENT_GROUP: "mg erp" },
    want: ["`CORDON_MANAGEMENT_GROUP` is `mg erp`, which is not the id of a management group"],
  },
  {
    given: { CORDON_SUBSCRIPTIONS: "", CORDON_MANAGEMENT_GROUP: "mg-erp" },
    want: [
      "`CORDON_MANAGEMENT_GROUP` cannot be looked up in a recording: name its subscriptions in `CORDON_SUBSCRIPTIONS`",
    ],
  },
  {
    given: { CORDON_READER: "live", CORDON_CLOUD: "publik" },
    want: ["`CORDON_CLOUD` is `publik`, there are `public`, `usgov`, `china`, did you mean `public`?"],
  },
  {
    given: { CORDON_READER: "live", CORDON_ARM_LOOPBACK: "https://management.example" },
    want: ["`CORDON_ARM_LOOPBACK` must begin with `http://127.0.0.1`: it is for a simulated Azure"],
  },
  {
    given: { CORDON_READER: "recoded" },
    want: ["`CORDON_READER` is `recoded`, not `live` or `recorded`, did you mean `recorded`?"],
  },
  { given: { CORDON_RECORDING: "" }, want: ["`CORDON_RECORDING` is missing: the reader is `recorded`"] },
  {
    given: { CORDON_RECORDING: "nowhere" },
    want: ["`CORDON_RECORDING` is `nowhere`: there is no such file or folder"],
  },
  {
    given: { CORDON_POLICY: "nowhere.json" },
    want: [
      `\`CORDON_POLICY\` is \`nowhere.json\`: cannot read policy file \`${join(root, "nowhere.json")}\`: there is no such file`,
    ],
  },
  {
    given: { CORDON_SINKS: "" },
    want: ["`CORDON_SINKS` is missing: `queue`, `webhook` or both, separated by a comma"],
  },
  { given: { CORDON_SINKS: "," }, want: ["`CORDON_SINKS` names no sink"] },
  {
    given: { CORDON_SINKS: "queue,webhok" },
    want: ["`CORDON_SINKS` names `webhok`, there are `queue` and `webhook`, did you mean `webhook`?"],
  },
  {
    given: { CORDON_SINKS: "webhook" },
    want: [
      "`CORDON_WEBHOOK_URL` is missing: a sink is `webhook`",
      "`CORDON_WEBHOOK_SECRET` is missing: a sink is `webhook`",
    ],
  },
  {
    given: { ...toWebhook, CORDON_WEBHOOK_URL: "http://example.com/hook" },
    want: [`\`CORDON_WEBHOOK_URL\` ${https}`],
  },
  { given: { ...toWebhook, CORDON_WEBHOOK_URL: "http://10.0.0.4/" }, want: [`\`CORDON_WEBHOOK_URL\` ${https}`] },
  {
    given: { ...toWebhook, CORDON_WEBHOOK_URL: "http://127.0.0.1.example.com" },
    want: [`\`CORDON_WEBHOOK_URL\` ${https}`],
  },
  { given: { ...toWebhook, CORDON_WEBHOOK_URL: "file:///etc/passwd" }, want: [`\`CORDON_WEBHOOK_URL\` ${https}`] },
  {
    given: { ...toWebhook, CORDON_WEBHOOK_URL: "https://me:word@example.com" },
    want: ["`CORDON_WEBHOOK_URL` must not hold a user name or password"],
  },
  {
    given: { ...toWebhook, CORDON_WEBHOOK_URL: "example.com" },
    want: ["`CORDON_WEBHOOK_URL` is not an address such as `https://example.com/path`"],
  },
  { given: { CORDON_WEBHOOK_SECRET: "hunter2hunter2hunter2hunter2" }, want: [noKey] },
  { given: { CORDON_WEBHOOK_SECRET: "whsec_not base64" }, want: [noKey] },
  {
    given: { CORDON_WEBHOOK_SECRET: "whsec_c2hvcnQ=" },
    want: ["`CORDON_WEBHOOK_SECRET` has 5 bytes, it needs 24 to 64"],
  },
  {
    given: { CORDON_WEBHOOK_SECRET: "@Microsoft.KeyVault(SecretUri=https://kv.vault.azure.net/secrets/s)" },
    want: ["`CORDON_WEBHOOK_SECRET` is a reference to Key Vault that Azure could not follow"],
  },
  {
    given: { AzureWebJobsStorage: "" },
    want: [
      "`AzureWebJobsStorage` is missing: give it, or `AzureWebJobsStorage__accountName` for a sign-in without secrets",
    ],
  },
  {
    given: { AzureWebJobsStorage: "stcordon" },
    want: [
      "`AzureWebJobsStorage` is not a connection string (`DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…`)",
    ],
  },
  {
    given: {
      AzureWebJobsStorage: "",
      AzureWebJobsStorage__accountName: "St-Cordon",
      AzureWebJobsStorage__credential: "secret",
    },
    want: [
      "`AzureWebJobsStorage__accountName` is `St-Cordon`, which is not the name of a storage account",
      "`AzureWebJobsStorage__credential` is `secret`, but must be `managedidentity`",
    ],
  },
  {
    given: { AzureWebJobsStorage: "", AzureWebJobsStorage__queueServiceUri: "https://x.queue.core.windows.net" },
    want: ["`AzureWebJobsStorage__tableServiceUri` is missing: give both addresses"],
  },
  {
    given: {
      AzureWebJobsStorage: "",
      AzureWebJobsStorage__accountName: "DefaultEndpointsProtocol=https;AccountName=st;AccountKey=aHVudGVyMg==",
    },
    want: ["`AzureWebJobsStorage__accountName` holds more than a name, which is not the name of a storage account"],
  },
  {
    given: {
      AzureWebJobsStorage: "",
      AzureWebJobsStorage__accountName: "stcordon",
      AzureWebJobsStorage__queueServiceUri: "https://stcordon.queue.core.windows.net/?sv=2024-11-04&sig=aHVudGVyMg",
    },
    want: ["`AzureWebJobsStorage__queueServiceUri` must not have a query: no key belongs here"],
  },
  { given: { CORDON_POLCY: "x.json" }, want: ["`CORDON_POLCY` is no setting, did you mean `CORDON_POLICY`?"] },
];

test.each(refused)("refused: $want", async ({ given, want }) => {
  expect(await mistakes(given)).toEqual(want);
});

describe("one error", () => {
  test("names everything that is wrong, and no secret", async () => {
    const error: unknown = await readSettings(
      { CORDON_WEBHOOK_SECRET: "hunter2", AzureWebJobsStorage: "AccountName=x;Key=hunter2" },
      root,
    ).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ code: "ERR_SETTINGS_INVALID" });
    expect(String(error)).toMatch(/cannot start: 6 settings are wrong\n/);
    expect(String(error)).not.toContain("hunter2");
  });

  test("names the mistakes of the policy file, too", async () => {
    const folder = await folderOf({ "p.json": '{"sites": 1,\n "waivers": 2}' });
    const found = await mistakes({ CORDON_POLICY: join(folder, "p.json"), CORDON_READER: "dead" });
    expect(found).toHaveLength(4);
    expect(found.join("\n")).toContain("line 2, /waivers: must be an array, not a number");
  });
});
