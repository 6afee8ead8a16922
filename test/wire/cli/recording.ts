/** Reads the recorded runs of the original client under test/fixtures/captures: command, output, and traffic. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { Answer } from './stage.ts'

export interface RecordedRequest {
  readonly method: string
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
  readonly body: string
}

export interface Recording {
  readonly command: string
  readonly stdout: string
  readonly stderr: string
  readonly code: number
  readonly requests: readonly RecordedRequest[]
  readonly answers: readonly Answer[]
}

const directory = new URL('../../fixtures/captures/', import.meta.url)

/** Recorded bodies are of one chunk; its size is not looked at, since paths in them were replaced later. */
const openChunk = (text: string): string =>
  text
    .trim()
    .replace(/^[0-9a-f]+\r?\n/, '')
    .replace(/\s+0$/, '')

function parseMessage(text: string) {
  const [head = '', ...rest] = text.trimStart().split(/\r?\n\r?\n/)
  const [startLine = '', ...lines] = head.split(/\r?\n/)
  const headers = new Map(
    lines.map(line => {
      const [name = '', ...value] = line.split(':')
      return [name.toLowerCase(), value.join(':').trim()] as const
    }),
  )
  const raw = rest.join('\n\n')
  return { startLine, headers, body: headers.has('transfer-encoding') ? openChunk(raw) : raw.trim() }
}

function loadTraffic(file: URL): Pick<Recording, 'requests' | 'answers'> {
  const parts = existsSync(file) ? readFileSync(file, 'utf8').split(/^----- conn .* -----$/m) : []
  const messages = parts.slice(1).map(parseMessage)
  const requests = messages.filter(({ startLine }) => !startLine.startsWith('HTTP/'))
  const answers = messages.filter(({ startLine }) => startLine.startsWith('HTTP/'))
  return {
    requests: requests.map(({ startLine, headers, body }) => {
      const [method = '', url = ''] = startLine.split(' ')
      return { method, url, headers, body }
    }),
    answers: answers.map(({ startLine, body }) => ({ status: Number(startLine.split(' ')[1]), body })),
  }
}

const texts = readdirSync(directory).filter(name => name.endsWith('.txt'))
const numberOf = (name: string): string => name.slice(0, 3)
const read = (name: string): string => readFileSync(new URL(name, directory), 'utf8')

/** The numbers of all recorded runs of the client. */
export const listRecordings = (): string[] =>
  texts
    .filter(name => read(name).startsWith('$ dispatch '))
    .map(numberOf)
    .sort()

export function loadRecording(number: string): Recording {
  const file = texts.find(name => numberOf(name) === number)
  if (file === undefined) throw new Error(`no recording ${number}`)
  const text = read(file)
  const parts = /^\$ dispatch (.*)\n--- stdout\n([\s\S]*?)\n--- stderr\n([\s\S]*?)\n--- exit (\d+)/.exec(text)
  if (parts === null) throw new Error(`${file} is not a recording`)
  const [, command = '', stdout = '', stderr = '', code = ''] = parts
  return {
    command,
    stdout,
    stderr,
    code: Number(code),
    ...loadTraffic(new URL(file.replace('.txt', '.http'), directory)),
  }
}
