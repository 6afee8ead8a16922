/** Gateways whose APIs let in only who they say. */
import type { ExecutionContext } from 'ava'
import type { AppOptions } from '../../server/app-options.ts'
import { answer } from './fake-execution.ts'
import { type OpenGateway, openGateway } from './gateway.ts'
import { openIssuer } from './issuer.ts'
import { createMovingClock } from './moving-clock.ts'

export const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})
export const bearer = (token: string) => ({ authorization: `Bearer ${token}` })

/** With an API at /dispatch/x whose function answers with its context. */
export async function openApi(
  t: ExecutionContext,
  fields: object,
  options: Partial<AppOptions> = {},
): Promise<OpenGateway> {
  const gateway = await openGateway(t, { f: ({ contextJson }) => answer(contextJson) }, options)
  await gateway.createFunction('f')
  await gateway.createApi({ name: 'a', function: 'f', uris: ['/x'], ...fields })
  return gateway
}

export const putSecret = ({ call }: OpenGateway, method: string, secrets: object) =>
  call(method, method === 'POST' ? '/v1/secret' : '/v1/secret/users', { name: 'users', secrets })

export async function openOidc(t: ExecutionContext, fields: object = {}) {
  const clock = createMovingClock()
  const issuer = await openIssuer(t, clock.nowMs)
  const oidc = { issuer: issuer.url, audience: 'shop', ...fields }
  const gateway = await openApi(t, { authentication: 'oidc', oidc }, { clock })
  const ask = (token: string) => gateway.send('GET', '/dispatch/x', { headers: bearer(token) })
  return { clock, issuer, gateway, ask, statusOf: async (token: string) => (await ask(token)).status }
}
