import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apiVersionOf } from "../../lib/catalog/api-versions.ts";
import { catalog } from "../../lib/catalog/index.ts";
import { command, commandFor, commandLine, readsFile, shellWord } from "../../lib/fix/command.ts";
import { patchCommand } from "../../lib/fix/patch-command.ts";
import { serviceCommands } from "../../lib/fix/service-commands.ts";
import { Policy } from "../../lib/model/policy.ts";
import { fold } from "../../lib/model/resource-id.ts";
import {
  aConsumptionOnlyEnvironment,
  aNetwork,
  aPlacedService,
  aSqlServer,
  group,
  idOf,
  noPerimeter,
  sqlId,
  storageId,
  subnetId,
} from "../support/builders.ts";
import { fixesOf } from "../support/fixed.ts";
import { where } from "./command-table.ts";

test.each(
  catalog.filter(({ accessLists }) => accessLists === undefined),
)("$noun: all that a fix changes has a command", ({ type, ...service }) => {
  if (service.accessLists !== undefined) throw new TypeError("no firewall");
  const { ipRules, virtualNetworkRules } = service;
  const needed = [
    ...(ipRules.some((source) => source.in === "child") ? ["addAddress", "changeAddress", "removeAddress"] : []),
    ...(virtualNetworkRules === undefined ? [] : ["removeSubnet"]),
  ];
  const commands: Readonly<Record<string, unknown>> = { ...serviceCommands(fold(type)) };
  expect(needed.filter((name) => commands[name] === undefined)).toEqual([]);
});

test("no command names a rule that the Azure CLI would take for a file", async () => {
  const id = `${sqlId}/firewallRules/@notes.txt`;
  const properties = { startIpAddress: "0.0.0.0", endIpAddress: "255.255.255.255" };
  const rule = { id, name: "@notes.txt", type: "Microsoft.Sql/servers/firewallRules", properties };
  const { answers } = await fixesOf(
    [aSqlServer(), rule, noPerimeter],
    Policy.default,
    ({ id }) => id.toLowerCase() === `NI101:${sqlId}`.toLowerCase(),
  );
  expect(answers.map(({ fix }) => [fix?.edits.map(({ resource }) => resource), fix?.commands])).toEqual([[[id], []]]);
  expect(answers[0]?.fix?.caveats.join()).toContain("begins with `@`");
});

test("a subnet of an app that does not tell its plan may be delegated for either", async () => {
  const app = aPlacedService("Microsoft.Web/sites", { virtualNetworkSubnetId: subnetId });
  const { answers } = await fixesOf([aNetwork(), app], Policy.default, ({ rule }) => rule === "NI401");
  const closing = answers.flatMap(({ fix, alternatives = [] }) => [
    ...(fix === undefined ? [] : [fix]),
    ...alternatives,
  ]);
  expect(closing.flatMap(({ commands }) => commands).sort()).toEqual(
    ["Microsoft.App/environments", "Microsoft.Web/serverFarms"].map(
      (name) => `az network vnet subnet update --vnet-name vnet --name snet-app --delegations ${name} ${where}`,
    ),
  );
});

test("a subnet of a consumption-only environment loses its delegation", async () => {
  const delegated = aNetwork([{ delegations: ["Microsoft.App/environments"] }]);
  const isOfRule = ({ rule }: { readonly rule: string }) => rule === "NI402";
  const { answers } = await fixesOf([delegated, aConsumptionOnlyEnvironment()], Policy.default, isOfRule);
  expect(answers.map(({ fix }) => fix?.commands)).toEqual([
    [`az network vnet subnet update --vnet-name vnet --name snet-app --remove delegations ${where}`],
  ]);
});

