import { effectiveRouteMissing } from "../../lib/rules/effective-route-missing.ts";
import {
  aNetwork,
  aNetworkInterface,
  aRouteTable,
  type Body,
  type Given,
  group,
  refused,
  routeTableId,
  type SubnetParts,
  subnetId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const nicId = `${group}/providers/Microsoft.Network/networkInterfaces/nic`;

/** What Azure answered about the interface, as the reader hands it on. */
function answered(...routes: readonly Readonly<Record<string, unknown>>[]): Body {
  const value = routes.map((route) => ({ source: "Default", state: "Active", nextHopIpAddress: [], ...route }));
  return {
    id: `${nicId}/effectiveRouteTable/default`,
    type: "microsoft.network/networkinterfaces/effectiveroutetable",
    value,
    properties: {},
  };
}

const local = { addressPrefix: ["10.0.0.0/16"], nextHopType: "VnetLocal" };
const internet = { addressPrefix: ["0.0.0.0/0"], nextHopType: "Internet" };
const overEndpoint = { addressPrefix: ["20.60.0.0/24", "20.60.9.0/24"], nextHopType: "VirtualNetworkServiceEndpoint" };

function withEndpoints(...serviceEndpoints: readonly unknown[]): Given {
  return [aNetwork([{ serviceEndpoints }]), aNetworkInterface()];
}

/** The subnet has an endpoint for storage, and these routes of its owner's. */
function withRoutes(routes: readonly Readonly<Record<string, unknown>>[], parts: SubnetParts = {}): Given {
  const properties = { routeTable: { id: routeTableId } };
  return [
    aNetwork([{ serviceEndpoints: ["Microsoft.Storage"], properties, ...parts }]),
    aNetworkInterface(),
    aRouteTable(routes),
  ];
}

const storageTags: Given = {
  kind: "serviceTags",
  list: {
    changeNumber: 1,
    values: [
      { name: "Storage", addressPrefixes: ["20.60.0.0/16", "20.150.0.0/16"] },
      { name: "Storage.westeurope", addressPrefixes: ["20.60.0.0/16"] },
      { name: "Storage.northeurope", addressPrefixes: ["20.150.0.0/16"] },
      { name: "Sql", addressPrefixes: ["52.236.184.0/24"] },
    ],
  },
};

const inWestEurope = { service: "Microsoft.Storage", locations: ["westeurope"], provisioningState: "Succeeded" };

ruleTable(effectiveRouteMissing, [
  { when: "there is no endpoint", given: aNetwork(), want: "pass" },
  {
    when: "nothing stands in the way of the endpoint's route",
    given: withEndpoints("Microsoft.Storage"),
    want: "pass",
  },
  {
    when: "everything goes to an appliance, which never takes the place of the endpoint's longer prefixes",
    looks: "wrong",
    given: withRoutes([
      { addressPrefix: "0.0.0.0/0", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" },
      { addressPrefix: "10.60.0.0/16", nextHopType: "VirtualNetworkGateway" },
    ]),
    want: "pass",
  },
  {
    when: "a route for a part of the internet may lead elsewhere",
    looks: "fine",
    given: withRoutes([{ addressPrefix: "20.0.0.0/8", nextHopType: "Internet" }]),
    want: { "Microsoft.Storage": "undetermined" },
    says: ["`route-0`", "not documented"],
  },
  {
    when: "that route is shorter than every prefix of the service",
    looks: "wrong",
    given: [withRoutes([{ addressPrefix: "20.0.0.0/8", nextHopType: "Internet" }]), storageTags],
    want: "pass",
  },
  {
    when: "a route is as long as one of the service's prefixes",
    given: [withRoutes([{ addressPrefix: "20.60.0.0/16", nextHopType: "Internet" }]), storageTags],
    want: { "Microsoft.Storage": "undetermined" },
  },
  {
    when: "a route for the service's own tag leads elsewhere",
    given: [withRoutes([{ addressPrefix: "Storage", nextHopType: "Internet" }]), storageTags],
    want: { "Microsoft.Storage": "undetermined" },
  },
  {
    when: "a route for another service's tag leads elsewhere",
    looks: "wrong",
    given: [withRoutes([{ addressPrefix: "Sql", nextHopType: "Internet" }]), storageTags],
    want: "pass",
  },
  {
    when: "the table was refused",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage"], properties: { routeTable: { id: routeTableId } } }]),
      refused(routeTableId),
    ],
    want: { "Microsoft.Storage": "undetermined" },
    says: ["403"],
  },
  {
    when: "Azure has the route",
    given: [withEndpoints("Microsoft.Storage"), answered(local, overEndpoint, internet), storageTags],
    want: "pass",
  },
  {
    when: "Azure has no such route",
    looks: "fine",
    given: [withEndpoints("Microsoft.Storage"), answered(local, internet), storageTags],
    want: { "Microsoft.Storage": "fail" },
    says: ["/properties/serviceEndpoints/0", "/value/1/nextHopType", "effectiveRouteTable/default"],
  },
  {
    when: "Azure has no such route, and the service's addresses are not known",
    given: [withEndpoints("Microsoft.Storage"), answered(local, internet)],
    want: { "Microsoft.Storage": "fail" },
    says: ["/value/1/nextHopType"],
  },
  {
    when: "the route is there but invalid, since another took its place",
    looks: "fine",
    given: [
      withRoutes([{ addressPrefix: "20.60.0.0/16", nextHopType: "VirtualAppliance", nextHopIpAddress: "10.9.0.4" }]),
      answered(
        { ...overEndpoint, state: "Invalid" },
        { addressPrefix: ["20.60.0.0/16"], nextHopType: "VirtualAppliance", source: "User" },
      ),
      storageTags,
    ],
    want: { "Microsoft.Storage": "fail" },
    says: ["VirtualAppliance"],
  },
  {
    when: "the route is there, although a route of the owner's is as long",
    looks: "wrong",
    given: [
      withRoutes([{ addressPrefix: "20.60.0.0/16", nextHopType: "Internet" }]),
      answered(local, overEndpoint),
      storageTags,
    ],
    want: "pass",
  },
  {
    when: "the only route over an endpoint is that of another service",
    looks: "fine",
    given: [
      withEndpoints("Microsoft.Storage", "Microsoft.Sql"),
      answered({ addressPrefix: ["52.236.184.0/24"], nextHopType: "VirtualNetworkServiceEndpoint" }),
      storageTags,
    ],
    want: { "Microsoft.Storage": "fail", "Microsoft.Sql": "pass" },
  },
  {
    when: "the only route is for another region than the endpoint's",
    looks: "fine",
    given: [
      withEndpoints(inWestEurope),
      answered({ addressPrefix: ["20.150.1.0/24"], nextHopType: "VirtualNetworkServiceEndpoint" }),
      storageTags,
    ],
    want: { "Microsoft.Storage": "fail" },
  },
  {
    when: "there are two endpoints and a route, and nobody knows for which",
    given: [withEndpoints("Microsoft.Storage", "Microsoft.Sql"), answered(local, overEndpoint)],
    want: { "Microsoft.Storage": "undetermined", "Microsoft.Sql": "undetermined" },
    says: ["`Storage` are not known"],
  },
  {
    when: "there is one endpoint and a route, which is then for it",
    given: [withEndpoints("Microsoft.Storage"), answered(local, overEndpoint)],
    want: "pass",
  },
  {
    when: "one of two interfaces lacks the route",
    looks: "fine",
    given: [
      withEndpoints("Microsoft.Storage"),
      answered(local, overEndpoint),
      aNetworkInterface({}, undefined, "nic-2"),
      { ...answered(local, internet), id: `${nicId}-2/effectiveRouteTable/default` },
      storageTags,
    ],
    want: { "Microsoft.Storage": "fail" },
    says: ["nic-2/effectiveRouteTable"],
  },
  {
    when: "the interface that lacks the route is in another subnet",
    looks: "wrong",
    given: [
      aNetwork([{ serviceEndpoints: ["Microsoft.Storage"] }, { name: "snet-2" }]),
      aNetworkInterface({ subnet: { id: `${subnetId.replace("snet-app", "snet-2")}` } }),
      answered(local, internet),
    ],
    want: "pass",
  },
  {
    when: "the state of the route is not known",
    given: [withEndpoints("Microsoft.Storage"), answered({ ...overEndpoint, state: "Dozing" }), storageTags],
    want: { "Microsoft.Storage": "undetermined" },
    says: ["/value/0"],
  },
  {
    when: "a prefix of the route cannot be understood",
    given: [
      withEndpoints("Microsoft.Storage"),
      answered({ ...overEndpoint, addressPrefix: ["20.60/16"] }),
      storageTags,
    ],
    want: { "Microsoft.Storage": "undetermined" },
  },
  {
    when: "the answer is an empty list, which no running machine has",
    looks: "fine",
    given: [withEndpoints("Microsoft.Storage"), answered(), storageTags],
    want: { "Microsoft.Storage": "undetermined" },
    says: ["effectiveRouteTable/default` holds no route"],
  },
  {
    when: "one interface gives an empty list, and another has the route",
    looks: "wrong",
    given: [
      withEndpoints("Microsoft.Storage"),
      answered(local, overEndpoint),
      aNetworkInterface({}, undefined, "nic-2"),
      { ...answered(), id: `${nicId}-2/effectiveRouteTable/default` },
      storageTags,
    ],
    want: "pass",
  },
  {
    when: "the answer holds no list",
    given: [withEndpoints("Microsoft.Storage"), { ...answered(), value: "none" }],
    want: { "Microsoft.Storage": "undetermined" },
  },
  {
    when: "the endpoint is still being set up",
    looks: "wrong",
    given: [withEndpoints({ ...inWestEurope, provisioningState: "Updating" }), answered(local, internet)],
    want: "pass",
  },
  {
    when: "the subnet was read without its properties",
    given: { id: subnetId, type: "Microsoft.Network/virtualNetworks/subnets" },
    want: "undetermined",
    says: ["without its properties"],
  },
]);
