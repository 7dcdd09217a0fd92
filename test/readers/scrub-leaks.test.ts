import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { audit } from "../../lib/audit.ts";
import { Policy } from "../../lib/model/policy.ts";
import { isWordOfAzure } from "../../lib/readers/azure-words.ts";
import { recorded } from "../../lib/readers/recorded.ts";
import type { RecordedAnswer } from "../../lib/readers/recorded-answer.ts";
import { scrub } from "../../lib/readers/scrub.ts";
import { rules } from "../../lib/rules/index.ts";
import { randomWorld } from "../oracle/random-world.ts";
import { aDeny, anAllow, anApp, forTag, lastRow, lists } from "../support/apps.ts";
import {
  aNetwork,
  aNetworkInterface,
  aRouteTable,
  aSecurityGroup,
  aSecurityRule,
  aStorageAccount,
  nsgId,
  publicAddressId,
} from "../support/builders.ts";

const key = new TextEncoder().encode("a key for tests");

/** What must not come out, and a text that has it in it. */
interface Secret {
  readonly token: string;
  readonly text: string;
}

const letters = (alphabet: string, min: number, max: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength: min, maxLength: max });
/** Nobody's but the estate's. */
const word = letters("bcdfghjkQRSTVWXZ", 7, 12);
const octet = fc.integer({ min: 11, max: 99 });
const publicAddress = fc.tuple(fc.constantFrom(20, 51, 81), octet, octet, octet).map((parts) => parts.join("."));
const publicIpv6 = fc
  .tuple(letters("abcdef", 4, 4), letters("abcdef", 4, 4))
  .map(([one, other]) => `2a01:${one}::${other}`);
const guid = fc.uuid();
const inPlaces = (token: string, ...texts: readonly string[]) =>
  fc.constantFrom(token, ...texts).map((text): Secret => ({ token, text }));

const subscription = "/subscriptions/aaaaaaaa-0000-4000-8000-000000000001";

const secretWord = word.chain((one) =>
  inPlaces(
    one,
    one.toUpperCase(),
    `${one}-prod_1`,
    `call ${one} tomorrow, please`,
    `${one}@example.com`,
    `Anna ${one} <a.${one}@example.com>`,
    `${one}.corp.example.com`,
    `*.${one}.com`,
    `${one}.azure.com`,
    `${one}.blob.core.windows.net`,
    `privatelink.${one}.internal`,
    `https://${one}.blob.core.windows.net/${one}/x?sv=2020&sig=${one}%2B#${one}`,
    `https://me:${one}@host.example.com:8443/`,
    `amqps://${one}`,
    `DefaultEndpointsProtocol=https;AccountName=${one};AccountKey=${one}==;EndpointSuffix=core.windows.net`,
    `Server=tcp:${one}.database.windows.net,1433;User ID=${one};Password=${one}!;`,
    `-----BEGIN CERTIFICATE-----\n${one}\n-----END CERTIFICATE-----`,
    `{"name":"${one}","in":["${one}"]}`,
    `Microsoft.Network is what ${one} uses`,
    `Storage.${one}`,
    `Internet,${one}`,
    `${one}/read`,
    `subscriptions/1/resourceGroups/${one}`,
    `see ${subscription}/resourceGroups/${one} for more`,
    `${subscription}//resourceGroups/${one}`,
    `${subscription}/${one}/resourceGroups/x`,
    `${subscription}/resourceGroups/x/../../${one}/resourceGroups/${one}`,
    `${subscription.toUpperCase()}/RESOURCEGROUPS/${one.toUpperCase()}`,
    `https://management.azure.com${subscription}/resourceGroups?$filter=name eq '${one}'&${one}=1`,
    `https://management.azure.com${subscription}/resourceGroups/${encodeURIComponent(`${one} (1)`)}`,
    `\\\\${one}\\share`,
    `"><script>${one}</script>`,
    `${one}\n${one}`,
    ` ${one}\t`,
    `sites-${one}`,
    `%${one}`,
    `W/"${one}"`,
  ),
);
const secretAddress = fc
  .oneof(publicAddress, publicIpv6)
  .chain((one) =>
    inPlaces(
      one,
      `${one}/32`,
      ` ${one} `,
      `${one},${one}/31`,
      `${one}:443`,
      `[${one}]:443`,
      `${one} - ${one}`,
      `${one}/255.255.255.0`,
      `::ffff:${one}`,
      `${one}%eth0`,
      `host ${one}; port 22`,
      `https://${one}/x`,
      `https://${one}:8443/x?y=${one}`,
      `{"ip":"${one}"}`,
      `x.${one}`,
      `0${one}`,
      `${one}.`,
    ),
  );
