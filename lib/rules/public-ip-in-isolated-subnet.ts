import { anyOf } from "../model/must-may.ts";
import { failWhere, notApplicable } from "../model/verdict.ts";
import { publicAddressesIn } from "../reach/public-addresses.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const publicIpInIsolatedSubnet: Rule = {
  id: "NI610",
  name: "public-ip-in-isolated-subnet",
  severity: "medium",
  title: "An interface in an isolated subnet has a public address",
  why: "The policy says that the subnet is isolated, and a public address is a door of its own to the internet: packets go out by it whatever default outbound access says, and only security groups stand between it and everybody else.",
  remedy: "Dissociate the public address; reach the machine through Azure Bastion, a VPN or a firewall.",
  link: "https://learn.microsoft.com/azure/virtual-network/ip-services/public-ip-addresses",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: ["83a86a26-fd1f-447c-b59d-e51f44264114"] },

  on: "subnet",

  check({ subnet, snapshot }, policy) {
    if (!policy.isIsolated(subnet.id)) return notApplicable;
    const addresses = publicAddressesIn(subnet, snapshot);
    return failWhere(anyOf(addresses.map(({ isThere }) => isThere)), () => {
      const names = addresses.filter(({ isThere }) => isThere.must).map(({ name }) => name);
      return `${names.length === 1 ? "an interface in it has a public address" : "interfaces in it have public addresses"}: ${listed(names)}`;
    });
  },
};
