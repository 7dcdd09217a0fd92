import * as z from "zod/mini";
import { delegatedService, delegatedServices } from "./catalog/delegations.ts";
import { catalog, serviceOfType } from "./catalog/index.ts";
import { placementOfType, placements } from "./catalog/placements.ts";
import { Glob } from "./model/glob.ts";
import { type Need, severities } from "./model/policy.ts";
import { fold, ResourceId } from "./model/resource-id.ts";
import { quote, suggest } from "./model/wording.ts";
import type { IpSet } from "./net/ip-set.ts";
import { hasHostBits, parseAddresses } from "./net/parse-addresses.ts";
import { rules } from "./rules/index.ts";

const ruleIds = rules.map(({ id }) => id);

/** `mistakeIn` says what is wrong with addresses that are well written. */
const addressSet = (examples: readonly string[], mistakeIn: (set: IpSet) => string | undefined) =>
  z.pipe(
    z.string().check(z.meta({ examples })),
    z.transform((text, context) => {
      const set = parseAddresses(text);
      if (set === undefined) {
        const message = `${quote(text)} is not an address, a CIDR prefix or an \`a-b\` range`;
        context.issues.push({ code: "custom", input: text, message });
        return z.NEVER;
      }
      const mistake = hasHostBits(text)
        ? `has host bits: write the network address, ${set.toPrefixes().map(quote).join(", ")}`
        : mistakeIn(set);
      if (mistake !== undefined) {
        context.issues.push({ code: "custom", input: text, message: `${quote(text)} ${mistake}` });
      }
      return set;
    }),
  );

const addresses = addressSet(
  ["203.0.113.7", "203.0.113.0/24", "203.0.113.10-203.0.113.19", "2001:db8::/48"],
  () => undefined,
);

const nextHops = addressSet(["10.10.1.4", "10.10.1.0/26", "fd00::4"], ({ countIpv4, countIpv6 }) => {
  const isSmall = countIpv4 <= 2 ** 8 && countIpv6 <= 2n ** 64n;
  return isSmall ? undefined : "holds more than firewalls: name their addresses, or a `/24` at most (IPv6: a `/64`)";
});

