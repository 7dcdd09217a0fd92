import { placesHolding } from "../model/address-place.ts";
import { regionOf } from "../model/region.ts";
import { parseAddresses } from "../net/parse-addresses.ts";
import { factMaker } from "./fact-maker.ts";
import { textAt, valueAt } from "./settings.ts";

/** https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-address-prefix */
export const publicIpPrefix = factMaker("publicIpPrefix", ["/location", "/properties/ipPrefix"], {
  location: ({ body }) => textAt(body, "/location"),
  addresses: ({ body }) => parseAddresses(textAt(body, "/properties/ipPrefix") ?? ""),
  ipPrefix: ({ body }) => valueAt(body, "/properties/ipPrefix"),
  names: ({ body }) =>
    placesHolding(parseAddresses(textAt(body, "/properties/ipPrefix") ?? ""), regionOf(textAt(body, "/location"))),
});