describe("shellWord", () => {
  test("property: bash takes every word as it was", () => {
    const anyWord = fc.string({ unit: "binary" }).filter((word) => !word.includes("\0") && word.isWellFormed());
    const tricky = fc.constantFrom(
      "",
      "-n",
      "it's",
      "$(id)",
      "`id`",
      "a b",
      "\u001b[2J",
      "\u202e",
      "\u{e0041}",
      "=ls",
      "a\nb",
      "\\",
      "!!",
      "*",
      "~",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(anyWord, tricky), { minLength: 1, maxLength: 20 }), (words) => {
        const script = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
        const output = execFileSync("bash", ["-c", script], { env: { ...process.env, LC_ALL: "C.UTF-8" } }).toString();
        expect(output.split("\0").slice(0, -1)).toEqual(words);
      }),
      { numRuns: 40 },
    );
  });

  test("nothing in a command line can steer a terminal", () => {
    const line = commandLine(["network", "nsg", "show", "--name", "\u001b[31mred\u202e\u0085"]);
    expect(line).toBe("az network nsg show --name $'\\u001b[31mred\\u202e\\u0085'");
  });

  test.each([
    "\u200d",
    "\u00ad",
    "\u2060",
    "\u{e0041}",
    "\u3164",
  ])("%j, which nobody sees, is written out", (hidden) => {
    expect(shellWord(`a${hidden}b`)).toMatch(/^\$'a\\[uU][\da-f]+b'$/);
  });

  test("property: no word has an end for PowerShell, nor an operator for the command prompt", () => {
    const steering = fc.constantFrom(
      "'",
      "\u2018",
      "\u2019",
      "\u201a",
      "\u201b",
      "&",
      "|",
      ">",
      "; calc",
      "$(calc)",
      " ",
      "\\",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(steering, fc.string())), (parts) => {
        expect(shellWord(parts.join(""))).toMatch(/^([\w@%+=:,./-]+|\$?'[^'\u2018-\u201b&|<>^]*')$/);
      }),
    );
  });

  test("zsh takes no word for a path", () => {
    expect(shellWord("=ls")).toBe("'=ls'");
  });

  test.each([
    { word: "@notes.txt", reads: true },
    { word: "--name=@notes.txt", reads: true },
    { word: "id=@-", reads: true },
    { word: "@", reads: false },
    { word: "a@b", reads: false },
    { word: "x=y=@z", reads: false },
  ])("$word is taken for a file: $reads", ({ word, reads }) => {
    expect(readsFile(["sql", "server", "show", "--name", word])).toBe(reads);
  });

  test.each(["-x", "--word", "--name", "--", "-"])("the value %s is joined to its option", (rule) => {
    const words = command("sql server firewall-rule delete --yes --name {rule} --force", idOf(storageId), { rule });
    expect(words.slice(3, 7)).toEqual(["delete", "--yes", `--name=${rule}`, "--force"]);
  });

  test("the first of several values is joined to its option, and so is what only begins with one", () => {
    const words = commandFor("x --all {all} --one {one}=1 --two id={one}", { all: ["--a", "b"], one: "--c" });
    expect(words).toEqual(["x", "--all=--a", "b", "--one=--c=1", "--two", "id=--c"]);
  });
});

describe("a patch", () => {
  const body = { properties: { publicNetworkAccess: "Disabled" } };

  test("has an address that says the same whatever is in a name", () => {
    const id = idOf(storageId.replace("/rg/", "/rg küche (1)#?&/"));
    expect(patchCommand(id, "/properties/publicNetworkAccess", () => body)).toEqual([
      [
        "rest",
        "--method",
        "patch",
        "--url",
        `${storageId.replace("/rg/", "/rg%20k%C3%BCche%20(1)%23%3F%26/")}?api-version=${apiVersionOf(id.type)}`,
        "--body",
        JSON.stringify(body),
      ],
    ]);
  });

  test("is not made of a type whose api-version is not known", () => {
    const id = idOf(`${group}/providers/Contoso.Erp/things/one`);
    expect(() => patchCommand(id, "/properties/publicNetworkAccess", () => body)).toThrow("contoso.erp/things");
  });
});
