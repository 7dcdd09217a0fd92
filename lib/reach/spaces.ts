import { IpSet } from "../net/ip-set.ts";
import { knownAddresses } from "../net/known-addresses.ts";

export type Family = "ipv4" | "ipv6";

/** Addresses that Azure does not route to the internet, and unique local ones. */
export const privateSpace: IpSet = knownAddresses(
  ...["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"],
);

/** Neither private nor anybody's: this host, loopback, link-local, multicast, reserved. */
export const nobodys = knownAddresses(
  ...["0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/3", "::/3", "4000::/2", "8000::/1"],
);

/** https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 */
export const host: IpSet = knownAddresses("168.63.129.16");

/** Where services on the internet can be. */
export const publicSpace: IpSet = IpSet.all.minus(privateSpace).minus(nobodys).minus(host);
