import { CordonError } from "../model/cordon-error.ts";
import type { ServiceTagList } from "../model/service-tags.ts";
import type { Reader } from "./reader.ts";
import { documentsOf } from "./recorded-documents.ts";
import { readServiceTags } from "./service-tag-list.ts";

/**
 * The lists in a file that is nothing else: an answer of the service tag API, or what Microsoft publishes once a week
 * (https://www.microsoft.com/download/details.aspx?id=56519). Throws `ERR_SERVICE_TAGS_UNREADABLE`.
 */
export async function readServiceTagFile(file: string): Promise<readonly ServiceTagList[]> {
  const lists: ServiceTagList[] = [];
  for await (const documents of documentsOf(file)) {
    for (const document of documents) {
      const reading = document.kind === "json" ? readServiceTags(document.value, document.where) : document;
      if (reading.kind !== "serviceTags") throw unreadable(reading);
      lists.push(reading.list);
    }
  }
  return lists;
}

function unreadable({ where, message }: { readonly where: string; readonly message: string }): CordonError {
  return new CordonError("ERR_SERVICE_TAGS_UNREADABLE", `cannot read service tags \`${where}\`: ${message}`);
}

/** Reads the lists before everything else. */
export function withServiceTags(lists: readonly ServiceTagList[], reader: Reader): Reader {
  return {
    async *readAll() {
      yield lists.map((list) => ({ kind: "serviceTags", list }));
      yield* reader.readAll();
    },
    read: (key) => reader.read(key),
  };
}
