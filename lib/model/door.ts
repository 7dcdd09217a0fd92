/** The doors of a service from the widest to the narrowest; exceptions stand apart and do not rank. */
export const doors = ["internet", "azure", "addresses", "subnets", "private", "nobody"] as const;

export type Door = (typeof doors)[number];
