/** TCP ports for administration and databases, which scanners try first, and what people call them. */
export const notablePorts = [
  [22, "SSH"],
  [3389, "RDP"],
  [5985, "WinRM"],
  [5986, "WinRM over TLS"],
  [1433, "SQL Server"],
  [3306, "MySQL"],
  [5432, "PostgreSQL"],
] as const;
