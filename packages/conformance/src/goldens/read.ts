/** The bytes of a file beside this package, in Node and in a browser. */
export async function readBytes(url: URL): Promise<Uint8Array> {
  if (url.protocol !== 'file:') {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url.pathname}: the server answered ${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  }
  // fetch does not read files, and an import of node:fs would trouble bundlers for browsers.
  return new Uint8Array(process.getBuiltinModule('node:fs').readFileSync(url));
}
