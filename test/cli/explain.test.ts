import { expect, test } from "vitest";
import { rules } from "../../lib/rules/index.ts";
import packageJson from "../../package.json" with { type: "json" };
import { cordon } from "./cordon.ts";

test.each(["NI104", "ni104", "firewall-range-unapproved"])("`explain %s` says all of the rule", async (text) => {
  const { code, stdout, stderr } = await cordon(["explain", text]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const rule = rules.find(({ id }) => id === "NI104");
  if (rule === undefined) throw new Error("there is no NI104");
  const words = stdout.replaceAll(/\s+/g, " ");
  const { mcsb, azurePolicy } = rule.controls;
  for (const part of [
    rule.id,
    rule.name,
    rule.severity,
    rule.title,
    rule.why,
    rule.remedy,
    rule.link,
    ...mcsb,
    ...azurePolicy,
  ]) {
    expect(words).toContain(part);
  }
});

test("`--version` is that of the package", async () => {
  expect((await cordon(["--version"])).stdout).toBe(`${packageJson.version}\n`);
});
