import type { DocumentedValue } from "./service.ts";

/**
 * An ordered list of rules that allow or deny: of those that match a caller the one with the lowest priority decides, of
 * equal ones the first in the list.
 */
export interface AccessListSource {
  /** The part of the service that it stands before: "main site". */
  readonly before: string;
  readonly pointer: string;
  /** What becomes of those whom no rule matches. Absent, they are allowed in while there is no rule, and denied with the first one. */
  readonly unmatched: {
    readonly pointer: string;
    readonly values: Readonly<Record<string, "allow" | "deny">>;
    readonly link: string;
  };
  /** A boolean, false when absent: the first list decides here, too. */
  readonly usesFirst?: string;
  /** Where a rule says what; pointers from the rule on. */
  readonly rule: AccessRuleSource;
}

/** A list of rules that allow or deny addresses, in the order in which they stand, beside rules that allow or deny types of requests. */
export interface RequestListSource extends Pick<AccessListSource, "before" | "pointer" | "unmatched"> {
  readonly usesFirst?: undefined;
  readonly rule: Pick<AccessRuleSource, "value" | "action">;
  readonly requests: {
    /** Folded; there may be others. */
    readonly types: readonly string[];
    /** In the rules for the public network, or for a private endpoint: the types that are allowed, and those that are denied. */
    readonly allow: string;
    readonly deny: string;
    readonly publicNetwork: string;
    /** Each with the name of the connection that it is for. */
    readonly privateEndpoints: { readonly pointer: string; readonly name: string };
    readonly link: string;
  };
}

/** A list of rules that allow or deny addresses, in the order in which they stand, each for this part of the service, for others or for all. */
export interface FilterListSource extends Pick<AccessListSource, "before" | "pointer"> {
  readonly usesFirst?: undefined;
  readonly unmatched: { readonly always: "allow"; readonly link: string };
  readonly rule: Pick<AccessRuleSource, "value" | "action">;
  readonly target: {
    readonly pointer: string;
    /** Folded → whether such a rule is for this part. */
    readonly values: Readonly<Record<string, boolean>>;
    readonly whenAbsent: DocumentedValue;
  };
}

export interface AccessRuleSource {
  /** Addresses and prefixes, or names of service tags, with commas between them. */
  readonly value: string;
  /** A netmask, of a single address. */
  readonly mask: string;
  /** What `value` holds. */
  readonly tag: { readonly pointer: string; readonly values: Readonly<Record<string, "addresses" | "serviceTags">> };
  readonly subnet: string;
  readonly action: { readonly pointer: string; readonly values: Readonly<Record<string, "allow" | "deny">> };
  readonly priority: string;
  /** What a request has to say besides for the rule to match, by name. */
  readonly headers: string;
  /**
   * The folded `value` that stands for everybody, and the priority of the row with it that Azure adds to its answers, for those
   * whom no rule matches. In older answers the row of an app without rules has the priority 1.
   */
  readonly last: { readonly value: string; readonly priority: number };
  /** The folded `value` that stands for everybody who comes over a service endpoint. */
  readonly everySubnet: string;
}
