export function kindOf(value: unknown): string {
  return typeof value;
}
