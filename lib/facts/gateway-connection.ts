import { ResourceId } from "../model/resource-id.ts";
import { factMaker } from "./fact-maker.ts";
import { referenceAt, referencesAt } from "./references.ts";
import { enumeration, flag, valueAt } from "./settings.ts";

const ends = ["virtualNetworkGateway1", "virtualNetworkGateway2", "localNetworkGateway2"].map(
  (name) => `/properties/${name}`,
);

/** Projects a `connections`: which gateway it is of, and what is at its other end. */
export const gatewayConnection = factMaker(
  "gatewayConnection",
  [
    "/properties/connectionType",
    "/properties/enableBgp",
    "/properties/ingressNatRules",
    ...ends.map((pointer) => `${pointer}/id`),
  ],
  {
    connectionType: (resource) => enumeration(resource, "/properties/connectionType", connectionTypes),
    virtualNetworkGateway1: ({ body }) => ResourceId.parse(valueAt(body, "/properties/virtualNetworkGateway1/id")),
    virtualNetworkGateway2: (resource) => referenceAt(resource, "/properties/virtualNetworkGateway2"),
    localNetworkGateway2: (resource) => referenceAt(resource, "/properties/localNetworkGateway2"),
    enableBgp: (resource) => flag(resource, "/properties/enableBgp"),
    ingressNatRules: (resource) => referencesAt(resource, "/properties/ingressNatRules"),
    names: ({ body }) => ends.flatMap((pointer) => ResourceId.parse(valueAt(body, `${pointer}/id`)) ?? []),
  },
);

const connectionTypes = { ipsec: "ipsec", vnet2vnet: "vnet2vnet", expressroute: "expressRoute" } as const;
