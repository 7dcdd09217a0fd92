import type { NetworkFact } from "../model/fact.ts";
import { type ArmResource, receive } from "./arm-resource.ts";
import { factMaker } from "./fact-maker.ts";
import { peering } from "./peering.ts";
import { prefixesAt } from "./prefixes.ts";
import { referenceAt } from "./references.ts";
import { listOf, textAt, valueAt } from "./settings.ts";
import { subnet } from "./subnet.ts";

const peerings = "/properties/virtualNetworkPeerings";

const keeps = [
  "/location",
  "/properties/dhcpOptions/dnsServers",
  "/properties/addressSpace/addressPrefixes",
  "/properties/defaultPublicNatGateway",
  `${peerings}/*/name`,
  ...[
    "remoteVirtualNetwork/id",
    "peeringState",
    "allowVirtualNetworkAccess",
    "allowForwardedTraffic",
    "allowGatewayTransit",
    "useRemoteGateways",
    "peerCompleteVnets",
    "enableOnlyIPv6Peering",
    "localSubnetNames",
    "remoteSubnetNames",
    "remoteAddressSpace/addressPrefixes",
  ].map((path) => `${peerings}/*/properties/${path}`),
];

const networkFact = factMaker("network", keeps, {
  names: (resource) => {
    const list = peeringsOf(resource);
    return (list.kind === "known" ? list.value : []).flatMap(({ network: peer }) => peer ?? []);
  },
  location: ({ body }) => textAt(body, "/location"),
  dnsServers: (resource) => listOf(resource, "/properties/dhcpOptions/dnsServers", (server) => server),
  addressSpace,
  peerings: peeringsOf,
  defaultPublicNatGateway: (resource) => referenceAt(resource, "/properties/defaultPublicNatGateway"),
});

function addressSpace({ id, body, thinBecause }: ArmResource): NetworkFact["addressSpace"] {
  const pointer = "/properties/addressSpace/addressPrefixes";
  if (thinBecause !== undefined) return { kind: "unknown", because: thinBecause, pointer, raw: undefined };
  return prefixesAt(id, body, "", pointer);
}

function peeringsOf(resource: ArmResource): NetworkFact["peerings"] {
  return listOf(resource, peerings, (raw, pointer) => peering(resource.id, raw, pointer));
}

/** Projects a network and the subnets that ARM embeds in it. */
export function network(resource: ArmResource) {
  const { id, body } = resource;
  const fact = networkFact(resource);
  const elements = valueAt(body, "/properties/subnets");
  const isListed = Array.isArray(elements);
  const received = (isListed ? elements : []).map(receive);
  const children = received.flatMap((one) =>
    one.kind === "resource" ? [{ fact: subnet(one.resource), isFull: one.resource.thinBecause === undefined }] : [],
  );
  const problems = received.flatMap((one) => (one.kind === "problem" ? [`in \`${id.text}\`: ${one.message}`] : []));
  const embeds = isListed && problems.length === 0 ? ["microsoft.network/virtualnetworks/subnets"] : [];
  return { fact, children, embeds, problems };
}
