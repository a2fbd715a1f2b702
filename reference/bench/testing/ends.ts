// A process that ends without a word.
process.exitCode = 7;
