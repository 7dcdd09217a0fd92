import { requirementsByName, type SubnetRequirement } from "../catalog/subnet-requirements.ts";
import type { SubnetFact } from "../model/fact.ts";
import { allOf, anyOf, certainly, type Truth } from "../model/must-may.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { failWhere } from "../model/verdict.ts";
import { misplacedIn } from "../reach/subnet-names.ts";
import { askedOfSubnet, isUnmet } from "../reach/subnet-requirements.ts";
import { routeFaultsOf } from "../reach/subnet-routes.ts";
import type { Rule } from "./rule.ts";
import { listed } from "./wording.ts";

/**
 * Where a service needs a security group that is missing, NI601 fails as well, with the same cause: that nothing filters the
 * subnet is one thing, that the service breaks off or cannot be managed another.
 */
export const subnetRequirementsUnmet: Rule = {
  id: "NI407",
  name: "subnet-requirements-unmet",
  severity: "medium",
  title: "Subnet is not as the service in it needs it",
  why: "Some services need a network security group or a route table on their subnet, some do not work behind one, and some look for their subnet by its name. Where that does not hold, Azure refuses the next change of the service, its management is cut off, or traffic takes another way than what is configured says.",
  remedy:
    "Attach what the service needs, with the rules and routes that its documents list, and take away what it does not support.",
  link: "https://learn.microsoft.com/azure/virtual-network/virtual-network-for-azure-services",
  controls: {
    mcsb: ["NS-1"],
    cis: { "4.0": ["3.1.2"], "5.0": ["2.1.2"], "6.0": ["2.1.2"] },
    azurePolicy: ["35f9c03a-cc27-418e-9c0c-539ff999d010"],
  },

  on: "subnet",

  check({ subnet, snapshot }) {
    const faults = [...partFaults(subnet, snapshot), ...tableFaults(subnet, snapshot), ...nameFaults(subnet)];
    return failWhere(anyOf(faults.map(({ truth }) => truth)), () =>
      [...new Set(faults.filter(({ truth }) => truth.must).map(({ says }) => says))].join("; "),
    );
  },
};

interface Fault {
  readonly says: string;
  readonly truth: Truth;
}

const parts: Readonly<Record<SubnetRequirement["part"], string>> = {
  networkSecurityGroup: "network security group",
  routeTable: "route table",
};

function partFaults(subnet: SubnetFact, snapshot: Snapshot): readonly Fault[] {
  return askedOfSubnet(subnet, snapshot).map(({ by, requirement, isAsked }) => {
    const part = parts[requirement.part];
    const says = requirement.is === "needed" ? `${by} needs a ${part}, and there is none` : `${by} supports no ${part}`;
    return { says, truth: allOf([isUnmet(subnet, requirement), isAsked]) };
  });
}

function tableFaults(subnet: SubnetFact, snapshot: Snapshot): readonly Fault[] {
  const { id } = subnet;
  const { routes } = requirementsByName(id.name);
  if (routes === undefined) return [];
  const isNamed = certainly(true, [{ resource: id, pointer: "/name", value: id.name }]);
  return routeFaultsOf(subnet, routes, isNamed, snapshot).map(({ says, truth }) => {
    return { says: `the route table of ${id.name} ${says}`, truth };
  });
}

function nameFaults(subnet: SubnetFact): readonly Fault[] {
  return misplacedIn(subnet).map(({ by, names, at }) => {
    return {
      says: `${by} needs a subnet that is called ${listed(names)}`.replace(" and ", " or "),
      truth: certainly(true, [at]),
    };
  });
}
