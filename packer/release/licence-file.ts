/** The licences of everything in the appliance as one file beside it, from the copyright files that are in it. */
import { createReadStream } from 'node:fs'
import { text } from 'node:stream/consumers'
import { extract } from 'tar-stream'

/** Package, and the text that is installed for it; in the system or in a runtime image of Docker's store. */
const copyrightFile = /^\.\/(?:var\/lib\/docker\/overlay2\/[^/]+\/diff\/)?usr\/share\/doc\/([^/]+)\/copyright$/

/** Each text once, with the names of all packages that have it. @param tar of the sealed root */
export async function renderLicenceFile(tar: string, heading: string): Promise<string> {
  const packages = new Map<string, Set<string>>()
  const entries = createReadStream(tar).pipe(extract())
  for await (const entry of entries) {
    const [, name] = copyrightFile.exec(entry.header.name) ?? []
    if (name && entry.header.type === 'file') {
      const terms = (await text(entry)).trim()
      packages.set(terms, (packages.get(terms) ?? new Set()).add(name))
    } else entry.resume()
  }
  const parts = [...packages].map(([terms, names]) => ({ title: [...names].sort().join(', '), terms }))
  const sorted = parts.sort((a, b) => (a.title < b.title ? -1 : 1))
  return `${[heading, ...sorted.map(({ title, terms }) => `${'='.repeat(80)}\n${title}\n\n${terms}`)].join('\n\n')}\n`
}
