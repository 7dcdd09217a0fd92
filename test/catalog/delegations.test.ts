import { describe, expect, test } from "vitest";
import { delegatedService, fixedNameSubnet, nsgSupportOf } from "../../lib/catalog/delegations.ts";
import { placementOfType, placements } from "../../lib/catalog/placements.ts";
import { fold } from "../../lib/model/resource-id.ts";

describe.each(placements)("$type", ({ type, delegations }) => {
  test("is found by its folded type", () => expect(placementOfType(fold(type))?.type).toBe(type));

  test.each(delegations)("goes into subnets that are delegated to %s", (serviceName) => {
    const service = delegatedService(fold(serviceName));
    expect(service).toMatchObject({ serviceName, required: true, isShareable: false });
  });

  // Then whether such a subnet is used can be told only where these were read, too.
  test("is a consumer of its usual delegation", () => {
    const [usual] = delegations;
    if (usual !== undefined) expect(delegatedService(fold(usual))?.consumers).toContain(type);
  });
});

test("a delegation that is in no list is unknown", () => {
  expect(delegatedService("contoso.things/machines")).toBeUndefined();
  expect(nsgSupportOf("contoso.things/machines")).toBe("depends");
});

test("a fixed name counts in any case", () => {
  expect(fixedNameSubnet("gatewaySUBNET")).toBe("unsupported");
  expect(fixedNameSubnet("AzureBastionSubnet")).toBe("supported");
  expect(fixedNameSubnet("GatewaySubnet2")).toBeUndefined();
});
