/** A Debian package of the appliance as lists name it. */
export type ListedPackage = {
  readonly name: string
  readonly version: string
  readonly architecture: string
  /** Of its .deb; absent for a package that came from no archive. */
  readonly sha256?: string
}

/** @param installed lines of name, version, architecture, tab-separated @param fetched the same and the sha256 of each .deb */
export function parsePackages(installed: string, fetched: string): ListedPackage[] {
  const rowsOf = (list: string) => list.split('\n').filter(line => line !== '')
  const hashes = new Map(rowsOf(fetched).map(line => [line.replace(/\t[^\t]*$/, ''), line.replace(/^.*\t/, '')]))
  return rowsOf(installed).map(line => {
    const [name = '', version = '', architecture = ''] = line.split('\t')
    const sha256 = hashes.get(line)
    return { name, version, architecture, ...(sha256 ? { sha256 } : {}) }
  })
}
