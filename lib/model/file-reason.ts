const reasons: ReadonlyMap<unknown, string> = new Map([
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "what its path leads through is no folder"],
  ["EEXIST", "there is a file of that name"],
  ["EACCES", "whoever runs this has no right to it"],
  ["EPERM", "whoever runs this has no right to it"],
  ["EROFS", "it is on a disk that cannot be written to"],
  ["ENOSPC", "the disk is full"],
]);

/** Why a file could not be opened, without the words of the operating system where there are better ones. */
export function fileReason(cause: unknown, missing: string): string {
  if (!(cause instanceof Error)) return String(cause);
  const code = "code" in cause ? cause.code : undefined;
  return code === "ENOENT" ? missing : (reasons.get(code) ?? cause.message);
}
