import { describe, expect, test } from "vitest";
import { anAzure } from "../support/bicep/azure.ts";
import { deploy } from "../support/bicep/deployment.ts";
import { functionsAt } from "../support/bicep/functions.ts";
import { Sources } from "../support/bicep/sources.ts";
import { Unknown, type Value } from "../support/bicep/value.ts";

const subscription = "/subscriptions/c0de0000-0000-4000-8000-000000000001";
const group = `${subscription}/resourceGroups/rg-app`;

const otherId = `${group}/providers/Contoso.App/things/other`;

function deployedTo(
  scope: string,
  files: Readonly<Record<string, string>>,
  given: Readonly<Record<string, Value>> = {},
) {
  const sources = new Sources(Object.entries(files));
  return deploy(sources, sources.program("main.bicep"), given, scope, anAzure());
}

const around = `
param names string[] = ['a', 'b']
param absent string?
var pair = { key: 'k', inner: { list: [1, 2], 'dotted.name': 'd' } }
resource other 'Contoso.App/things@2025-01-01' = {
  name: 'other'
  location: 'westeurope'
  properties: { mode: 'Closed' }
}
`;

function valueAt(expression: string): Value | undefined {
  const text = `${around}\nresource it 'Contoso.App/its@2025-01-01' = {\n  name: 'it'\n  value: ${expression}\n}\n`;
  const { resources } = deployedTo(group, { "main.bicep": text, "data/x.json": '{"a":{"b":[1]}}' });
  return resources.find(({ symbol }) => symbol === "it")?.body.value;
}

describe("an expression", () => {
  test.each<{ given: string; want: Value }>([
    { given: "1 + 2 * 3 - 1", want: 6 },
    { given: "(1 + 2) * 3", want: 9 },
    { given: "7 / 2 % 2", want: 1 },
    { given: "-pair.inner.list[1] + 1", want: -1 },
    { given: "pair.key == 'k' && !empty(names)", want: true },
    { given: "1 < 2 == true || false", want: true },
    { given: "'A' =~ 'a' && 'A' != 'a' && 'a' !~ 'b'", want: true },
    { given: "names[0] == pair.key ? 'yes' : names[1] == 'b' ? pair.key : 'no'", want: "k" },
    { given: "absent ?? pair.?none ?? pair.key", want: "k" },
    { given: "pair.?none.?more", want: null },
    { given: "pair.inner['dotted.name']", want: "d" },
    { given: "names[?5]", want: null },
    { given: "'${pair.key}-${1 + 1}-${true}'", want: "k-2-True" },
    { given: "' ${pair.key} ${pair.key}  é${1} '", want: " k k  é1 " },
    { given: "'\\'\\n\\$\\u{1F512}'", want: "'\n$🔒" },
    { given: "'https://${pair.key}/# no comment'", want: "https://k/# no comment" },
    { given: "'''\na ${pair.key} \\\n'''", want: "a ${pair.key} \\\n" },
    { given: "[for name in names: '${name}1']", want: ["a1", "b1"] },
    { given: "[for (name, at) in names: { '${name}': at }]", want: [{ a: 0 }, { b: 1 }] },
    { given: "[length(names), names[1], pair.inner.list[0], (2)]", want: [2, "b", 1, 2] },
    { given: "map(names, name => name == 'a' ? pair.inner.list : [])", want: [[1, 2], []] },
    { given: "map(names, (name, at) => '${at}${name}')", want: ["0a", "1b"] },
    { given: "az.resourceGroup().name", want: "rg-app" },
    { given: "other.id", want: otherId },
    { given: "other.name", want: "other" },
    { given: "other.properties.mode", want: "Closed" },
    { given: "[\n  names[0]\n  pair.key\n]", want: ["a", "k"] },
  ])("$given", ({ given, want }) => expect(valueAt(given)).toEqual(want));

  test.each([
    { given: "other.properties.address", want: `reference('${otherId}').properties.address` },
    { given: "other.properties.list[1]", want: `reference('${otherId}').properties.list.1` },
    { given: "'${names[0]}-${other.properties.address}'", want: `'a-\${reference('${otherId}').properties.address}'` },
    { given: "toLower(other.properties.address)", want: `toLower(reference('${otherId}').properties.address)` },
    { given: "other.properties.address == 'x'", want: "other.properties.address == 'x'" },
    { given: "other.properties.address == 'x' ? 1 : 2", want: "other.properties.address == 'x' ? 1 : 2" },
    { given: "!other.properties.isOpen", want: "!other.properties.isOpen" },
    { given: "join(['a', other.properties.address], ',')", want: "join(" },
    { given: "contains(['a', other.properties.address], 'b')", want: "contains(" },
    { given: "filter([1], x => other.properties.isOpen)", want: "filter(" },
    { given: "utcNow()", want: "utcNow()" },
  ])("$given stays unknown", ({ given, want }) => {
    const value = valueAt(given);
    expect(value).toBeInstanceOf(Unknown);
    expect(value).toMatchObject({ expression: expect.stringContaining(want) });
  });

  test.each<{ given: string; want: Value }>([
    { given: "false && other.properties.isOpen", want: false },
    { given: "other.properties.isOpen || true", want: true },
    { given: "contains(['a', other.properties.address], 'a')", want: true },
    { given: "length([other.properties.address])", want: 1 },
    { given: "concat([1], [2])[0]", want: 1 },
  ])("$given is known although a part of it is not", ({ given, want }) => expect(valueAt(given)).toEqual(want));

  test.each([
    { given: "nothing", want: "main.bicep:13: there is no `nothing`" },
    { given: "pair.none", want: "main.bicep:13: there is no `pair.none`" },
    { given: "names[5]", want: "main.bicep:13: there is no `names[5]`" },
    { given: "nothing()", want: "main.bicep:13: there is no function `nothing`" },
    { given: "1 + 'a'", want: "main.bicep:13: `1 + 'a'` is not understood" },
    { given: "'${pair}'", want: "puts into a string what is none" },
    { given: "pair ? 1 : 2", want: "main.bicep:13: `pair` is no boolean" },
    { given: "[for x in pair: x]", want: "a loop goes over an array" },
    { given: "toLower(1)", want: "main.bicep:13: `toLower(1)`: a string is expected" },
  ])("$given is refused", ({ given, want }) => expect(() => valueAt(given)).toThrow(want));
});

