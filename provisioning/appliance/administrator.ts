/** The server's first administrator: an organization, a user with a password, and a policy that allows it everything. */
import { messageIn, type ServerClient, type ServerReply } from './server-client.ts'

/** Of the server and of the machine alike. */
export const adminName = 'admin'
const policyName = 'default-policy'

export interface Administrator {
  readonly organization: string
  readonly password: string
}

type Method = 'POST' | 'PUT'

/** Each step finds its own work done when the power was cut behind it. */
export async function createAdministrator(
  server: ServerClient,
  { organization, password }: Administrator,
): Promise<void> {
  await createUnlessThere(server, '/v1/iam/organization', { name: organization })
  const own: ServerClient = { send: (method, path, body) => server.send(method, path, body, organization) }
  const users = '/v1/iam/user'
  const isNew = await createUnlessThere(own, users, { name: adminName, password })
  if (!isNew) await expectDone(own, 'PUT', `${users}/${adminName}`, { name: adminName, password })
  const rules = [{ subjects: [adminName], actions: ['*'], resources: ['*'] }]
  const policy = { name: policyName, global: true, rules }
  if (!(await createUnlessThere(own, '/v1/iam/policy', policy))) await letIn(own, rules)
}

/** Whom an earlier policy of this name lets in stays let in. */
async function letIn(server: ServerClient, rules: readonly object[]): Promise<void> {
  const path = `/v1/iam/policy/${policyName}`
  const found = await server.send('GET', path)
  const { rules: present } = Object.assign({ rules: [] }, found.body)
  const others = Array.isArray(present) ? present.filter(rule => JSON.stringify(rule) !== JSON.stringify(rules[0])) : []
  await expectDone(server, 'PUT', path, { name: policyName, global: true, rules: [...others, ...rules] })
}

/** False when it was there. */
async function createUnlessThere(server: ServerClient, path: string, body: object): Promise<boolean> {
  const reply = await server.send('POST', path, body)
  if (reply.status === 409) return false
  expectSuccess(reply)
  return true
}

async function expectDone(server: ServerClient, method: Method, path: string, body: object): Promise<void> {
  expectSuccess(await server.send(method, path, body))
}

function expectSuccess(reply: ServerReply): void {
  if (reply.status < 200 || reply.status > 299) throw new Error(messageIn(reply))
}
