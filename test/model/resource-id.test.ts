import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold, ResourceId } from "../../lib/model/resource-id.ts";
import { group, idOf, networkId, sqlId, storageId, subnetId, subscription } from "../support/builders.ts";

const diagnostics = `${storageId}/providers/Microsoft.Insights/diagnosticSettings/all`;
const groupNamedProviders = `${subscription}/resourceGroups/providers`;

describe("an id", () => {
  it.each([
    {
      when: "a subscription",
      given: subscription,
      type: "microsoft.resources/subscriptions",
      name: "00000000-0000-4000-8000-000000000001",
      parent: undefined,
    },
    {
      when: "a resource group",
      given: group,
      type: "microsoft.resources/resourcegroups",
      name: "rg",
      parent: subscription,
    },
    {
      when: "a resource",
      given: storageId,
      type: "microsoft.storage/storageaccounts",
      name: "stdrawings",
      parent: group,
    },
    {
      when: "a child",
      given: subnetId,
      type: "microsoft.network/virtualnetworks/subnets",
      name: "snet-app",
      parent: networkId,
    },
    {
      when: "a resource of a subscription",
      given: `${subscription}/providers/Microsoft.Network/networkManagers/nm`,
      type: "microsoft.network/networkmanagers",
      name: "nm",
      parent: subscription,
    },
    {
      when: "an extension resource",
      given: diagnostics,
      type: "microsoft.insights/diagnosticsettings",
      name: "all",
      parent: storageId,
    },
    {
      when: "a child of an extension resource",
      given: `${storageId}/providers/Microsoft.Security/defender/d/scans/s`,
      type: "microsoft.security/defender/scans",
      name: "s",
      parent: `${storageId}/providers/Microsoft.Security/defender/d`,
    },
    {
      when: "a resource named providers",
      given: `${group}/providers/Microsoft.Sql/servers/providers`,
      type: "microsoft.sql/servers",
      name: "providers",
      parent: group,
    },
    {
      when: "a child of a resource named providers",
      given: `${group}/providers/Microsoft.Sql/servers/providers/firewallRules/providers`,
      type: "microsoft.sql/servers/firewallrules",
      name: "providers",
      parent: `${group}/providers/Microsoft.Sql/servers/providers`,
    },
    {
      when: "a resource in a group named providers",
      given: `${groupNamedProviders}/providers/Microsoft.Sql/servers/s`,
      type: "microsoft.sql/servers",
      name: "s",
      parent: groupNamedProviders,
    },
    {
      when: "Azure spelled it in its own way",
      given: `${subscription.toUpperCase()}/resourcegroups/RG/PROVIDERS/microsoft.SQL/Servers/SQL-erp`,
      type: "microsoft.sql/servers",
      name: "SQL-erp",
      parent: `${subscription.toUpperCase()}/resourcegroups/RG`,
    },
  ])("is understood: $when", ({ given, type, name, parent }) => {
    const id = idOf(given);
    expect({ text: id.text, type: id.type, name: id.name, parent: id.parent?.text }).toEqual({
      text: given,
      type,
      name,
      parent,
    });
  });

  it.each([
    { when: "a number", given: 7 },
    { when: "nothing", given: undefined },
    { when: "an empty text", given: "" },
    { when: "a slash", given: "/" },
    { when: "a GUID", given: "34adfa4f-cedf-4dc0-ba29-b6d1a69ab345" },
    { when: "without the leading slash", given: storageId.slice(1) },
    { when: "a URL", given: `https://management.azure.com${storageId}` },
    { when: "of a tenant", given: "/providers/Microsoft.Management/managementGroups/all" },
    { when: "a list", given: `${group}/providers/Microsoft.Sql/servers` },
    { when: "a provider", given: `${group}/providers/Microsoft.Sql` },
    { when: "a type without a name", given: `${sqlId}/firewallRules` },
    { when: "an empty name", given: `${group}/providers/Microsoft.Sql/servers//firewallRules/r` },
    { when: "two slashes at the end", given: `${sqlId}//` },
    { when: "a subscription without id", given: "/subscriptions//resourceGroups/rg" },
    {
      when: "no resource group where one belongs",
      given: `${subscription}/groups/rg/providers/Microsoft.Sql/servers/s`,
    },
    { when: "two dots for a name", given: `${group}/providers/Microsoft.Sql/servers/..` },
    { when: "a dot for a name", given: `${group}/providers/Microsoft.Sql/servers/.` },
    { when: "two dots for a group", given: `${subscription}/resourceGroups/../providers/Microsoft.Sql/servers/s` },
    { when: "two dots for a type", given: `${sqlId}/../../../other` },
    { when: "two dots for a subscription", given: "/subscriptions/../resourceGroups/rg" },
    { when: "neither group nor provider", given: `${subscription}/locations/westeurope` },
  ])("is not $when", ({ given }) => {
    expect(ResourceId.parse(given)).toBeUndefined();
  });

  it("loses one trailing slash", () => {
    const id = idOf(`${storageId}/`);
    expect(id.text).toBe(storageId);
    expect(id.key).toBe(idOf(storageId).key);
  });

  it("has a child, which has it as parent", () => {
    const child = idOf(sqlId).child("firewallRules", "Office");
    expect(child.text).toBe(`${sqlId}/firewallRules/Office`);
    expect(child).toEqual(idOf(`${sqlId}/firewallRules/Office`));
    expect(child.parent).toEqual(idOf(sqlId));
  });

  it("knows its subscription, whatever the case", () => {
    expect(idOf(storageId.toUpperCase()).subscription).toBe("00000000-0000-4000-8000-000000000001");
  });

  it.each([
    { when: "itself", inner: networkId, outer: networkId, want: true },
    { when: "its child", inner: subnetId, outer: networkId, want: true },
    { when: "its group", inner: subnetId, outer: group.toUpperCase(), want: true },
    { when: "a name that only begins alike", inner: `${networkId}-2`, outer: networkId, want: false },
    { when: "its parent", inner: networkId, outer: subnetId, want: false },
  ])("within $when: $want", ({ inner, outer, want }) => {
    expect(idOf(inner).isWithin(idOf(outer))).toBe(want);
  });
});