const functions: Readonly<Record<string, readonly { readonly given: string; readonly want: Value }[]>> = {
  cidrSubnet: [
    { given: "cidrSubnet('10.1.0.0/16', 24, 3)", want: "10.1.3.0/24" },
    { given: "cidrSubnet('10.1.255.0/24', 26, 2)", want: "10.1.255.128/26" },
  ],
  concat: [
    { given: "concat('a', 'b')", want: "ab" },
    { given: "concat([1], [2, 3])", want: [1, 2, 3] },
  ],
  contains: [
    { given: "contains(names, 'b')", want: true },
    { given: "contains(pair, 'KEY')", want: true },
    { given: "contains('abc', 'd')", want: false },
  ],
  empty: [
    { given: "[empty(''), empty([]), empty({}), empty(absent), empty(' ')]", want: [true, true, true, true, false] },
  ],
  endsWith: [{ given: "endsWith('abC', 'c')", want: true }],
  environment: [{ given: "environment().suffixes.storage", want: "core.windows.net" }],
  filter: [{ given: "filter(names, name => name != 'a')", want: ["b"] }],
  first: [{ given: "[first(names), first('xy'), first([])]", want: ["a", "x", null] }],
  flatten: [{ given: "flatten([[1], [2, [3]]])", want: [1, 2, [3]] }],
  format: [{ given: "format('{1}-{0}', 'a', 2)", want: "2-a" }],
  guid: [{ given: "guid('a', 'b') == guid('a', 'b') && guid('a') != guid('b')", want: true }],
  int: [{ given: "int('12') + 1", want: 13 }],
  items: [{ given: "map(items({ b: 1, a: 2 }), item => '${item.key}${item.value}')", want: ["a2", "b1"] }],
  join: [{ given: "join(names, ', ')", want: "a, b" }],
  last: [{ given: "[last(names), last('xy')]", want: ["b", "y"] }],
  length: [{ given: "[length(names), length('abc'), length(pair)]", want: [2, 3, 2] }],
  loadJsonContent: [
    { given: "loadJsonContent('data/x.json')", want: { a: { b: [1] } } },
    { given: "loadJsonContent('./data/x.json', 'a.b')", want: [1] },
  ],
  loadTextContent: [{ given: "loadTextContent('data/x.json')", want: '{"a":{"b":[1]}}' }],
  managementGroup: [{ given: "managementGroup('mg').id", want: "/providers/Microsoft.Management/managementGroups/mg" }],
  map: [{ given: "map([1, 2], x => x * x)", want: [1, 4] }],
  range: [{ given: "range(3, 2)", want: [3, 4] }],
  replace: [{ given: "replace('a.b.c', '.', '-')", want: "a-b-c" }],
  resourceGroup: [
    { given: "resourceGroup().id", want: group },
    { given: "resourceGroup('rg').id", want: `${subscription}/resourceGroups/rg` },
    { given: "resourceGroup('1', 'rg').id", want: "/subscriptions/1/resourceGroups/rg" },
  ],
  resourceId: [
    { given: "resourceId('A.B/c/d', 'x', 'y')", want: `${group}/providers/A.B/c/x/d/y` },
    { given: "resourceId('rg', 'A.B/c', 'x')", want: `${subscription}/resourceGroups/rg/providers/A.B/c/x` },
    { given: "resourceId('1', 'rg', 'A.B/c', 'x')", want: "/subscriptions/1/resourceGroups/rg/providers/A.B/c/x" },
  ],
  split: [
    { given: "split('a,b', ',')", want: ["a", "b"] },
    { given: "split('a,b;c', [',', ';'])", want: ["a", "b", "c"] },
  ],
  startsWith: [{ given: "startsWith('Abc', 'a')", want: true }],
  string: [{ given: "[string(1), string(true), string([1])]", want: ["1", "True", "[1]"] }],
  subscription: [
    { given: "subscription().id", want: subscription },
    { given: "subscription('1').subscriptionId", want: "1" },
  ],
  subscriptionResourceId: [
    { given: "subscriptionResourceId('A.B/c', 'x')", want: `${subscription}/providers/A.B/c/x` },
  ],
  take: [{ given: "[take('abc', 2), take('a', 5)]", want: ["ab", "a"] }],
  tenant: [{ given: "tenant().tenantId", want: anAzure().tenantId }],
  tenantResourceId: [{ given: "tenantResourceId('A.B/c', 'x')", want: "/providers/A.B/c/x" }],
  toLower: [{ given: "toLower('ABc')", want: "abc" }],
  toObject: [
    { given: "toObject(names, name => name, name => 1)", want: { a: 1, b: 1 } },
    { given: "toObject(names, name => name)", want: { a: "a", b: "b" } },
  ],
  union: [
    { given: "union({ a: { x: 1 }, b: 1 }, { a: { y: 2 }, b: 2 })", want: { a: { x: 1, y: 2 }, b: 2 } },
    { given: "union([1, 2], [2, 3])", want: [1, 2, 3] },
  ],
  uniqueString: [{ given: "length(uniqueString('a')) == 13 && uniqueString('a') != uniqueString('b')", want: true }],
};

