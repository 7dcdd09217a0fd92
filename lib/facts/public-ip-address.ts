import { placesHolding } from "../model/address-place.ts";
import { regionOf } from "../model/region.ts";
import { singleAddress } from "./addresses.ts";
import { factMaker } from "./fact-maker.ts";
import { enumeration, textAt, valueAt } from "./settings.ts";

const skus = { basic: "basic", standard: "standard", standardv2: "standard" } as const;

/** https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses#sku */
export const publicIpAddress = factMaker("publicIpAddress", ["/sku/name", "/location", "/properties/ipAddress"], {
  sku: (resource) => enumeration(resource, "/sku/name", skus),
  location: ({ body }) => textAt(body, "/location"),
  address: ({ body }) => singleAddress(valueAt(body, "/properties/ipAddress")),
  ipAddress: ({ body }) => valueAt(body, "/properties/ipAddress"),
  names: ({ body }) =>
    placesHolding(singleAddress(valueAt(body, "/properties/ipAddress")), regionOf(textAt(body, "/location"))),
});
