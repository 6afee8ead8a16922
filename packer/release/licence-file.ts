/** The licences of everything in the appliance as one file beside it, from the copyright files that are in it. */
import { createReadStream } from 'node:fs'
import { posix } from 'node:path'
import { text } from 'node:stream/consumers'
import { extract } from 'tar-stream'

/** Package, and the text that is installed for it; in the system or in a runtime image of Docker's store. */
const copyrightFile = /^\.\/(?:var\/lib\/docker\/overlay2\/[^/]+\/diff\/)?usr\/share\/doc\/([^/]+)\/copyright$/

/** Packages of one source may have their documents at the first one's place. */
const documentsOf = /^\.\/(?:var\/lib\/docker\/overlay2\/[^/]+\/diff\/)?usr\/share\/doc\/([^/]+)$/

const resolveName = (path: string, target: string): string => `./${posix.join(posix.dirname(path), target)}`

/** Each text once, with the names of all packages that have it. @param tar of the sealed root */
export async function renderLicenceFile(tar: string, heading: string): Promise<string> {
  const packages = new Map<string, Set<string>>()
  const aliases: { name: string; target: string }[] = []
  const termsAt = new Map<string, string>()
  const entries = createReadStream(tar).pipe(extract())
  for await (const entry of entries) {
    const { name: path, type, linkname } = entry.header
    const [, name] = copyrightFile.exec(path) ?? []
    const [, alias] = documentsOf.exec(path) ?? []
    if (alias && type === 'symlink') aliases.push({ name: alias, target: resolveName(path, linkname ?? '') })
    // A text that several packages have may be one file with several names; tar has the first one's content.
    const terms = type === 'file' && name ? (await text(entry)).trim() : termsAt.get(linkname ?? '')
    entry.resume()
    if (!name || terms === undefined) continue
    termsAt.set(path, terms)
    packages.set(terms, (packages.get(terms) ?? new Set()).add(name))
  }
  for (const { name, target } of aliases) packages.get(termsAt.get(`${target}/copyright`) ?? '')?.add(name)
  const parts = [...packages].map(([terms, names]) => ({ title: [...names].sort().join(', '), terms }))
  const sorted = parts.sort((a, b) => (a.title < b.title ? -1 : 1))
  return `${[heading, ...sorted.map(({ title, terms }) => `${'='.repeat(80)}\n${title}\n\n${terms}`)].join('\n\n')}\n`
}
