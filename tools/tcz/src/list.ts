/** `NAME.tcz.list`: every path that is not a folder, one a line, no leading `/`. Sorted by bytes, not by locale. */
export function formatList(paths: readonly string[]): string {
  return paths
    .map((path) => Buffer.from(path))
    .sort(Buffer.compare)
    .map((path) => `${path}\n`)
    .join('')
}
