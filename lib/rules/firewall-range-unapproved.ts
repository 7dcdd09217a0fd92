import { fail, notApplicable, pass, undetermined } from "../model/verdict.ts";
import { withoutUnroutable } from "../net/special-ranges.ts";
import { unionOf } from "../reach/fronts.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

export const firewallRangeUnapproved: Rule = {
  id: "NI104",
  name: "firewall-range-unapproved",
  severity: "medium",
  title: "Service firewall admits addresses nobody approved",
  why: "Firewalls gather addresses: a contractor, a test, an old office. Whatever the policy does not name should not be there.",
  remedy: "Remove the addresses, or add them to approvedAddresses in the policy if they belong there.",
  link: "https://learn.microsoft.com/azure/storage/common/storage-network-security",
  controls: {
    mcsb: ["NS-2"],
    cis: { "3.0": ["4.7"], "4.0": ["10.3.2.3"], "5.0": ["9.3.2.3"], "6.0": ["9.3.2.3"] },
    azurePolicy: ["34c877ad-507e-4c82-993e-3452a6e0ad3c"],
  },

  on: "service",
  shows: "addresses",

  check({ service, boundary }, policy) {
    const fronts = boundary.fronts.filter(({ everybody }) => !everybody.must);
    if (policy.approvedAddresses === undefined || fronts.length === 0) return notApplicable;
    const approved = policy.approvedFor(service);
    const { must, may, because, evidence } = unionOf(fronts.map(({ chosenAddresses }) => chosenAddresses));
    const unapproved = withoutUnroutable(must.minus(approved)); // a rule for the others admits nobody: NI105
    if (!unapproved.isEmpty) {
      const ranges = listed(unapproved.toPrefixes());
      return fail(`the firewall admits ${ranges}, which the policy does not approve`, evidence.within(unapproved));
    }
    const unknown = withoutUnroutable(may.minus(approved));
    return unknown.isEmpty ? pass : undetermined(because, evidence.within(unknown));
  },
};
