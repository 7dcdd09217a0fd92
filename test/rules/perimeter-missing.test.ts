import { perimeterMissing } from "../../lib/rules/perimeter-missing.ts";
import {
  aKeyVault,
  aPerimeter,
  aPerimeterConfiguration,
  aStorageAccount,
  noPerimeter,
  notAssociated,
  refusedList,
  storageId,
  subscription,
  vaultId,
} from "../support/builders.ts";
import { cacheId } from "../support/more-services.ts";
import { ruleTable } from "../support/rule-table.ts";
import { policyWith } from "../support/world.ts";

const secured = aStorageAccount({ publicNetworkAccess: "SecuredByPerimeter" });
const policy = policyWith({ perimeterTypes: ["microsoft.storage/STORAGEACCOUNTS"] });
const perimeters = "Microsoft.Network/networkSecurityPerimeters";

ruleTable(perimeterMissing, [
  { when: "neither policy nor service wants a perimeter", given: [aStorageAccount(), noPerimeter], want: "pass" },
  {
    when: "the service relies on a perimeter and is in none",
    looks: "fine",
    given: [secured, notAssociated()],
    want: "fail",
    says: ["it relies on a network security perimeter", "SecuredByPerimeter"],
  },
  {
    when: "the service relies on a perimeter, and none that was read holds it",
    given: [secured, noPerimeter],
    want: "fail",
    says: ["no perimeter outside of the subscriptions that were read holds the service"],
  },
  {
    when: "the setting is spelled in lower case",
    given: [aKeyVault({ publicNetworkAccess: "securedbyperimeter" }), notAssociated(vaultId)],
    want: "fail",
  },
  { when: "the service relies on a perimeter and is in one", given: [secured, aPerimeter()], want: "pass" },
  {
    when: "the perimeter is in learning mode, which is another rule's finding",
    looks: "wrong",
    given: [secured, aPerimeter({ accessMode: "Learning" })],
    want: "pass",
  },
  {
    when: "a perimeter that was read holds another service",
    looks: "fine",
    given: [secured, aPerimeter({ service: vaultId })],
    want: "fail",
  },
  {
    when: "the association was read from the service, and its perimeter not at all",
    looks: "wrong",
    given: [secured, aPerimeterConfiguration()],
    want: "pass",
  },
  {
    when: "the service relies on a perimeter, and nobody read any",
    given: secured,
    want: "undetermined",
    says: ["is not in the recording"],
  },
  {
    when: "the service relies on a perimeter, and they were refused",
    given: [secured, refusedList(subscription, perimeters)],
    want: "undetermined",
    says: ["403 AuthorizationFailed"],
  },
  {
    when: "the policy wants a perimeter, and the service is in one",
    given: [aStorageAccount(), aPerimeter()],
    policy,
    want: "pass",
  },
  {
    when: "the policy wants a perimeter, and the service says that it is in none",
    given: [aStorageAccount(), notAssociated()],
    policy,
    want: "fail",
    says: ["no network security perimeter holds it", "/properties/publicNetworkAccess"],
  },
  {
    when: "the policy wants a perimeter, and public access is off instead",
    looks: "fine",
    given: [aStorageAccount({ publicNetworkAccess: "Disabled" }), notAssociated()],
    policy,
    want: "fail",
  },
  {
    when: "the policy wants a perimeter, and none that was read holds the service",
    given: [aStorageAccount(), noPerimeter],
    policy,
    want: "fail",
    says: ["no perimeter outside of the subscriptions that were read holds the service"],
  },
  {
    when: "the policy wants a perimeter, and nobody read any",
    looks: "fine",
    given: aStorageAccount(),
    policy,
    want: "undetermined",
    says: ["is not in the recording"],
  },
  {
    when: "the policy wants a perimeter for another type",
    looks: "wrong",
    given: [aKeyVault(), noPerimeter],
    policy,
    want: "pass",
  },
  {
    when: "the policy wants a perimeter, and the service is in one whose mode is an unheard-of one",
    looks: "wrong",
    given: [aStorageAccount(), aPerimeter({ accessMode: "Relaxed" })],
    policy,
    want: "pass",
  },
  {
    when: "the body is a thin one, so that it may rely on a perimeter",
    given: [{ id: storageId, type: "Microsoft.Storage/storageAccounts" }, noPerimeter],
    want: "undetermined",
    says: ["without its properties"],
  },
  {
    when: "the body is a thin one of a type that no perimeter takes in",
    looks: "wrong",
    given: [{ id: cacheId, type: "Microsoft.Cache/redis" }, noPerimeter],
    want: "pass",
  },
]);
