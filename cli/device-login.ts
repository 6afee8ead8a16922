/** Owns the login by a code that somebody enters in a browser elsewhere. */
import type { Invocation } from './command.ts'
import { ApiFailure, Failure } from './failure.ts'
import { integerOf, isJsonObject, textOf } from './format/json.ts'
import { originOf } from './http/host.ts'

const devicePath = ['v1', 'iam', 'device']
/** Nobody has let it in yet; any other error ends it. */
const waitingCode = '428'

type Part = Pick<Invocation, 'session' | 'io'>

export interface BegunLogin {
  readonly deviceCode: string
  readonly userCode: string
  readonly path: string
  readonly intervalMs: number
}

/** Throws Failure where the server has no such login. */
export async function beginDeviceLogin({ session }: Part): Promise<BegunLogin> {
  const client = await session.client()
  const answer = await client.request({ method: 'POST', path: [...devicePath, 'code'], anonymous: true })
  if (!isJsonObject(answer)) throw new Failure('the server answered nothing to the begin of a login')
  return {
    deviceCode: textOf(answer.deviceCode),
    userCode: textOf(answer.userCode),
    path: textOf(answer.verificationPath),
    intervalMs: Math.max(1, Number(integerOf(answer.interval))) * 1000,
  }
}

/** Undefined: not yet. */
async function askForToken({ session }: Part, deviceCode: string): Promise<string | undefined> {
  const client = await session.client()
  const request = { method: 'POST', path: [...devicePath, 'token'], body: { deviceCode }, anonymous: true } as const
  try {
    const answer = await client.request(request)
    return isJsonObject(answer) ? textOf(answer.token) : ''
  } catch (thrown) {
    if (thrown instanceof ApiFailure && thrown.code === waitingCode) return undefined
    throw thrown
  }
}

/** The token. Throws Failure when it is refused, or nobody allows it in time. */
export async function awaitDeviceLogin(part: Part, begun: BegunLogin, limitMs: number): Promise<string> {
  const { session, io } = part
  const { deviceCode, userCode, path, intervalMs } = begun
  const address = `${originOf(await session.settings())}${path}`
  io.stderr.write(`Open ${address} in a browser on any computer and enter the code ${userCode}\n`)
  for (let waitedMs = 0; !io.interrupted.aborted; waitedMs += intervalMs) {
    if (waitedMs >= limitMs)
      throw new Failure('nobody has entered the code in time: begin again, with a longer --wait-timeout if need be')
    const token = await askForToken(part, deviceCode)
    if (token !== undefined) return token
    await session.pauseFor(intervalMs, 'waiting for the code to be entered')
  }
  throw new Failure('interrupted')
}