const glob = (description: string, start = /^[/*]/) =>
  z.pipe(
    z.string().check(
      z.regex(start, {
        error: ({ input }) => `${quote(input)} matches no resource id: start it with \`/\` or \`*\``,
      }),
      z.meta({
        description,
        examples: ["*/storageAccounts/stdiagnostics*", "/subscriptions/*/resourceGroups/rg-erp/*"],
      }),
    ),
    z.transform((text) => new Glob(text)),
  );

const text = (description: string) =>
  z.string().check(z.regex(/\S/, { error: "must not be empty" }), z.meta({ description }));

const exceptionNames = ["AzureServices", "Logging", "Metrics"];

const exception = z.strictObject({
  resource: glob("The services that may have the exception: a resource id in which `*` stands for any text."),
  exception: z.string().check(
    z.regex(/^(AzureServices$|Logging$|Metrics$|Front Door [\da-fA-F-]{36}$|\/)/, {
      error: ({ input }) =>
        `${quote(input)} is not ${exceptionNames.map(quote).join(", ")}, \`Front Door\` and its id, or a resource id${suggest(input, exceptionNames)}`,
    }),
    z.meta({
      description:
        "What is let past the firewall: `AzureServices`, `Logging`, `Metrics`, `Front Door` and the id that its header `X-Azure-FDID` bears, or the id of a resource, a subscription or a perimeter.",
      examples: exceptionNames,
    }),
  ),
});

const resourceType = z.string().check(
  z.regex(/^[\w.-]+(\/[\w.-]+)+$/, {
    error: ({ input }) => `${quote(input)} is not a resource type such as \`Microsoft.KeyVault/vaults\``,
  }),
  z.meta({ description: "Every service of this type.", examples: ["Microsoft.KeyVault/vaults"] }),
);

const need = z.pipe(
  z.union(
    [
      z.strictObject({ id: glob("The services with a matching resource id, in which `*` stands for any text.") }),
      z.strictObject({ type: resourceType }),
      z.strictObject({
        tag: text("The services that carry this tag."),
        value: z.string().check(z.meta({ description: "The value of the tag." })),
      }),
    ],
    { error: 'a need is one of `{"id": …}`, `{"type": …}` and `{"tag": …, "value": …}`, all of them text' },
  ),
  z.transform((written): Need => {
    if ("id" in written) return { kind: "id", glob: written.id };
    return "type" in written ? { kind: "type", ...written } : { kind: "tag", ...written };
  }),
);

const site = z.strictObject({
  name: text("The name of the site; no two differ in case alone."),
  natAddresses: z.array(addresses).check(
    z.meta({
      description:
        "The public addresses that the site's traffic has when it leaves. May be empty for a private connection.",
    }),
  ),
  connection: z
    .enum(["microsoftPeering", "internet", "private"])
    .check(z.meta({ description: "How the site reaches Azure services." })),
  needs: z.optional(
    z.array(need).check(z.meta({ description: "The services that the site must reach; each entry adds some." })),
  ),
});

const delegationNames = delegatedServices.map(({ serviceName }) => serviceName);

const reservedSubnet = z.strictObject({
  subnet: glob("The subnets that are kept: a resource id in which `*` stands for any text."),
  serviceName: z.string().check(
    z.regex(/^[\w.-]+\/[\w.-]+$/, {
      error: ({ input }) => `${quote(input)} is not the name of a delegation such as \`Microsoft.Web/serverFarms\``,
      abort: true,
    }),
    z.refine((name) => delegatedService(fold(name)) !== undefined, {
      error: ({ input }) => `${quote(input)} is no delegation that Cordon knows${suggest(input, delegationNames)}`,
    }),
    z.meta({ description: "The delegation that they need.", examples: ["Microsoft.Web/serverFarms"] }),
  ),
});

const auditedTypes = catalog.map(({ type }) => type);

const serviceType = z.string().check(
  z.refine((type) => serviceOfType(fold(type)) !== undefined, {
    error: ({ input }) => `${quote(input)} is not a type that Cordon audits${suggest(input, auditedTypes)}`,
    abort: true,
  }),
  z.meta({ description: "A type of service.", examples: auditedTypes }),
);

const perimeterTypes = catalog.filter(({ isOutsidePerimeters }) => !isOutsidePerimeters).map(({ type }) => type);

/** https://learn.microsoft.com/azure/private-link/network-security-perimeter-concepts#onboarded-private-link-resources */
const perimeterType = serviceType.check(
  z.refine((type) => perimeterTypes.some((one) => fold(one) === fold(type)), {
    error: ({ input }) => `no network security perimeter can hold a ${quote(input)}`,
  }),
  z.meta({ description: "A type of service.", examples: perimeterTypes }),
);

const injectedTypes = placements.filter(({ isHost }) => isHost !== true).map(({ type }) => type);

/** A host is no service itself: what runs on it is where it is. */
const injectedType = z.string().check(
  z.refine((type) => injectedTypes.some((one) => fold(one) === fold(type)), {
    error: ({ input }) => {
      const type = String(input);
      if (placementOfType(fold(type)) !== undefined) {
        return `${quote(input)} is what services run on: name their types, \`Microsoft.Web/sites\` and \`Microsoft.Web/sites/slots\``;
      }
      const isAudited = serviceOfType(fold(type)) !== undefined;
      return isAudited
        ? `no virtual network can hold a ${quote(input)}`
        : `${quote(input)} is not a type that Cordon knows to be in virtual networks${suggest(input, injectedTypes)}`;
    },
  }),
  z.meta({ description: "A type of service.", examples: injectedTypes }),
);

const notANetwork = "is not the id of a virtual network";

const networkId = z.pipe(
  z.string().check(
    z.regex(/^(\/[^/]+){8}$/, { error: ({ input }) => `${quote(input)} ${notANetwork}` }),
    z.meta({
      description: "The id of a virtual network.",
      examples: ["/subscriptions/…/resourceGroups/rg-hub/providers/Microsoft.Network/virtualNetworks/vnet-hub"],
    }),
  ),
  z.transform((text, context) => {
    const id = ResourceId.parse(text);
    if (id?.type === "microsoft.network/virtualnetworks") return id;
    context.issues.push({ code: "custom", input: text, message: `${quote(text)} ${notANetwork}` });
    return z.NEVER;
  }),
);

const waiver = z.strictObject({
  rule: z
    .enum(ruleIds, { error: ({ input }) => (typeof input === "string" ? noSuchRule(input) : undefined) })
    .check(z.meta({ description: "The id of the rule that is waived." })),
  resource: glob(
    "The resources for which the rule is waived: a resource id in which `*` stands for any text, or `site:` and the name of a site.",
    /^([/*]|[sS][iI][tT][eE]:)/,
  ),
  reason: text("Why the finding is accepted."),
  owner: text("Who answers for it."),
  expires: z.iso
    .date({
      error: ({ input }) => (typeof input === "string" ? `${quote(input)} is not a day of the calendar` : undefined),
    })
    .check(z.meta({ description: "The last day on which the waiver holds, in UTC.", examples: ["2027-03-31"] })),
});

const severity = (description: string) => z.optional(z.enum(severities).check(z.meta({ description })));

export const policySchema = z
  .strictObject({
    $schema: z.optional(z.string().check(z.meta({ description: "The JSON Schema of this file, for editors." }))),
    approvedAddresses: z.optional(
      z.array(addresses).check(
        z.meta({
          description:
            "The public addresses that a service's firewall may admit: single ones, CIDR prefixes or `a-b` ranges. Without this key every address is as good as another; an empty list approves none.",
        }),
      ),
    ),
    approvedExceptions: z.optional(
      z.array(exception).check(z.meta({ description: "What may pass the firewall of which services." })),
    ),
    nearlyInternet: z.optional(
      z.number().check(
        z.gt(0, { error: notAShare }),
        z.lte(1, { error: notAShare }),
        z.meta({
          description: "From this share of all public addresses on, a firewall counts as open to the internet.",
          default: 0.25,
        }),
      ),
    ),
    sites: z.optional(
      z.array(site).check(z.meta({ description: "On-premises locations and the services that they need." })),
    ),
    severities: z.optional(
      z
        .strictObject(Object.fromEntries(rules.map(({ id, title }) => [id, severity(title)])))
        .check(z.meta({ description: "Severities that differ from those of the rules.", default: {} })),
    ),
    reservedSubnets: z.optional(
      z.array(reservedSubnet).check(
        z.meta({
          description:
            "Subnets that are kept for a service: they must be delegated to it, even while nothing uses them.",
        }),
      ),
    ),
    privateTypes: z.optional(
      z
        .array(serviceType)
        .check(z.meta({ description: "Types of services that must be reached over private endpoints.", default: [] })),
    ),
    dnsNetworks: z.optional(
      z.array(networkId).check(
        z.meta({
          description:
            "Networks whose clients must resolve the names of every private endpoint, beside the endpoint's own: those of DNS servers, of gateways to on-premises. A network with DNS servers of its own is taken to ask one of these.",
          default: [],
        }),
      ),
    ),
    perimeterTypes: z.optional(
      z
        .array(perimeterType)
        .check(z.meta({ description: "Types of services that must be in a network security perimeter.", default: [] })),
    ),
    injectedTypes: z.optional(
      z.array(injectedType).check(
        z.meta({
          description:
            "Types of services that must be in a virtual network (NI406): placed in a subnet, or integrated with one, by themselves or by the environment that they run in. A private endpoint does not put a service into a network.",
          default: [],
        }),
      ),
    ),
    isolatedSubnets: z.optional(
      z.array(glob("The subnets that are isolated: a resource id in which `*` stands for any text.")).check(
        z.meta({
          description:
            "Subnets that nobody from the internet may reach, not even a few addresses (NI602), in which nothing has a public address (NI610), and from which nothing gets out to the internet (NI603) but through one of the `firewalls` (NI606).",
        }),
      ),
    ),
    firewalls: z.optional(
      z.array(nextHops).check(
        z.meta({
          description:
            "The addresses of firewalls, as routes name them for their next hop: single ones, or a small CIDR prefix.",
          default: [],
        }),
      ),
    ),
    keptApart: z.optional(
      z
        .array(
          z
            .array(glob("Virtual networks: a resource id in which `*` stands for any text."))
            .check(
              z.minLength(2, { error: "needs two patterns at least: networks of one are kept from those of another" }),
            ),
        )
        .check(
          z.meta({
            description:
              "Virtual networks that must not meet (NI608). Each entry is a list of patterns: networks that match one of them are kept from those that match another; networks that match the same one may meet.",
            examples: [[["*/virtualNetworks/vnet-erp-prod*", "*/virtualNetworks/vnet-erp-dev*"]]],
          }),
        ),
    ),
    waivers: z.optional(z.array(waiver).check(z.meta({ description: "Findings that are accepted until a day." }))),
  })
  .check(
    z.meta({ title: "Cordon policy", description: "What the owner of an Azure estate expects of its isolation." }),
  );

export type WrittenPolicy = z.infer<typeof policySchema>;

/** The keys that an object may have, by the list or object that it is in. */
export const knownKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ["", Object.keys(policySchema.shape)],
  ["approvedExceptions", Object.keys(exception.shape)],
  ["sites", Object.keys(site.shape)],
  ["needs", ["id", "type", "tag", "value"]],
  ["reservedSubnets", Object.keys(reservedSubnet.shape)],
  ["waivers", Object.keys(waiver.shape)],
]);

export function noSuchRule(id: string): string {
  const meant = ruleIds.find((known) => fold(known) === fold(id));
  return `there is no rule ${quote(id)}${meant === undefined ? "" : `, did you mean ${quote(meant)}?`}`;
}

function notAShare({ input }: { readonly input?: unknown }): string {
  return `${quote(input)} is not a share above 0 and up to 1`;
}

/** JSON Schema 2020-12 for editors. */
export function policyJsonSchema(): object {
  return {
    $id: "https://raw.githubusercontent.com/cordon-audit/cordon/main/cordon.policy.schema.json",
    ...z.toJSONSchema(policySchema, { target: "draft-2020-12", io: "input" }),
  };
}
