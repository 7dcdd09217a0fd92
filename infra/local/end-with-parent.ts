/** Loaded into child processes: a child whose parent is gone, however it ended, ends too. */
process.once("disconnect", () => process.exit());
if (!process.connected) process.exit();
