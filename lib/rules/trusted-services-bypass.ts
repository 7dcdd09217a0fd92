import { anyOf } from "../model/must-may.ts";
import { failWhere } from "../model/verdict.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const trustedServicesBypass: Rule = {
  id: "NI106",
  name: "trusted-services-bypass",
  severity: "info",
  title: "Exceptions let callers past the firewall",
  why: "Trusted services and resource instances get in whatever their address, and also while public access is off; so do the subscriptions and other perimeters that the inbound rules of a network security perimeter name. That is often wanted (CIS asks for it on storage accounts), so say so in the policy, and learn of the others.",
  remedy:
    "Take the exception out where it stands (set bypass to None, remove the resource instance, or remove the subscription or perimeter from the inbound access rule), or approve it in approvedExceptions of the policy.",
  link: "https://learn.microsoft.com/azure/storage/common/storage-network-security-trusted-azure-services",
  controls: { mcsb: ["NS-2"], cis: {}, azurePolicy: [] },

  on: "service",

  check({ service, boundary }, policy) {
    const unapproved = boundary.exceptions.filter(
      ({ name }) => name === undefined || !policy.approvesException(service.id, name),
    );
    const inForceNames = () =>
      unapproved.flatMap(({ name, isInForce }) => (name !== undefined && isInForce.must ? [name] : []));
    const inForce = anyOf(unapproved.map(({ isInForce }) => isInForce));
    return failWhere(inForce, () => `in force without approval: ${listed([...new Set(inForceNames())])}`);
  },
};