describe("a function", () => {
  const rows = Object.values(functions).flat();

  test.each(rows)("$given", ({ given, want }) => expect(valueAt(given)).toEqual(want));

  test("has its rows here, or says nothing without Azure", () => {
    const silent = ["deployer", "deployment", "newGuid", "utcNow"];
    const known = functionsAt(new Sources([]), "main.bicep", group, anAzure());
    expect([...known.keys()].sort()).toEqual([...Object.keys(functions), ...silent].sort());
    for (const name of silent) expect(valueAt(`${name}()`)).toBeInstanceOf(Unknown);
  });
});

describe("a deployment", () => {
  const thing = (more: string) => `resource thing 'Contoso.App/things@2025-01-01' = ${more}\n`;

  test.each([
    {
      when: "it is a child in braces",
      text: thing("{\n  name: 'a'\n  resource part 'parts' = {\n    name: 'b'\n  }\n}"),
      want: ["things/a", "things/a/parts/b"],
    },
    {
      when: "it is a child by its parent",
      text: `${thing("{\n  name: 'a'\n}")}resource part 'Contoso.App/things/parts@2025-01-01' = {\n  parent: thing\n  name: 'b'\n}`,
      want: ["things/a", "things/a/parts/b"],
    },
    {
      when: "it is a child by its name",
      text: "resource part 'Contoso.App/things/parts@2025-01-01' = {\n  name: 'a/b'\n}",
      want: ["things/a/parts/b"],
    },
    {
      when: "it is a child of an inner resource",
      text: `${thing("{\n  name: 'a'\n  resource part 'parts' existing = {\n    name: 'b'\n  }\n}")}resource bit 'Contoso.App/things/parts/bits@2025-01-01' = {\n  parent: thing::part\n  name: 'c'\n}`,
      want: ["things/a", "things/a/parts/b", "things/a/parts/b/bits/c"],
    },
    {
      when: "it extends another one",
      text: `${thing("{\n  name: 'a'\n}")}resource lock 'Contoso.Locks/locks@2025-01-01' = {\n  scope: thing\n  name: 'b'\n}`,
      want: ["things/a", "things/a/providers/Contoso.Locks/locks/b"],
    },
    {
      when: "it stands in a loop",
      text: thing("[for (name, at) in ['x', 'y']: if (at > 0) {\n  name: name\n}]"),
      want: ["things/x", "things/y"],
    },
  ])("has the ids of its resources: $when", ({ text, want }) => {
    const { resources } = deployedTo(group, { "main.bicep": text });
    expect(resources.map(({ id }) => id)).toEqual(want.map((tail) => `${group}/providers/Contoso.App/${tail}`));
  });

  test("knows which resources a condition leaves out", () => {
    const text = thing("[for (name, at) in ['x', 'y']: if (at > 0) {\n  name: name\n}]");
    expect(deployedTo(group, { "main.bicep": text }).resources.map(({ isDeployed }) => isDeployed)).toEqual([
      false,
      true,
    ]);
  });

  test("evaluates modules with what they are given, in their own scope", () => {
    const files = {
      "main.bicep": `targetScope = 'subscription'
param tags object
resource rg 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-app'
  location: 'westeurope'
}
module part 'parts/part.bicep' = {
  scope: rg
  params: { name: 'x', tags: tags }
}
output place string = part.outputs.place
`,
      "parts/part.bicep": `param name string
param tags object
resource thing 'Contoso.App/things@2025-01-01' = {
  name: name
  tags: tags
}
output place string = '\${thing.id} \${resourceGroup().name}'
`,
    };
    const { resources, outputs } = deployedTo(subscription, files, { tags: { owner: "me" } });
    const id = `${group}/providers/Contoso.App/things/x`;
    expect(resources.map((one) => one.id)).toEqual([group, id]);
    expect(resources[1]?.body).toEqual({ name: "x", tags: { owner: "me" } });
    expect(outputs.get("place")).toBe(`${id} rg-app`);
  });

  test("knows the name of nothing that depends on what only Azure knows, and makes none up", () => {
    const text = `${thing("{\n  name: 'a'\n}")}resource other 'Contoso.App/others@2025-01-01' = {\n  name: 'o-\${thing.properties.x}'\n}`;
    const { resources } = deployedTo(group, { "main.bicep": text });
    const id = `${group}/providers/Contoso.App/things/a`;
    expect(resources[1]?.name).toBe(`⟨'o-\${reference('${id.replaceAll("/", "∕")}').properties.x}'⟩`);
  });
});