describe("folding", () => {
  it.each([
    { when: "the Kelvin sign", given: "\u212A", want: "\u212A" },
    { when: "I with a dot", given: "\u0130D", want: "\u0130d" },
    { when: "umlauts", given: "MÜNCHEN", want: "mÜnchen" },
    { when: "a sharp s", given: "\u1E9E", want: "\u1E9E" },
  ])("leaves $when as it is", ({ given, want }) => {
    expect(fold(given)).toBe(want);
  });

  it("keeps ids apart that only Unicode would make equal", () => {
    expect(idOf(`${sqlId}/databases/\u212A`).key).not.toBe(idOf(`${sqlId}/databases/k`).key);
  });

  it("changes A to Z and nothing else", () => {
    const naive = (text: string) =>
      Array.from(text, (one) => (one >= "A" && one <= "Z" ? String.fromCharCode(one.charCodeAt(0) + 32) : one)).join(
        "",
      );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."AZaz@[`{Kk\u212A\u0130\u0131\u00DC\u1E9E") }), (text) => {
        expect(fold(text)).toBe(naive(text));
      }),
    );
  });

  it("makes every spelling of an id one key", () => {
    const anySpelling = fc
      .array(fc.boolean(), { minLength: storageId.length, maxLength: storageId.length })
      .map((upper) => Array.from(storageId, (one, at) => (upper[at] ? one.toUpperCase() : one)).join(""));
    fc.assert(
      fc.property(anySpelling, (text) => {
        expect(ResourceId.parse(text)?.key).toBe(idOf(storageId).key);
      }),
    );
  });
});
