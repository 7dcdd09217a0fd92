import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { CordonError } from "../../lib/model/cordon-error.ts";
import { readServiceTagFile } from "../../lib/readers/service-tag-file.ts";
import { aStorageAccount } from "../support/builders.ts";
import { cordon, folderWith } from "./cordon.ts";

const storage = { name: "Storage", id: "Storage", properties: { addressPrefixes: ["20.60.0.0/24", "2603:1020::/48"] } };
const published = { changeNumber: 376, cloud: "Public", values: [storage] };

describe("`--service-tags`", () => {
  test.each([
    { form: "the published file", text: JSON.stringify(published, undefined, 2) },
    { form: "one line", text: JSON.stringify(published) },
    { form: "the API's answer", text: JSON.stringify({ ...published, changeNumber: "376", type: "Public", id: "/x" }) },
    { form: "gzip", text: gzipSync(JSON.stringify(published)) },
  ])("reads $form", async ({ text }) => {
    const file = join(await folderWith({}), "tags.json");
    await writeFile(file, text);
    const values = [{ name: "Storage", addressPrefixes: storage.properties.addressPrefixes }];
    expect(await readServiceTagFile(file)).toEqual([{ changeNumber: 376, values }]);
  });

  test.each([
    { when: "is missing", files: {}, says: /tags\.json`: there is no such file$/m },
    { when: "is empty", files: { "tags.json": "" }, says: /tags\.json`: the file is empty/ },
    { when: "is broken", files: { "tags.json": '{\n  "values": [,]\n}' }, says: /tags\.json:2:14`: broken JSON/ },
    { when: "is something else", files: { "tags.json": aStorageAccount() }, says: /`changeNumber`/ },
    {
      when: "has a tag without prefixes",
      files: { "tags.json": { ...published, values: [storage, { name: "Sql", properties: {} }] } },
      says: /`values\.1\.properties\.addressPrefixes`/,
    },
  ])("a file that $when is an error that says so", async ({ files, says }) => {
    const folder = await folderWith({ "a.json": aStorageAccount(), ...files });
    const error = await readServiceTagFile(join(folder, "tags.json")).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CordonError);
    expect(error).toMatchObject({ code: "ERR_SERVICE_TAGS_UNREADABLE", message: expect.stringMatching(says) });
    const { code, stdout, stderr } = await cordon(
      ["audit", "--recording", "a.json", "--service-tags", "tags.json"],
      folder,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^error: cannot read service tags `tags\.json/m);
  });
});
