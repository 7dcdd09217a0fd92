import { type PlacedKind, placementOfType } from "../catalog/placements.ts";
import type { Evidence } from "../model/evidence.ts";
import type { PlacedFact, ServiceFact } from "../model/fact.ts";
import type { ResourceId } from "../model/resource-id.ts";
import { evidenceOf } from "../model/setting.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { whyUnread } from "./unread.ts";

/** What a placed service's subnets have to be delegated to. */
export interface PlacedDelegations {
  /** As Azure spells them: one of them; none where it needs none. */
  readonly accepted: readonly string[];
  /** Set where they must not be delegated at all, or may have to be without: certain where nothing is accepted. */
  readonly undelegated?: PlacedKind;
  /** Where it stands which of several it is. */
  readonly evidence: readonly Evidence[];
  /** Set where these are all that it can be. */
  readonly unsettled?: Unsettled;
}

export interface Unsettled {
  readonly because: string;
  /** The resource whose body would tell: services that have it in common need the same. */
  readonly by: ResourceId;
}

/** Its own body tells, or the plan that it runs on. */
export function delegationsOfPlaced(fact: PlacedFact | ServiceFact, snapshot: Snapshot): PlacedDelegations {
  const { id, delegations, host } = fact;
  const { delegations: accepted = [], undelegated } = placementOfType(id.type) ?? {};
  const own = evidenceOf(id, delegations);
  if (delegations.kind === "known") {
    const mustBeBare = delegations.value.length === 0 && undelegated !== undefined;
    return { accepted: delegations.value, evidence: own, ...(mustBeBare && { undelegated }) };
  }
  if (host === undefined) {
    const unsettled = { because: delegations.because, by: id };
    return { accepted, evidence: own, unsettled, ...(undelegated && { undelegated }) };
  }
  const found = snapshot.get(host);
  if (found.kind === "fact" && found.fact.kind === "placed") {
    const ofHost = found.fact.delegations;
    const evidence = evidenceOf(host, ofHost);
    if (ofHost.kind === "known") return { accepted: ofHost.value, evidence };
    const because = `${delegations.because}, and ${ofHost.because}`;
    return { accepted, evidence, unsettled: { because, by: host } };
  }
  const isUnread = found.kind === "unreadable" || found.kind === "notRead";
  const why = isUnread ? whyUnread(found, `\`${host.text}\``) : `there is no plan \`${host.text}\``;
  return { accepted, evidence: [], unsettled: { because: `${delegations.because}, and ${why}`, by: host } };
}
