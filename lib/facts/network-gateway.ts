import type { GatewayNatRule, NetworkGatewayFact } from "../model/fact.ts";
import { distinctIds, ResourceId } from "../model/resource-id.ts";
import type { IpSet } from "../net/ip-set.ts";
import type { ArmResource } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { prefixesAt, prefixOf } from "./prefixes.ts";
import { referenceAt } from "./references.ts";
import { enumeration, listOf, valueAt } from "./settings.ts";

const clients = "/properties/vpnClientConfiguration";
const groups = `${clients}/vngClientConnectionConfigurations`;
const prefixes = "vpnClientAddressPool/addressPrefixes";
const natRules = "/properties/natRules";

const keeps = [
  "/properties/ipConfigurations/*/properties/subnet/id",
  "/properties/gatewayType",
  "/properties/gatewayDefaultSite/id",
  `${clients}/${prefixes}`,
  `${groups}/*/properties/${prefixes}`,
  `${natRules}/*/id`,
  `${natRules}/*/properties/internalMappings`,
  `${natRules}/*/properties/externalMappings`,
];

/** Projects a `virtualNetworkGateways`: the subnets that it stands in, and what it teaches without a connection. */
export const networkGateway = factMaker("networkGateway", keeps, {
  subnets: subnetsOf,
  gatewayType: (resource) => enumeration(resource, "/properties/gatewayType", gatewayTypes),
  clientAddressPools,
  gatewayDefaultSite: (resource) => referenceAt(resource, "/properties/gatewayDefaultSite"),
  natRules: (resource) => listOf(resource, natRules, natRule),
  names: (resource) => {
    const site = referenceAt(resource, "/properties/gatewayDefaultSite");
    return [...subnetsOf(resource), ...(site.kind === "known" && site.value !== undefined ? [site.value] : [])];
  },
});

const gatewayTypes = { vpn: "vpn", expressroute: "expressRoute" } as const;

function subnetsOf({ body }: ArmResource): readonly ResourceId[] {
  const configurations = valueAt(body, "/properties/ipConfigurations");
  const subnets = (Array.isArray(configurations) ? configurations : []).flatMap(
    (one) => ResourceId.parse(valueAt(one, "/properties/subnet/id")) ?? [],
  );
  return distinctIds(subnets);
}

/** Groups of users can have pools of their own: https://learn.microsoft.com/azure/vpn-gateway/point-to-site-user-groups-about */
function clientAddressPools(resource: ArmResource): NetworkGatewayFact["clientAddressPools"] {
  const { id, body, thinBecause: because } = resource;
  if (because !== undefined) return [{ kind: "unknown", because, pointer: clients, raw: undefined }];
  const own = prefixesAt(id, body, "", `${clients}/${prefixes}`);
  const ofGroups = listOf(resource, groups, (one, pointer) => prefixesAt(id, one, pointer, `/properties/${prefixes}`));
  return [own, ...(ofGroups.kind === "unknown" ? [ofGroups] : ofGroups.value)];
}

function natRule(raw: unknown): GatewayNatRule {
  return {
    id: ResourceId.parse(valueAt(raw, "/id")),
    internalMappings: mappingsOf(raw, "internalMappings"),
    externalMappings: mappingsOf(raw, "externalMappings"),
  };
}

function mappingsOf(rule: unknown, name: string): readonly IpSet[] | undefined {
  const list = valueAt(rule, `/properties/${name}`);
  const sets = Array.isArray(list) ? list.map((one) => prefixOf(valueAt(one, "/addressSpace"))) : [undefined];
  const known = sets.filter((set) => set !== undefined);
  return known.length === sets.length ? known : undefined;
}
