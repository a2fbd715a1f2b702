/** Ends the process while it is being loaded. */
process.exit(7);
