/** A server that asks who calls, the command line, and all that both are heard to say. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { createCanary } from '../../helpers/canaries.ts'
import { cleanEnv, runCli, startLiveServer } from '../../helpers/live-server.ts'
import { registryCredentials } from '../../helpers/registry.ts'
import { watchCommandLines } from './command-lines.ts'

const names = [
  'file',
  'literal',
  'env',
  'basic',
  'hook',
  'password',
  'formerPassword',
  'source',
  'setting',
  'data',
] as const
const wrongNames = ['typedName', 'wrongPassword', 'wrongToken', 'wrongBasic', 'wrongPull'] as const

export async function createStage(t: ExecutionContext) {
  const directory = await mkdtemp(join(tmpdir(), 'dispatch-canaries-'))
  const inputs = await mkdtemp(join(tmpdir(), 'dispatch-planted-'))
  for (const made of [directory, inputs]) t.teardown(() => rm(made, { recursive: true, force: true }))
  const lines = watchCommandLines()
  t.teardown(lines.stop)
  const socket = join(directory, 'api.sock')
  const args = ['--debug', '--auth', 'required', '--socket', socket]
  const server = await startLiveServer({ directory, args, env: { TMPDIR: directory } })
  t.teardown(() => server.stop('SIGKILL'))
  const planted = [...names, ...wrongNames].map(name => [name, createCanary(name)] as const)
  const canaries: Record<string, string | Buffer> = {
    pull: registryCredentials.password,
    passwordHash: '$argon2',
    ...Object.fromEntries(planted),
  }
  const textOf = (name: string): string => String(canaries[name])
  const said = new Map<string, string>()
  const env = {
    ...cleanEnv,
    HOME: directory,
    TMPDIR: directory,
    DISPATCH_CONFIG: join(directory, 'cli.json'),
    WORD: textOf('env'),
  }
  /** `@NAME` stands for a canary, which what is said of the command does not hold. */
  const cli = async (line: string, { input = '', exit = 0 } = {}): Promise<string> => {
    const args = line.split(' ').map(word => word.replace(/@(\w+)/, (_, name) => textOf(name)))
    const { code, stdout, stderr } = await runCli(args, env, inputs, input)
    said.set(`${said.size}: dispatch ${line}`, stdout + stderr)
    t.is(code, exit, `${line}: ${stdout}${stderr}`)
    return stdout
  }
  const ask = async (name: string, url: string, init: RequestInit = {}): Promise<number> => {
    const answer = await fetch(url, init)
    said.set(`${said.size}: ${name}`, `${JSON.stringify([...answer.headers])}${await answer.text()}`)
    return answer.status
  }
  const file = (name: string, content: string) => writeFile(join(inputs, name), content)
  return { t, server, directory, inputs, socket, canaries, textOf, said, cli, ask, file, lines }
}

export type Stage = Awaited<ReturnType<typeof createStage>>
