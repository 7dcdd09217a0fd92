import { perimeterLearning } from "../../lib/rules/perimeter-learning.ts";
import {
  aPerimeter,
  aPerimeterConfiguration,
  aStorageAccount,
  noPerimeter,
  refusedList,
  storageId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import { ruleTable } from "../support/rule-table.ts";

const learning = { accessMode: "Learning" };
const perimeters = "Microsoft.Network/networkSecurityPerimeters";

ruleTable(perimeterLearning, [
  { when: "the perimeter is enforced", given: [aStorageAccount(), aPerimeter()], want: "pass" },
  {
    when: "it is in learning mode",
    looks: "fine",
    given: [aStorageAccount(), aPerimeter(learning)],
    want: "fail",
    says: ["enforces nothing", "/properties/accessMode", "Learning"],
  },
  {
    when: "learning is spelled in lower case",
    given: [aStorageAccount(), aPerimeter({ accessMode: "learning" })],
    want: "fail",
  },
  {
    when: "it is in audit mode, which refuses nobody either",
    looks: "fine",
    given: [aStorageAccount(), aPerimeter({ accessMode: "Audit" })],
    want: "fail",
  },
  {
    when: "the service relies on a perimeter that is in learning mode",
    looks: "fine",
    given: [aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" }), aPerimeter(learning)],
    want: "fail",
  },
  {
    when: "public access is off, where the rules of the perimeter are added all the same",
    given: [aStorageAccount({ publicNetworkAccess: "Disabled" }), aPerimeter(learning)],
    want: "fail",
  },
  {
    when: "only the service's own side of the association was read",
    given: [aStorageAccount(), aPerimeterConfiguration(learning)],
    want: "fail",
    says: ["/properties/resourceAssociation/accessMode"],
  },
  {
    when: "both sides of the association say so, of which there is one finding",
    given: [aStorageAccount(), aPerimeter(learning), aPerimeterConfiguration(learning)],
    want: "fail",
  },
  {
    when: "the sides of the association contradict each other",
    given: [aStorageAccount(), aPerimeter(), aPerimeterConfiguration(learning)],
    want: "undetermined",
    says: ["contradict each other"],
  },
  {
    when: "the perimeter learns about another service",
    looks: "wrong",
    given: [aStorageAccount(), aPerimeter({ service: vaultId, accessMode: "Learning" })],
    want: "pass",
  },
  { when: "there is no perimeter", given: [aStorageAccount(), noPerimeter], want: "pass" },
  { when: "nobody read the perimeters", looks: "wrong", given: aStorageAccount(), want: "pass" },
  {
    when: "the mode is an unheard-of one",
    given: [aStorageAccount(), aPerimeter({ accessMode: "Relaxed" })],
    want: "undetermined",
    says: ["Relaxed"],
  },
  {
    when: "the perimeters were refused",
    given: [aStorageAccount(), refusedList(subscription, perimeters)],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the service relies on a perimeter, and nobody read any",
    given: aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" }),
    want: "undetermined",
  },
  {
    when: "the body is a thin one, and the association was read",
    given: [{ id: storageId, type: "Microsoft.Storage/storageAccounts" }, aPerimeter(learning)],
    want: "fail",
  },
]);
