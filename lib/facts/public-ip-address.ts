import { singleAddress } from "./addresses.ts";
import { factMaker } from "./fact-maker.ts";
import { enumeration, valueAt } from "./settings.ts";

const skus = { basic: "basic", standard: "standard", standardv2: "standard" } as const;

/** https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku */
export const publicIpAddress = factMaker("publicIpAddress", ["/sku/name", "/properties/ipAddress"], {
  sku: (resource) => enumeration(resource, "/sku/name", skus),
  address: ({ body }) => singleAddress(valueAt(body, "/properties/ipAddress")),
  ipAddress: ({ body }) => valueAt(body, "/properties/ipAddress"),
  names: () => [],
});
