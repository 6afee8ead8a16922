/** What the fault tests share: a live server with its images, functions written on the spot, and what Docker holds of it. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import type { ExecutionContext } from 'ava'
import { pack } from 'tar-stream'
import type { LiveServer } from '../helpers/live-server.ts'
import type { OwnDocker } from '../helpers/own-docker.ts'
import { until } from '../helpers/wait.ts'

export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a parsed answer of any shape, looked into by assertions
  body: any
}

/** Rejects when no whole answer comes. */
export async function ask(server: LiveServer, method: string, path: string, body?: unknown): Promise<Answer> {
  const headers = { cookie: 'cookie', 'x-dispatch-org': 'dispatch', 'content-type': 'application/json' }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${server.url}/v1/${path}`, { method, headers, ...sent })
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

export const reach = (server: LiveServer, path: string, status: string): Promise<Answer> =>
  until(`${path} is ${status}`, async () => {
    const answer = await ask(server, 'GET', path)
    return answer.body.status === status && answer
  })

export const execute = (server: LiveServer, name: string, input: unknown = {}): Promise<Answer> =>
  ask(server, 'POST', `runs?functionName=${name}`, { blocking: true, input })

export async function temporaryDir(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-faults-'))
  t.teardown(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Both offline languages. */
export async function seed(server: LiveServer): Promise<void> {
  for (const language of ['python3', 'nodejs']) {
    const dockerUrl = `dispatchframework/${language}-base:0.0.1`
    await ask(server, 'POST', 'baseimage', { name: `${language}-base`, dockerUrl, language })
    await ask(server, 'POST', 'image', { name: language, baseImageName: `${language}-base` })
    await reach(server, `image/${language}`, 'READY')
  }
}

const fileNames: Record<string, string> = { python3: 'handler.py', nodejs: 'handler.js' }

export async function archiveOf(image: string, code: string): Promise<string> {
  const tar = pack()
  tar.entry({ name: fileNames[image] ?? image }, code)
  tar.finalize()
  return gzipSync(await buffer(tar)).toString('base64')
}

export interface NewFunction {
  name: string
  image: string
  code: string
  timeout?: number
}

export async function createFunction(server: LiveServer, { code, ...fields }: NewFunction): Promise<void> {
  const handler = fields.image === 'python3' ? 'handler.handle' : './handler.js'
  const source = await archiveOf(fields.image, code)
  await ask(server, 'POST', 'function', { ...fields, handler, source })
  await reach(server, `function/${fields.name}`, 'READY')
}

/** The ids of the containers that belong to the server of this data directory. */
export async function containersOf({ docker }: OwnDocker, dataDir: string): Promise<string[]> {
  const instance = (await readFile(join(dataDir, 'instance-id'), 'utf8')).trim()
  const listed = await docker(
    'ps',
    '-aq',
    '--no-trunc',
    '--filter',
    `label=io.dispatchframework.solo.instance=${instance}`,
  )
  return listed.split('\n').filter(Boolean)
}

const codeDir = '{{range .Mounts}}{{if eq .Destination "/function"}}{{.Source}}{{end}}{{end}}'

/** The image of the function whose code is in the container; undefined: it waits in its pool, or has just gone. */
export async function imageOfCodeIn({ docker }: OwnDocker, id: string): Promise<string | undefined> {
  const listed = docker('inspect', '--format', codeDir, id).then(directory => readdir(directory.trim()))
  const files = await listed.catch((): string[] => [])
  return Object.entries(fileNames).find(([, name]) => files.includes(name))?.[0]
}

/** Nothing of the server's is in Docker but one container for each directory that it holds. */
export const reachCleanDocker = (own: OwnDocker, dataDir: string): Promise<true> =>
  until('Docker holds the containers that the server knows, and no other', async () => {
    const present = await containersOf(own, dataDir)
    const running = (await own.docker('ps', '-q')).split('\n').filter(Boolean)
    const known = await readdir(join(dataDir, 'containers'))
    return present.length === known.length && running.length === known.length
  })
