/** Reads the recorded traffic of the original under test/fixtures/captures: numbered files with requests and answers. */
import { readdirSync, readFileSync } from 'node:fs'

export interface Message {
  startLine: string
  headers: Record<string, string>
  body: string
}

export interface Exchange {
  request: Message & { method: string; url: string }
  answer: Message & { status: number }
}

const directory = new URL('../fixtures/captures/', import.meta.url)

function parseMessage(text: string): Message {
  const normalized = text.replaceAll('\r\n', '\n').trim()
  const [head = '', ...rest] = normalized.split('\n\n')
  const [startLine = '', ...lines] = head.split('\n')
  const headers = Object.fromEntries(
    lines.map(line => [line.split(':', 1)[0]?.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  )
  const raw = rest.join('\n\n').trim()
  const body =
    headers['transfer-encoding'] === 'chunked'
      ? raw
          .replace(/^[0-9a-f]+\n/, '')
          .replace(/\n0$/, '')
          .trim()
      : raw
  return { startLine, headers, body }
}

const numbersOf = (names: string[]): string[] => [...new Set(names.map(name => name.slice(0, 3)))].sort()

/** The numbers of all captures, and of those that have traffic. */
export function listCaptures(): { files: string[]; all: string[]; withTraffic: string[] } {
  const files = readdirSync(directory).filter(name => /^\d{3}-/.test(name))
  return { files, all: numbersOf(files), withTraffic: numbersOf(files.filter(name => name.endsWith('.http'))) }
}

/** All exchanges of the file whose name begins with the number, in order. */
export function loadCapture(number: string): Exchange[] {
  const file = readdirSync(directory).find(name => name.startsWith(`${number}-`) && name.endsWith('.http'))
  if (!file) throw new Error(`no capture ${number}`)
  const parts = readFileSync(new URL(file, directory), 'utf8')
    .split(/^----- conn \d+ (?:client -> server|server -> client) -----$/m)
    .slice(1)
  const messages = parts.map(parseMessage)
  return Array.from({ length: messages.length / 2 }, (_, index) => {
    const [request, answer] = messages.slice(index * 2, index * 2 + 2)
    if (!request || !answer) throw new Error(`capture ${number} is cut`)
    const [method = '', url = ''] = request.startLine.split(' ')
    return {
      request: { ...request, method, url },
      answer: { ...answer, status: Number(answer.startLine.split(' ')[1]) },
    }
  })
}

export const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/
const times = /"(createdTime|modifiedTime|created-time|modified-time|executedTime|finishedTime)":-?\d+/g

/**
 * The parsed body with what differs from run to run made equal: ids, times, and a `finishedTime` that was no time.
 * An empty list and null say the same on this wire: the original gave one before and the other after a reload. The hash of
 * its code, which each function of ours has besides, is left out.
 */
export function comparable(json: string): unknown {
  const settled = json
    .replaceAll(':[]', ':null')
    .replace(/"finishedTime":-\d+,/g, '')
    .replace(/"sourceSha256":"[\da-f]{64}",/g, '')
    .replaceAll(new RegExp(uuid, 'g'), '<uuid>')
  if (settled === '') return ''
  return JSON.parse(settled.replace(times, '"$1":"<time>"'))
}

/** The answer as the original gave it where it did not know when a run had ended; ours says so. */
export const withoutFinishedTime = (json: string): string => json.replace(/"finishedTime":\d+,/g, '')