const secretGuid = guid.chain((one) =>
  inPlaces(one, one.toUpperCase(), `{${one}}`, `x-${one}`, `https://sts.windows.net/${one}/`, `/subscriptions/${one}`),
);
const secret = fc.oneof({ arbitrary: secretWord, weight: 3 }, secretAddress, secretGuid);

const property = fc.constantFrom(
  ..."name id type kind location state status mode access protocol tier size family version range prefix query".split(
    " ",
  ),
  ..."addressPrefix sourceAddressPrefixes destinationAddresses ranges groupIds requiredMembers serviceName tag".split(
    " ",
  ),
  ..."ipAddress value fqdn fqdns code target nextLink provisioningState actions bypass policies rows data url".split(
    " ",
  ),
  ..."publicNetworkAccess defaultAction resourceGroup tenantId subscriptionId apiVersion unheardOf tags sku etag".split(
    " ",
  ),
);

const nasty: fc.Arbitrary<{ readonly value: unknown; readonly tokens: readonly string[] }> = fc
  .array(
    fc.tuple(
      property,
      secret,
      fc.constantFrom("text", "list", "object", "tags", "labels", "key", "rule", "table", "json"),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => ({
    tokens: parts.map(([, { token }]) => token),
    value: Object.fromEntries(parts.map(([name, { text }, form]) => [name, formOf(form, name, text)])),
  }));

function formOf(form: string, name: string, text: string): unknown {
  switch (form) {
    case "list":
      return [text, [text]];
    case "object":
      return { [name]: { [name]: text } };
    case "tags":
      return { tags: { [text]: text, inner: { [text]: text } } };
    case "labels":
      return { labels: { [text]: "x" } };
    case "key":
      return { [`${subscription}/resourceGroups/${text}`]: {}, [`a ${text}`]: {} };
    case "rule":
      return [{ name: text, priority: 1, tag: "ServiceTag", ipAddress: text }];
    case "table":
      return { columns: [{ name: "tags" }, { name: "id" }], rows: [[{ [text]: text }, text]] };
    case "json":
      return JSON.stringify({ [name]: text });
    default:
      return text;
  }
}

function leaksOf(answers: readonly RecordedAnswer[], tokens: readonly string[]): readonly string[] {
  const text = JSON.stringify(scrub(answers, key)).toLowerCase();
  return tokens.filter((token) => text.includes(token.toLowerCase()));
}

describe("nothing of the estate is left", () => {
  const id = `${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/st`;

  test("in bodies, whatever holds it", () => {
    fc.assert(
      fc.property(nasty, nasty, ({ value, tokens }, other) => {
        const body = { id, type: "Microsoft.Storage/storageAccounts", properties: value, ...Object(other.value) };
        const answers = [
          { url: id, method: "GET", status: 200, body },
          { url: `${subscription}/providers/Microsoft.Storage/storageAccounts`, status: 200, body: { value: [body] } },
          { url: id, status: 403, body: { error: { code: "Forbidden", ...Object(value) } } },
        ];
        expect(leaksOf(answers, [...tokens, ...other.tokens])).toEqual([]);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  test("in what was asked, its query, headers, and links to further pages", () => {
    fc.assert(
      fc.property(secret, secret, secret, nasty, ({ token, text }, two, three, { value, tokens }) => {
        const encoded = encodeURIComponent(text);
        const answers = [
          { url: `${subscription}/resourceGroups/${encoded}?api-version=2025-01-01&x=${encoded}`, status: 404 },
          { url: `https://management.azure.com${subscription}/resources?$filter=${encoded}`, status: 200, body: {} },
          { url: text, status: 200, method: text, body: { value: [], nextLink: two.text } },
          {
            url: "/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01",
            method: "POST",
            status: 200,
            headers: { "x-ms-request-id": text },
            request: {
              query: `resources | where type =~ 'microsoft.storage/storageaccounts' and resourceGroup =~ '${three.token}'`,
              subscriptions: [text],
              options: { $skipToken: two.text },
              managementGroups: [three.text],
            },
            body: { data: [value], $skipToken: two.text, facets: [value] },
          },
          {
            url: "/providers/Microsoft.ResourceGraph/resources",
            method: "POST",
            status: 200,
            request: { query: `resources // ${text}\n| where name == "${three.text}"` },
            body: { data: { columns: [{ name: "tags" }, { name: "name" }], rows: [[value, three.text]] } },
          },
        ];
        expect(leaksOf(answers, [token, two.token, three.token, ...tokens])).toEqual([]);
      }),
      { numRuns: 200, seed: 8 },
    );
  });

  test("of names that are in the place of a type, an action or a wildcard", () => {
    fc.assert(
      fc.property(word, (one) => {
        const answers = [
          { url: `${subscription}/resourceGroups/${one}`, status: 404 },
          {
            url: id,
            status: 200,
            body: {
              id,
              type: `Microsoft.Storage/${one}`,
              properties: { actions: [`Microsoft.${one}/*/read`, `*/${one}`], id: `${id}/${one}`, names: `*${one}*` },
            },
          },
        ];
        expect(leaksOf(answers, [one])).toEqual([]);
      }),
    );
  });
});

test("long texts of nothing much take no time", () => {
  const texts = [" ", ",", ".", "/", "*", "&", "=", "@", ":", "-"].map((one) => `x${one.repeat(100_000)}x`);
  const start = performance.now();
  scrub([{ url: "/", status: 200, body: { texts: [...texts, ...texts.map((text) => `https://x/?${text}`)] } }], key);
  expect(performance.now() - start).toBeLessThan(5000);
});

async function audited(answers: readonly RecordedAnswer[]) {
  const folder = mkdtempSync(join(tmpdir(), "cordon-scrub-"));
  try {
    writeFileSync(join(folder, "answers.ndjson"), answers.map((answer) => `${JSON.stringify(answer)}\n`).join(""));
    const { evaluations, problems, gaps } = await audit(recorded([folder]), {
      policy: Policy.default,
      rules,
      today: "2026-11-20",
    });
    const said = evaluations
      .flatMap(({ findings }) => findings)
      .map(({ rule, status, severity, resource, part, services, evidence }) =>
        [
          rule,
          status,
          severity,
          resource.type,
          part !== undefined,
          services.length,
          evidence.map((one) => one.pointer).sort(),
        ]
          .flat()
          .join(" "),
      );
    return { said: said.sort(), problems: problems.length, gaps: gaps.length };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the findings stay the same", () => {
  const worlds = fc.sample(fc.tuple(randomWorld(), nasty), { numRuns: 40, seed: 11 });

  test.each(worlds.map((world, index) => ({ world, index })))("in world $index", async ({ world: [world, extra] }) => {
    const answers = world.resources.map((body, index) => ({
      url: body.id,
      method: "GET",
      status: 200,
      body: index % 2 === 0 ? body : { ...body, properties: { ...Object(body.properties), unheardOf: extra.value } },
    }));
    expect(await audited(scrub(answers, key))).toEqual(await audited(answers));
  });
});

describe("the findings stay the same where something cannot be understood", () => {
  const odd = [
    ...["010.1.1.1", "1.2.3.4/33", "fe80::1%eth0", "1.2.3.4:80", "[::1]:80", "1.2.3", "1.2.3.4.5", "1.2.3.300", ":::"],
    ...["20.1.2.9-20.1.2.3", "20.1.2.3 - 20.1.2.9", "20.1.2.3/255.255.255.0", "::ffff:20.1.2.3", "20.1.2.3,20.1.2.4"],
    ...[
      "Contoso",
      "Contoso.WestEurope",
      "Storage.Contoso",
      "a.b:c",
      "a b",
      "_a",
      "-",
      "9lives",
      "Ünïcode",
      "x/y",
      "*.a",
    ],
    ...["", " ", ",", "Internet ", "VirtualNetwork,Internet"],
  ];

  test.each(odd)("%j", async (text) => {
    const bodies = [
      aStorageAccount({ networkAcls: { defaultAction: "Deny", ipRules: [{ value: text, action: "Allow" }] } }),
      aSecurityGroup([
        aSecurityRule({ name: "one", priority: 100, sourceAddressPrefix: text, destinationPortRange: "22" }),
        aSecurityRule({ name: "two", priority: 110, destinationAddressPrefix: "*", destinationPortRange: text }),
      ]),
      aNetwork([{ properties: { networkSecurityGroup: { id: nsgId }, addressPrefix: text } }, {}]),
      aNetworkInterface({ privateIPAddress: "10.0.0.4", publicIPAddress: publicAddressId }),
      aRouteTable([{ addressPrefix: text, nextHopType: "Internet" }]),
      ...[anApp(lists([anAllow(text), forTag(text), lastRow("Deny")], [aDeny(text), lastRow("Allow")]))].flat(),
    ];
    const answers = bodies.flatMap((body) => {
      const id = Object(body).id;
      return typeof id === "string" ? [{ url: id, method: "GET", status: 200, body }] : [];
    });
    const before = await audited(answers);
    expect(before.said.length).toBeGreaterThan(5);
    expect(await audited(scrub(answers, key))).toEqual(before);
  });
});

/** The types that the program names. */
function typesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").match(/(?<=")microsoft\.[a-z0-9./]+(?=")/gi) ?? []);
}

describe("what is Azure's own stays", () => {
  test("whatever the catalog compares settings with", () => {
    expect(
      ["SecuredByPerimeter", "AzureDnsZone", "AzureServices", "System", "None"].filter((one) => !isWordOfAzure(one)),
    ).toEqual([]);
  });

  test("whatever type the program names", () => {
    const types = ["catalog", "facts", "reach", "rules", "fix"].flatMap((folder) => typesIn(join("lib", folder)));
    expect(types).toContain("microsoft.network/privateendpoints");
    expect(types.filter((type) => !type.split(/[/.]/).every(isWordOfAzure))).toEqual([]);
  });

  test.each([
    "Microsoft.Network/virtualNetworks/subnets",
    "Microsoft.Web/serverFarms",
    "Microsoft.Compute/virtualMachines",
    "Microsoft.Fictional/newThings",
    "Microsoft.Network/*/read",
    "*/read",
    "privatelink.blob.core.windows.net",
    "privatelink.vaultcore.azure.net",
    "privatelink.postgres.database.azure.com",
    "privatelink.azurewebsites.net",
    "AzureBastionSubnet",
    "GatewaySubnet",
    "Storage.WestEurope",
    "AzureFrontDoor.Backend",
    "AzureCloud.germanywc",
    "VirtualNetwork, Internet",
    "westeurope",
    "West Europe",
    "southcentralus",
    "0.0.0.0/0",
    "168.63.129.16",
    "443",
    "0-65535",
    "*",
    "TLS1_2",
    "IPsec",
    "Vnet2Vnet",
    "ExpressRoute",
    "IngressSnat",
    "Standard_LRS",
    "app,linux,container",
    "2026-11-20T09:30:00.123Z",
    "https://management.azure.com/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01",
  ])("%s", (text) => {
    const [answer] = scrub([{ url: "/", status: 200, body: { unheardOf: text } }], key);
    expect(answer?.body).toEqual({ unheardOf: text });
  });

  test("no word of Azure is in the words that are made up", () => {
    expect(fc.sample(word, { numRuns: 1000, seed: 1 }).filter(isWordOfAzure)).toEqual([]);
  });
});
