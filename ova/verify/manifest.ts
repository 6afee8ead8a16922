/** Checks the form of the manifest and that it names every member, itself excepted; gives the digests it promises. */
import { type ManifestEntry, manifestLineForm, parseManifest } from '../manifest.ts'
import { quote, type Report } from './check.ts'
import type { Member } from './tar.ts'

export interface PromisedDigest extends ManifestEntry {
  /** Where the line stands in the manifest. */
  lineOffset: number
}

/** `members` are those which the manifest must name. */
export function checkManifest(text: string, members: Member[], report: Report): PromisedDigest[] {
  const promised = new Map<string, PromisedDigest>()
  for (const { text: line, offset, entry } of parseManifest(text)) {
    if (!entry) {
      report(offset, `line ${quote(line)} has another form`, manifestLineForm)
    } else if (!members.some(({ name }) => name === entry.name)) {
      report(
        offset,
        `${quote(entry.name)} is not in the archive, or is the manifest`,
        'only the descriptor and the disks',
      )
    } else if (promised.has(entry.name)) {
      report(offset, `${quote(entry.name)} is listed twice`, 'every member once')
    } else {
      promised.set(entry.name, { ...entry, lineOffset: offset })
    }
  }
  for (const { name } of members) {
    if (!promised.has(name)) report(text.length, `${quote(name)} is not listed`, `SHA256(${name})= ...`)
  }
  return [...promised.values()]
}
