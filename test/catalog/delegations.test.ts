import { describe, expect, test } from "vitest";
import { delegatedService, fixedNameSubnet, isDedicatedByName, nsgSupportOf } from "../../lib/catalog/delegations.ts";
import { placementOfType, placements } from "../../lib/catalog/placements.ts";
import { fold } from "../../lib/model/resource-id.ts";

describe.each(placements)("$type", ({ type, delegations, undelegated, signs = [] }) => {
  test("is found by its folded type", () => expect(placementOfType(fold(type))?.type).toBe(type));

  test.each(delegations)("goes into subnets that are delegated to %s", (serviceName) => {
    const service = delegatedService(fold(serviceName));
    expect(service).toMatchObject({ serviceName, isShareable: false });
  });

  test("has a sign for each delegation where there are several, and for none where there may be none", () => {
    const told = signs.map((sign) => sign.delegations);
    const several = delegations.length > 1 || undelegated !== undefined;
    expect(new Set(told.flat())).toEqual(new Set(several ? delegations : []));
    expect(told.some((names) => names.length === 0)).toBe(undelegated !== undefined);
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
  expect(isDedicatedByName("gatewaySUBNET")).toBe(true);
  expect(isDedicatedByName("GatewaySubnet2")).toBe(false);
});
