/** Appends lines to the audit log: the chain goes on where it ended, files are ended when they are long, and the oldest go. */
import {
  type Head,
  hashOf,
  headLost,
  isHeadLost,
  type Link,
  noLine,
  parseHead,
  parseLine,
  renderHead,
  renderLine,
} from './chain.ts'
import { type AuditStorage, fileNameOf, firstNumberOf } from './storage.ts'

/** A file is read as a whole, with a pause behind it. */
const fileBytes = 1024 * 1024

export interface Writer {
  readonly last: Link
  /** Resolves when all of them are on disk; after a rejection the same ones must come again, first of all. */
  append(members: readonly object[]): Promise<void>
}

interface Place {
  /** '' when there is none yet. */
  file: string
  bytes: number
  last: Link
}

/** Where the log ends. The piece of a line that a crash left is written over. */
async function findEnd(storage: AuditStorage): Promise<Place> {
  for (const file of (await storage.names()).toReversed()) {
    const text = await storage.read(file)
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    if (whole === '') continue
    const line = whole.slice(whole.lastIndexOf('\n', whole.length - 2) + 1, -1)
    const number = parseLine(line)?.number ?? firstNumberOf(file)
    return { file, bytes: Buffer.byteLength(whole), last: { number, hash: hashOf(line) } }
  }
  return { file: '', bytes: fileBytes, last: noLine }
}

interface Start extends Head {
  /** Why the chain cannot go on where the log ends; absent when it can. */
  loss?: string
}

/** After a loss the chain goes on in a way that does not fit the lines before it, so that the loss is seen for ever. */
function planStart(end: Link, headText: string, oldest: number): Start {
  const head = parseHead(headText)
  const first = head?.first ?? oldest
  if (isHeadLost(headText, end.number))
    return { last: { number: end.number + 1, hash: noLine.hash }, first, loss: `head: ${headLost}` }
  if (!head || head.last.number < end.number || head.last.hash === end.hash) return { last: end, first }
  const loss =
    head.last.number === end.number
      ? `line ${end.number} was changed`
      : `its end was cut: lines ${end.number + 1} to ${head.last.number} are missing`
  return { last: head.last, first, loss }
}

export async function openWriter(storage: AuditStorage, maxFiles: number): Promise<{ writer: Writer; loss?: string }> {
  const end = await findEnd(storage)
  const { loss, ...start } = planStart(end.last, await storage.readHead(), await firstOf(storage))
  let { file, bytes } = end
  let { last, first } = start
  let hasHead = false

  const removeOldest = async (): Promise<void> => {
    const names = await storage.names()
    const old = names.slice(0, Math.max(0, names.length - maxFiles))
    const oldest = names[old.length]
    if (old.length === 0 || oldest === undefined) return
    first = firstNumberOf(oldest)
    await storage.writeHead(renderHead({ last, first }))
    for (const name of old) await storage.remove(name)
  }

  const append = async (members: readonly object[]): Promise<void> => {
    const isFull = bytes >= fileBytes
    const place = isFull ? { file: fileNameOf(last.number + 1), bytes: 0 } : { file, bytes }
    let link = last
    const lines = members.map(each => {
      const rendered = renderLine(each, link)
      link = rendered.link
      return `${rendered.line}\n`
    })
    const text = lines.join('')
    if (!hasHead) await storage.writeHead(renderHead({ last, first }))
    hasHead = true
    await storage.write(place.file, text, place.bytes)
    file = place.file
    bytes = place.bytes + Buffer.byteLength(text)
    last = link
    // A head that stays behind does no harm, and the next write mends it; so with files that stay.
    await storage.writeHead(renderHead({ last, first })).catch(() => undefined)
    if (isFull) await removeOldest().catch(() => undefined)
  }

  return {
    ...(loss !== undefined && { loss }),
    writer: {
      get last() {
        return last
      },
      append,
    },
  }
}

async function firstOf(storage: AuditStorage): Promise<number> {
  const [oldest] = await storage.names()
  return oldest === undefined ? 1 : firstNumberOf(oldest)
}
