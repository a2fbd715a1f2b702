// Options of the command line that bear on HTTP. Nothing documented tells their values but the arguments themselves.

const given = [...(process.env.NODE_OPTIONS ?? '').split(/\s+/), ...process.execArgv];

/** The last value of an option that has one: `--name=value` or `--name value`. */
function optionValue(name: string): string | undefined {
  let value: string | undefined;
  for (const [i, argument] of given.entries()) {
    if (argument === name) value = given[i + 1];
    else if (argument.startsWith(`${name}=`)) value = argument.slice(name.length + 1);
  }
  return value;
}

const size = Number(optionValue('--max-http-header-size'));

/** Bytes of a head that are taken by default. Section `httpmaxheadersize` */
export const maxHeaderSize: number = Number.isInteger(size) && size > 0 ? size : 16_384;

/** `--insecure-http-parser`: whether parsers are lenient by default. */
export const insecureHTTPParser: boolean = given.includes('--insecure-http-parser');
